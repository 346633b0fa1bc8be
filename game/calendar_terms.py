"""What a plan says of working days (D3), and how it is read."""

from __future__ import annotations

import msgspec

from game.faults import Reader


class CalendarTerms(msgspec.Struct, frozen=True):
    """The working days and hours of the company."""


def read_calendar(reader: Reader, value: object) -> CalendarTerms | None:
    """Return what the plan says; None where it has no such table."""
    if value is None:
        return None
    reader.table(value, "calendar", ())
    return CalendarTerms()
