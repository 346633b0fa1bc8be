"""Honours in words: periods, figures, rewards, names of people from outside."""

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final
from uuid import UUID

from game.honour_terms import HonourReward, HonourRule
from server.kit import formats, i18n
from server.kit.i18n import Lazy, _, lazy, ngettext
from server.people import queries as people
from server.plans.words import as_builtins

TIES: Final[dict[str, Lazy]] = {
    "share": lazy("Everybody who is equal at the last place wins too."),
    "first_to_reach": lazy("Of equals, whoever got there first wins."),
}
BY: Final[dict[str, Lazy]] = {
    "rule": lazy("found by what everybody did"),
    "vote": lazy("nominated and voted for by colleagues"),
    "decision": lazy("nominated by colleagues"),
}
NUMERALS: Final = "一二三四五六七八九十"
SALUTATIONS: Final = ("女士", "先生", "小姐", "太太", "老师", "老師")


def title(rule: HonourRule) -> dict[str, str]:
    """Return what an honour is called, by locale."""
    return as_builtins(rule.title)


def period(rule: HonourRule, starts: datetime) -> str:
    """Write a period: 2026 年 11 月, 2026 年第 4 季度, 2026 年."""
    # Whatever the zone: ten days later it is the same month, quarter and year everywhere.
    first = starts + timedelta(days=10)
    if rule.period == "month":
        return formats.month(first)
    if rule.period == "quarter":
        return _("%(year)s, quarter %(n)s", year=first.year, n=(first.month + 2) // 3)
    return _("the year %(year)s", year=first.year)


def period_facts(rule: HonourRule, starts: datetime) -> dict[str, str]:
    """Return a period in every language."""
    return i18n.in_all(lambda: period(rule, starts))


def figure(rule: HonourRule, score: Fraction | str) -> dict[str, str]:
    """Return what somebody has as a large figure and what it counts: 126, 分."""
    shown, n = formats.score(score), int(Fraction(score))
    if rule.by == "decision":
        return {"shown": "", "unit": ""}
    if rule.by == "vote":
        unit = ngettext("vote", "votes", n)
    elif rule.who == "team":
        unit = _("per head")
    elif rule.metric is not None and rule.metric.of == "points":
        unit = ngettext("point", "points", n)
    elif rule.metric is not None and rule.metric.of == "actions":
        unit = ngettext("time", "times", n)
    else:
        unit = ngettext("friend brought", "friends brought", n)
    return {"shown": shown, "unit": unit}


def reward(terms: HonourReward | None, who: str) -> str:
    """Say what comes with a title, "" where nothing does."""
    if terms is None:
        return ""
    what = amount(terms.amount, terms.asset)
    return _("team fund %(what)s", what=what) if who == "team" else what


def amount(value: int, asset: str) -> str:
    """Write a sum of an asset: 100 分, 20 职业积分, ¥3,000."""
    return formats.amount(value, asset)


async def shown_name(kind: str, name: str, person: UUID, *, agreed: bool) -> str:
    """Return how somebody may be named to others; who is from outside stays masked until they agree."""
    if agreed or kind in {"employee", "team"}:
        return name
    for salutation in SALUTATIONS:
        if name.endswith(salutation) and len(name) > len(salutation):
            return name[0] + salutation
    return await people.masked_phone(person) or f"{name[:1]}**"


def nth(rank: int) -> str:
    """Write a rank on a notice: 一 to 十 in Chinese, figures elsewhere."""
    is_numeral = i18n.locale() != "en" and rank <= len(NUMERALS)
    return NUMERALS[rank - 1] if is_numeral else str(rank)
