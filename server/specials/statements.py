"""Statements of special contributions: for what, and by which two people (C7)."""

from uuid import UUID

from server.kit.i18n import _
from server.ledger.queries import Line
from server.ledger.words import Fact, plan_fact
from server.people import queries as people

KINDS = frozenset({"special", "special_back"})


async def cause(line: Line) -> str:
    """Return for what points were given, or why they were taken back."""
    if line.kind == "special_back":
        return _("taken back: %(reason)s", reason=line.facts["why"])
    return str(line.facts["reason"])


async def facts(line: Line, zone: str) -> list[Fact]:
    """Return the reason, who proposed it and who confirmed it."""
    del zone
    proposer = await people.person(UUID(line.facts["proposed_by"]))
    confirmed = _("taken back by") if line.kind == "special_back" else _("confirmed by")
    return [
        await plan_fact(line.facts),
        Fact(_("for"), line.facts["reason"]),
        Fact(_("reason"), line.facts.get("why", "")),
        Fact(_("proposed by"), proposer.name),
        Fact(confirmed, line.actor_name or ""),
    ]
