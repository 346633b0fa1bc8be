"""What a plan says of settlement (G7), and how it is read."""

from __future__ import annotations

import msgspec

from game.faults import Reader


class SettlementTerms(msgspec.Struct, frozen=True):
    """When statements are computed and paid, and under which tax class."""


def read_settlement(reader: Reader, value: object) -> SettlementTerms | None:
    """Return what the plan says; None where it has no such table."""
    if value is None:
        return None
    reader.table(value, "settlement", ())
    return SettlementTerms()
