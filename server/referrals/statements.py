"""The wallet's entries that referrals post: points for a deal, and taken back with it (C9, G9)."""

from server.kit.i18n import _
from server.ledger.queries import Line
from server.ledger.words import Fact, plan_fact
from server.referrals import news, words
from server.referrals.rewards import BACK, REWARD

KINDS = frozenset({REWARD, BACK})


async def cause(line: Line) -> str:
    """Say whose deal brought the points, or took them back."""
    friend = line.facts["friend"]
    if line.kind == REWARD:
        return _("%(friend)s came through you", friend=friend)
    return _("%(friend)s: %(why)s", friend=friend, why=words.WHY[line.facts["why"]])


async def facts(line: Line, zone: str) -> list[Fact]:
    """Return the friend, the plan, and why points were taken back."""
    del zone
    told = line.facts
    return [
        Fact(_("friend"), told["friend"], news.page_of(told["plan"], told["campaign"])),
        await plan_fact(told),
        Fact(_("reason"), told.get("reason", "")),
        Fact(_("done by"), line.actor_name or ""),
    ]
