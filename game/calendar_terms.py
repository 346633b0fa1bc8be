"""What a plan says of working days (D3), and how it is read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Literal

import msgspec

from game.faults import Reader, _

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

DATES_MAX = 400


class CalendarTerms(msgspec.Struct, frozen=True):
    """The working days and hours of the company, in the plan's zone."""

    week: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")
    opens: time = time(9)
    closes: time = time(18)
    holidays: tuple[date, ...] = ()
    """Days off, whatever weekday they are."""
    make_up_days: tuple[date, ...] = ()
    """Days that are worked instead of a holiday (调休); they win over `holidays`."""


def read_calendar(reader: Reader, value: object) -> CalendarTerms | None:
    """Return what the plan says; None where it has no such table."""
    if value is None:
        return None
    path = "calendar"
    table = reader.table(value, path, CalendarTerms.__struct_fields__)
    usual = CalendarTerms()
    before = len(reader.faults)
    opens = _hour(reader, table.get("opens", usual.opens), f"{path}.opens")
    closes = _hour(reader, table.get("closes", usual.closes), f"{path}.closes")
    if len(reader.faults) == before and not opens < closes:
        reader.fault(f"{path}.closes", _("a time of day after %(first)s"), closes, first="opens")
    return CalendarTerms(
        week=_week(reader, table["week"], f"{path}.week") if "week" in table else usual.week,
        opens=opens,
        closes=closes,
        holidays=_dates(reader, table, path, "holidays"),
        make_up_days=_dates(reader, table, path, "make_up_days"),
    )


def _week(reader: Reader, value: object, path: str) -> tuple[Weekday, ...]:
    return tuple(
        reader.one_of(day, f"{path}[{place}]", WEEKDAYS)
        for place, day in enumerate(reader.names(value, path))
    )


def _hour(reader: Reader, value: object, path: str) -> time:
    if not isinstance(value, time) or value.tzinfo is not None:
        reader.fault(path, _("a time of day such as 09:00:00"), value)
        return time()
    return value


def _dates(reader: Reader, table: Mapping[str, object], path: str, key: str) -> tuple[date, ...]:
    value, here = table.get(key, []), f"{path}.{key}"
    if not isinstance(value, list) or len(value) > DATES_MAX:
        reader.fault(here, _("a list of at most %(most)s days"), value, most=DATES_MAX)
        return ()
    found = []
    for place, day in enumerate(value):
        # A datetime is a date to Python, and names another thing to people.
        if isinstance(day, date) and not isinstance(day, datetime):
            found.append(day)
        else:
            reader.fault(f"{here}[{place}]", _("a day such as 2026-10-01"), day)
    return tuple(found)
