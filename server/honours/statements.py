"""Honours in the statement: what came with a title, and why it was taken back (C9, G9)."""

from typing import Final

from server.honours import words
from server.kit import formats, i18n
from server.kit.i18n import _, ngettext
from server.ledger.queries import Line
from server.ledger.words import Fact, plan_fact

KINDS: Final = frozenset({"honour", "honour_back", "career", "career_back"})


async def cause(line: Line) -> str:
    """Return why, in one line under the title."""
    when = i18n.text(line.facts["period"])
    if line.reverses:
        return _("%(period)s, taken back: %(reason)s", period=when, reason=line.facts["reason"])
    return _("%(period)s, awarded by %(name)s", period=when, name=line.actor_name or "")


async def facts(line: Line, zone: str) -> list[Fact]:
    """Return what made the line what it is."""
    told = line.facts
    by = _("taken back by") if line.reverses else _("awarded by")
    return [
        Fact(_("title"), i18n.text(told["title"]), f"/honours/{told['round']}"),
        Fact(_("period"), i18n.text(told["period"])),
        await plan_fact(told),
        *_fund(line),
        Fact(by, line.actor_name or ""),
        Fact(_("reason"), told["reason"]),
        Fact(_("on"), formats.exact(line.at, zone)),
    ]


def _fund(line: Line) -> list[Fact]:
    """Say how a team's fund was shared."""
    told = line.facts
    if told["who"] != "team" or line.reverses:
        return []
    fund = words.amount(told["fund"], line.asset)
    shared = ngettext(
        "%(sum)s for %(n)s person",
        "%(sum)s in equal parts for %(n)s people",
        told["members"],
        sum=fund,
    )
    return [Fact(_("team fund"), shared)]
