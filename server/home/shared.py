"""A fact that statements of several kinds tell alike."""

from uuid import UUID

from server.battles import queries as battles
from server.kit import i18n
from server.kit.i18n import _
from server.ledger.words import Fact


async def battle_fact(battle_id: UUID) -> Fact:
    """Return the battle that an entry belongs to."""
    one = await battles.battle(battle_id)
    words = (await battles.rule_of(one)).title.in_locale(i18n.locale())
    return Fact(_("battle"), words, f"/battles/{battle_id}" + ("/result" if one.is_over else ""))
