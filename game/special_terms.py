"""What a plan allows for special contributions (C7), and how it is read."""

from __future__ import annotations

import msgspec

from game.faults import MISSING, Reader

POINTS_MAX = 1_000_000


class SpecialTerms(msgspec.Struct, frozen=True):
    """What a company gives for a special contribution at most; whole points."""

    most: int
    """At once."""
    per_day: int
    """To everybody together on a day of the plan's zone."""


def read_special(reader: Reader, value: object) -> SpecialTerms | None:
    """Return what the plan allows; None where it has no such table."""
    if value is None:
        return None
    table = reader.table(value, "special", ("most", "per_day"))
    return SpecialTerms(
        most=reader.whole(table.get("most", MISSING), "special.most", 1, POINTS_MAX),
        per_day=reader.whole(table.get("per_day", MISSING), "special.per_day", 1, POINTS_MAX),
    )
