"""The wallet's entries that commissions post: given for a deal, and taken back with it (C9, G9)."""

from uuid import UUID

from server.commissions import telling, words
from server.commissions.accruals import BACK, PAID
from server.kit import formats
from server.kit.i18n import _
from server.ledger.queries import Line
from server.ledger.words import Fact, plan_fact

KINDS = frozenset({PAID, BACK})


async def cause(line: Line) -> str:
    """Say which deal it was, and why it moved where that is not plain."""
    deal = _("deal of %(sum)s", sum=formats.money(line.facts["base"]))
    if line.facts["why"] == "counted":
        return deal
    return f"{deal} · {words.WHY[line.facts['why']]}"


async def facts(line: Line, zone: str) -> list[Fact]:
    """Return the deal, the plan, and why something was taken back."""
    del zone
    told = line.facts
    sum_ = formats.money(told["base"])
    return [
        Fact(_("deal"), sum_, telling.href_of(UUID(told["accrual"]))),
        await plan_fact(told),
        Fact(_("reason"), told["reason"]),
        Fact(_("done by"), line.actor_name or ""),
    ]


async def arithmetic(line: Line, person: UUID) -> list[Fact]:
    """Return the rates that a commission came from, and what was given for the deal before."""
    del person
    if line.kind == BACK:
        return []
    had = line.facts["had"]
    steps = words.steps(line.facts, line.amount + had)
    return [*steps, Fact(_("given before"), formats.money(-had))] if had else steps
