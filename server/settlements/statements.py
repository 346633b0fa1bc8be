"""Payments in the wallet: which statement they paid (C9, G7)."""

from typing import Final

from game.settlements import PAYMENT
from server.kit import formats, i18n
from server.kit.i18n import _
from server.ledger.queries import Line
from server.ledger.words import Fact

KINDS: Final = frozenset({PAYMENT})


async def cause(line: Line) -> str:
    """Return why, in one line under the title."""
    return i18n.text(line.facts["period"])


async def facts(line: Line, zone: str) -> list[Fact]:
    """Return what made the line what it is."""
    told = line.facts
    return [
        Fact(_("statement"), i18n.text(told["period"]), f"/statements/{told['statement']}"),
        Fact(_("paid by"), line.actor_name or ""),
        Fact(_("on"), formats.exact(line.at, zone)),
    ]
