"""Statements of challenges: shares of a team's bonus (C9, E8)."""

from typing import Final
from uuid import UUID

from server.kit import formats
from server.kit.i18n import _
from server.ledger.queries import Line
from server.ledger.words import Fact, plan_fact

KINDS: Final = frozenset({"bonus"})


async def cause(line: Line) -> str:
    """Return how the challenge ended."""
    done, total = line.facts["done"], line.facts["total"]
    return _("%(done)s of %(total)s steps, reached together", done=done, total=total)


async def facts(line: Line, _zone: str) -> list[Fact]:
    """Return the challenge, its rule, and what a later strike would do."""
    return [
        Fact(_("challenge"), await cause(line), f"/challenges/{line.facts['challenge']}"),
        await plan_fact(line.facts),
        Fact(
            _("if an action is struck later"),
            _("its own points go back, the shared bonus stays as it was paid"),
        ),
    ]


async def arithmetic(line: Line, person: UUID) -> list[Fact]:
    """Return how a share came about: pool × my points / everybody's, exact to the last unit."""
    points: dict[str, int] = line.facts["points"]
    pool = Fact(_("bonus of the team"), formats.amount(line.facts["pool"], line.asset))
    whole = sum(points.values())
    if line.facts["share"] == "by_points" and whole:
        mine = points.get(str(person), 0)
        return [pool, Fact(_("my points of all"), f"× {mine} / {whole}")]
    return [pool, Fact(_("people who helped"), f"÷ {len(points)}")]
