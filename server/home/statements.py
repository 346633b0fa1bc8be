"""The statement in words: each kind of entry is told by the slice that posted it (C9, G2)."""

from typing import Any, Final, Protocol, cast
from uuid import UUID

from server.challenges import statements as challenges
from server.commissions import statements as commissions
from server.home import points, pots
from server.honours import statements as honours
from server.kit import formats, i18n
from server.kit.i18n import _
from server.ledger.queries import Line
from server.ledger.words import Fact, plan_fact
from server.referrals import statements as referrals
from server.rewards import statements as rewards
from server.settlements import statements as settlements
from server.specials import statements as specials


class Teller(Protocol):
    """What a slice's `statements.py` has."""

    KINDS: frozenset[str]

    async def cause(self, line: Line) -> str:
        """Return why, in one line."""
        ...

    async def facts(self, line: Line, zone: str) -> list[Fact]:
        """Return everything that made the line what it is."""
        ...


TELLERS: Final = {
    kind: cast("Teller", module)
    for module in (
        points,
        pots,
        rewards,
        challenges,
        referrals,
        honours,
        commissions,
        settlements,
        specials,
    )
    for kind in module.KINDS
}


def title(line: Line) -> str:
    """Return what a line is called: its kind of action, or what moved."""
    moved = pots.TITLES.get(line.kind)
    return str(moved) if moved else i18n.text(line.facts.get("title")) or _("Entry")


async def cause(line: Line) -> str:
    """Return why, in one line under the title."""
    teller = TELLERS.get(line.kind)
    return await teller.cause(line) if teller else str(line.facts.get("reason") or "")


async def facts(line: Line, zone: str) -> list[Fact]:
    """Return what made a line what it is, only what applies, always in the same order."""
    teller = TELLERS.get(line.kind)
    found = await teller.facts(line, zone) if teller else await _of_any(line)
    return [each for each in found if each.value]


async def _of_any(line: Line) -> list[Fact]:
    """Return what every transfer may say of itself."""
    reason = str(line.facts.get("reason") or "")
    return [
        await plan_fact(line.facts),
        Fact(_("reason"), reason),
        Fact(_("done by"), line.actor_name or ""),
    ]


async def arithmetic(line: Line, person: UUID) -> list[Fact]:
    """Return how a sum came about step by step, the result last; nothing to show is nothing."""
    count = getattr(TELLERS.get(line.kind), "arithmetic", None)
    steps: list[Fact] = await count(line, person) if count else []
    total = Fact(_("together"), formats.change(line.amount, line.asset))
    return [*steps, total] if steps else []


async def row(line: Line) -> dict[str, Any]:
    """Return a line as the lists of the wallet want it."""
    return {
        "id": line.transfer,
        "title": title(line),
        "amount": line.amount,
        "asset": line.asset,
        "cause": await cause(line),
        "when": line.at,
    }
