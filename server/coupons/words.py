"""What a coupon says of itself: its figure, its terms, where it comes from, until when."""

import re
import unicodedata
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton

from game.coupon_terms import CouponRule
from game.errors import RuleViolation
from server.config import settings
from server.coupons.counter import LAST
from server.coupons.queries import Coupon
from server.kit import formats, i18n
from server.kit.i18n import Lazy, _, lazy, ngettext
from server.plans.words import as_builtins

SOURCES: Final[dict[str, Lazy]] = {
    "friend": lazy("For new customers"),
    "referrer": lazy("For inviting a friend"),
    "ladder": lazy("For friends you brought"),
    "exclusive": lazy("For you"),
    "reward": lazy("Redeemed with points"),
    "gift": lazy("A present"),
}
_YUAN: Final = re.compile(r"[¥￥]?(\d{1,8})(?:\.(\d{1,2}))?元?")


def cents_of(typed: str) -> int:
    """Return a sum typed in yuan in 分: "1280", "1,280.50"; refused as `amount_unreadable`."""
    text = re.sub(r"[\s,]", "", unicodedata.normalize("NFKC", typed))
    found = _YUAN.fullmatch(text)
    if found is None:
        raise RuleViolation("amount_unreadable")
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def figure(rule: CouponRule) -> dict[str, str]:
    """Return the one big thing on a ticket: {before, number, after}, or words as its number."""
    if rule.kind == "amount":
        return _figure("¥", formats.money(rule.value).removeprefix("¥"), "")
    if rule.gives is not None:
        return _figure("", i18n.text(as_builtins(rule.gives)), "", is_words=True)
    if rule.rate == 0:
        return _figure("", _("Free"), "", is_words=True)
    off = _("% off")
    number = _plain(100 * (1 - rule.rate)) if i18n.locale() == "en" else _plain(10 * rule.rate)
    return _figure("", number, off)


def _figure(before: str, number: str, after: str, *, is_words: bool = False) -> dict[str, Any]:
    return {"before": before, "number": number, "after": after, "is_words": is_words}


def _plain(value: Fraction) -> str:
    return f"{float(value):.2f}".rstrip("0").rstrip(".")


def terms(rule: CouponRule) -> list[str]:
    """Return the conditions of a coupon, each in a few words; none is no condition."""
    said = []
    if rule.kind == "fee":
        said.append(
            ngettext(
                "on the service fee of %(n)s month",
                "on the service fee of %(n)s months",
                rule.months,
            )
        )
    if rule.first_order_only:
        said.append(_("first order only"))
    if rule.least_order:
        said.append(_("orders from %(sum)s", sum=formats.money(rule.least_order)))
    if rule.most_off is not None:
        said.append(_("%(sum)s off at most", sum=formats.money(rule.most_off)))
    return said


def where(one: Coupon, rule: CouponRule) -> str:
    """Return in which stores a coupon is good."""
    if one.store_name:
        return one.store_name
    names = [path.rpartition("/")[2] for path in rule.stores]
    return _(", ").join(names) if names else _("any store")


def source(one: Coupon) -> str:
    """Return where a coupon comes from: who is thanked, else what it is for."""
    if one.giver and one.source == "friend":
        return _("%(name)s invites you", name=one.giver)
    return _("From %(name)s", name=one.giver) if one.giver else str(SOURCES[one.source])


def last_day(expires_at: datetime, now: datetime) -> str:
    """Return the last day of a coupon: 12 月 31 日, with its year when that is another one."""
    zone = ZoneInfo(settings().company_timezone)
    last: date = (expires_at - LAST).astimezone(zone).date()
    skeleton = "MMMd" if last.year == now.astimezone(zone).year else "yMMMd"
    return format_skeleton(skeleton, last, locale=i18n.locale())
