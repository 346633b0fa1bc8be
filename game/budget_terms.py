"""What a plan says of its budget (G11), and how it is read."""

from __future__ import annotations

import msgspec

from game.faults import Reader


class BudgetTerms(msgspec.Struct, frozen=True):
    """Caps of the campaign and of its stores, and when to warn."""


def read_budgets(reader: Reader, value: object) -> BudgetTerms | None:
    """Return what the plan says; None where it has no such table."""
    if value is None:
        return None
    reader.table(value, "budgets", ())
    return BudgetTerms()
