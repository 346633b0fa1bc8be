"""Badges in words: tiers, how much is counted, why one was taken back."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from game.badge_terms import BadgeRule, By, Tier
from server.kit import formats, i18n
from server.kit.i18n import Lazy, lazy, ngettext

TIERS: Final[Mapping[Tier, Lazy]] = {
    "bronze": lazy("bronze"),
    "silver": lazy("silver"),
    "gold": lazy("gold"),
}
BACK: Final = lazy("an earlier action with this customer counts again")
PASSED: Final = lazy("an earlier one of somebody else counts again")
REVERSED: Final[Mapping[str, Lazy]] = {
    "undone": lazy("the order was undone"),
    "refunded": lazy("the order was refunded"),
}
NAMED: Final = lazy("%(badge)s (%(tier)s)")
GONE: Final = lazy("what it rested on no longer counts")

_COUNTS: Final[Mapping[By, Callable[[int], str]]] = {
    "actions": lambda n: ngettext("%(n)s time", "%(n)s times", n),
    "points": lambda n: ngettext("%(n)s point", "%(n)s points", n),
    "kinds": lambda n: ngettext("%(n)s kind", "%(n)s kinds", n),
    "first": lambda n: ngettext("the first once", "the first %(n)s times", n),
    "battles_won": lambda n: ngettext("%(n)s battle won", "%(n)s battles won", n),
    "challenges_finished": lambda n: ngettext("%(n)s challenge", "%(n)s challenges", n),
    "referrals_rewarded": lambda n: ngettext("%(n)s referral", "%(n)s referrals", n),
    "rewards_redeemed": lambda n: ngettext("%(n)s reward", "%(n)s rewards", n),
}


def count(rule: BadgeRule, n: int) -> str:
    """Say how much of what a rule counts: 10 times, 5 days in a row."""
    if rule.by != "streak":
        return _COUNTS[rule.by](n)
    if rule.per == "week":
        return ngettext("%(n)s week in a row", "%(n)s weeks in a row", n)
    return ngettext("%(n)s day in a row", "%(n)s days in a row", n)


def have_of(progress_have: int, needed: int) -> str:
    """Write how far it is: 8 / 10; never more than what is needed."""
    return f"{formats.number(min(progress_have, needed))} / {formats.number(needed)}"


def tier(name: Tier) -> dict[str, str]:
    """Return what a tier is called, by locale."""
    return i18n.in_each(TIERS[name])


def join_in_all(names: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Write names in a row, by locale."""
    return {
        locale: (", " if locale == "en" else "、").join(each[locale] for each in names)
        for locale in i18n.LOCALES
    }
