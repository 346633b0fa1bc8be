"""What referrals give, in words: a coupon in three of them, several joined."""

from collections.abc import Sequence
from typing import Final

from game.coupon_terms import CouponRule
from game.plan import Plan
from game.referrals import Why
from server.kit import formats, i18n
from server.kit.i18n import Lazy, _, lazy, ngettext
from server.plans.words import as_builtins

WHY: Final[dict[Why, Lazy]] = {
    "undone": lazy("the order was undone at the till"),
    "refunded": lazy("the order was refunded"),
}
PARTNER_TYPES: Final = {
    "ally": lazy("ally of another trade"),
    "dealer": lazy("dealer"),
    "koc": lazy("KOC"),
}


def coupon(rule: CouponRule) -> str:
    """Name a coupon by what it gives: ¥200 coupon, one welcome pack."""
    if rule.kind == "amount":
        return _("%(sum)s coupon", sum=formats.money(rule.value))
    return i18n.text(as_builtins(rule.gives or rule.title))


def gains(plan: Plan, coupons: Sequence[str], points: int) -> list[str]:
    """Name what somebody gets; the same coupon twice is named once with its count."""
    said = []
    for name in dict.fromkeys(coupons):
        times = coupons.count(name)
        word = coupon(plan.coupons[name])
        said.append(word if times == 1 else f"{word} × {times}")
    return [
        *said,
        *([ngettext("%(n)s Leitai point", "%(n)s Leitai points", points)] if points else []),
    ]


def gain(plan: Plan, coupons: Sequence[str], points: int) -> dict[str, str]:
    """Name what somebody gets in every language, for news that is read later."""
    return i18n.in_all(lambda: joined(gains(plan, coupons, points)))


def joined(words: Sequence[str]) -> str:
    """Join names as the language does: 、 in Chinese."""
    return (", " if i18n.locale() == "en" else "、").join(words)


def why(kind: Why, reason: str) -> dict[str, str] | str:
    """Say why something was taken back: what somebody wrote, else what happened."""
    return reason or i18n.in_each(WHY[kind])
