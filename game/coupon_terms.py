"""What a plan says of coupons (H2 to H6), and how it is read."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from game.faults import MISSING, Reader, key_path
from game.plan_pieces import Title, read_title


class CouponRule(msgspec.Struct, frozen=True):
    """The rule of a kind of coupon: what it gives, to whom, until when."""

    title: Title


def read_coupons(reader: Reader, value: object) -> dict[str, CouponRule]:
    """Return the coupons of a plan by their ids."""
    return {
        name: _coupon(reader, entry, key_path("coupons", name))
        for name, entry in reader.table(value, "coupons").items()
    }


def _coupon(reader: Reader, value: object, path: str) -> CouponRule:
    table: Mapping[str, object] = reader.table(value, path, ("title",))
    return CouponRule(title=read_title(reader, table.get("title", MISSING), f"{path}.title"))
