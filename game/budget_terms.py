"""What a plan says of its budget (G11), and how it is read."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import msgspec

from game.commission_terms import read_share
from game.faults import MISSING, Reader, _, key_path

CAP_MAX = 10_000_000_000_000
"""分; no campaign may cost more than a hundred billion yuan."""
POINT_VALUE_MAX = 1_000_000

_KEYS = ("campaign", "each_store", "stores", "warn_at", "cost_share", "point_value")


class BudgetTerms(msgspec.Struct, frozen=True):
    """Caps of the campaign and of its stores in 分 (None: no cap), and when to warn."""

    campaign: int | None
    each_store: int | None
    """The cap of a store that `stores` doesn't name."""
    stores: dict[str, int]
    """By the path of the store's unit."""
    warn_at: Fraction
    """The share of a cap from which people are told."""
    cost_share: Fraction | None
    """The most that marketing may cost for each yuan of income; watched, never refused."""
    point_value: int
    """分 that a point is worth, as the company reckons what it owes."""

    def store_cap(self, path: str) -> int | None:
        """Return the cap of a store by the path of its unit."""
        return self.stores.get(path, self.each_store)


def read_budgets(reader: Reader, value: object) -> BudgetTerms | None:
    """Return what the plan says; None where it has no such table."""
    if value is None:
        return None
    table = reader.table(value, "budgets", _KEYS)
    stores = reader.table(table.get("stores", {}), "budgets.stores")
    if not {"campaign", "each_store", "stores"} & table.keys():
        reader.fault("budgets", _("at least one of campaign, each_store, stores"), value)
    return BudgetTerms(
        campaign=_cap(reader, table, "campaign"),
        each_store=_cap(reader, table, "each_store"),
        stores={
            path: reader.whole(cap, key_path("budgets.stores", path), least=1, most=CAP_MAX)
            for path, cap in stores.items()
        },
        warn_at=read_share(reader, table.get("warn_at", MISSING), "budgets.warn_at"),
        cost_share=read_share(reader, table["cost_share"], "budgets.cost_share")
        if "cost_share" in table
        else None,
        point_value=reader.whole(
            table.get("point_value", 0), "budgets.point_value", most=POINT_VALUE_MAX
        ),
    )


def _cap(reader: Reader, table: Mapping[str, object], key: str) -> int | None:
    if key not in table:
        return None
    return reader.whole(table[key], f"budgets.{key}", least=1, most=CAP_MAX)
