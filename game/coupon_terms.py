"""What a plan says of coupons (H2 to H6), and how it is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

import msgspec

from game.faults import MISSING, Reader, _, key_path
from game.plan_pieces import Title, read_title

CouponKind = Literal["amount", "percent", "gift", "service", "fee"]
KINDS: tuple[CouponKind, ...] = ("amount", "percent", "gift", "service", "fee")

AMOUNT_MAX = 1_000_000_000
"""分; no coupon and no order of a store is larger than ten million yuan."""
MONTHS_MAX = 120
VALID_DAYS_MAX = 3_660
RATE_PARTS_MAX = 10_000

_RATE = re.compile(r"([0-9]{1,5})/([0-9]{1,5})")
# Which keys say what a kind gives, and which of them it can do without.
_KEYS_OF: Mapping[CouponKind, tuple[str, ...]] = {
    "amount": ("value",),
    "percent": ("rate",),
    "gift": ("gives",),
    "service": ("gives",),
    "fee": ("rate", "months"),
}
_CAPPED = ("percent", "fee")
_COMMON_KEYS = (
    *("title", "kind", "first_order_only", "least_order", "valid_days", "stores"),
)  # fmt: skip
_KEYS = (*_COMMON_KEYS, "value", "rate", "gives", "months", "most_off")


class CouponRule(msgspec.Struct, frozen=True):
    """The rule of a kind of coupon: what it gives, to whom, until when.

    `kind` is `amount` (`value` 分 off), `percent` (pay `rate` of the order: 9折 is 9/10), `gift` or
    `service` (`gives` is handed over, nothing comes off), `fee` (pay `rate` of the service fee
    for `months`; 0 waives it).
    """

    title: Title
    kind: CouponKind
    value: int
    rate: Fraction
    gives: Title | None
    months: int
    most_off: int | None
    """分 that come off at most; None: as many as there are."""
    first_order_only: bool
    least_order: int
    """分 that the order must come to."""
    valid_days: int
    """Days after the day of issue; good to the end of the last one, in the plan's zone."""
    stores: tuple[str, ...]
    """Paths of units in which it is good; empty: in every store."""


def read_coupons(reader: Reader, value: object) -> dict[str, CouponRule]:
    """Return the coupons of a plan by their ids."""
    return {
        name: _coupon(reader, entry, key_path("coupons", name))
        for name, entry in reader.table(value, "coupons").items()
    }


def _coupon(reader: Reader, value: object, path: str) -> CouponRule:
    table = reader.table(value, path, _KEYS)
    kind = reader.one_of(table.get("kind", MISSING), f"{path}.kind", KINDS)
    if table.get("kind") in KINDS:
        _only_keys_of(reader, table, path, kind)
    wanted = _KEYS_OF[kind]
    return CouponRule(
        title=read_title(reader, table.get("title", MISSING), f"{path}.title"),
        kind=kind,
        value=_amount(reader, table, path, "value", least=1) if "value" in wanted else 0,
        rate=_rate(reader, table.get("rate", MISSING), f"{path}.rate")
        if "rate" in wanted
        else Fraction(1),
        gives=read_title(reader, table.get("gives", MISSING), f"{path}.gives")
        if "gives" in wanted
        else None,
        months=reader.whole(
            table.get("months", MISSING), f"{path}.months", least=1, most=MONTHS_MAX
        )
        if "months" in wanted
        else 0,
        most_off=_amount(reader, table, path, "most_off", least=1)
        if "most_off" in table and kind in _CAPPED
        else None,
        first_order_only=_flag(reader, table.get("first_order_only", False), path),
        least_order=_amount(reader, {"least_order": 0} | table, path, "least_order"),
        valid_days=reader.whole(
            table.get("valid_days", MISSING), f"{path}.valid_days", least=1, most=VALID_DAYS_MAX
        ),
        stores=reader.names(table["stores"], f"{path}.stores") if "stores" in table else (),
    )


def _only_keys_of(reader: Reader, table: Mapping[str, object], path: str, kind: CouponKind) -> None:
    fitting = {*_COMMON_KEYS, *_KEYS_OF[kind]} | ({"most_off"} if kind in _CAPPED else set())
    for key in _KEYS:
        if key in table and key not in fitting:
            sentence = _('no such key for a coupon of the kind "%(kind)s"')
            reader.fault(f"{path}.{key}", sentence, table[key], kind=kind)


def _amount(
    reader: Reader, table: Mapping[str, object], path: str, key: str, least: int = 0
) -> int:
    given = table.get(key, MISSING)
    return reader.whole(given, f"{path}.{key}", least=least, most=AMOUNT_MAX)


def _rate(reader: Reader, value: object, path: str) -> Fraction:
    """Return what is still paid: "p/q" with 0 ≤ p < q; "9/10" is 9折."""
    ratio = _RATE.fullmatch(value) if isinstance(value, str) else None
    if ratio is None or not int(ratio[1]) < int(ratio[2]) <= RATE_PARTS_MAX:
        reader.fault(path, _('"p/q" below 1, such as "9/10" for a tenth off'), value)
        return Fraction(1)
    return Fraction(int(ratio[1]), int(ratio[2]))


def _flag(reader: Reader, value: object, path: str) -> bool:
    if not isinstance(value, bool):
        reader.fault(f"{path}.first_order_only", _("true or false"), value)
        return False
    return value
