"""Statements of battles: stakes, what came back, and shares of pots."""

from typing import Final
from uuid import UUID

from server.battles import queries as battles
from server.battles.results import shares
from server.home.shared import battle_fact
from server.kit import formats, i18n
from server.kit.i18n import Lazy, _, lazy
from server.ledger.queries import Line
from server.ledger.words import Fact, plan_fact

TITLES: Final[dict[str, Lazy]] = {
    "stake": lazy("Stake"),
    "stake_back": lazy("Stake back"),
    "void": lazy("Stake back"),
    "payout": lazy("Share of the pot"),
}
KINDS: Final = frozenset(TITLES)


async def cause(line: Line) -> str:
    """Return the battle's name."""
    return i18n.text(line.facts.get("title"))


async def facts(line: Line, _zone: str) -> list[Fact]:
    """Return plan, battle, and who settled it."""
    found = [await plan_fact(line.facts), await battle_fact(UUID(line.facts["battle"]))]
    if line.kind == "payout" and line.actor_name:
        found.append(Fact(_("settled by"), line.actor_name))
    return found


async def arithmetic(line: Line, person: UUID) -> list[Fact]:
    """Return how a share of the pot came about, step by step."""
    if line.kind != "payout":
        return []
    one = await battles.battle(UUID(line.facts["battle"]))
    if one.result is None:
        return []
    found = shares(one.result, await battles.roster(one.id))
    mine = next(each for each in found if each.member.person == person)
    pot = formats.amount(line.facts["pot"], line.asset)
    part = Fact(_("part of %(side)s", side=mine.member.side), formats.amount(mine.part, line.asset))
    weight = {
        "by_points": Fact(_("my points of the side's"), f"× {mine.weight} / {mine.whole}"),
        "by_stake": Fact(_("my stake of the side's"), f"× {mine.weight} / {mine.whole}"),
        "equal": Fact(_("members"), f"÷ {mine.whole}"),
    }
    return [Fact(_("pot"), pot), part, weight[mine.by]]
