"""Facts that statements of several kinds tell alike."""

from typing import Any
from uuid import UUID

from server.battles import queries as battles
from server.kit import i18n
from server.kit.i18n import _
from server.ledger.words import Fact


def plan_fact(told: dict[str, Any]) -> Fact:
    """Return the plan and version that an entry was made under; empty where it names none."""
    plan, version = told.get("plan"), told.get("version")
    if plan is None or version is None:
        return Fact(_("plan"), "")
    words = _("%(plan)s, version %(n)s", plan=plan, n=version)
    return Fact(_("plan"), words, f"/plans/{plan}?version={version}")


async def battle_fact(battle_id: UUID) -> Fact:
    """Return the battle that an entry belongs to."""
    one = await battles.battle(battle_id)
    words = (await battles.rule_of(one)).title.in_locale(i18n.locale())
    return Fact(_("battle"), words, f"/battles/{battle_id}" + ("/result" if one.is_over else ""))
