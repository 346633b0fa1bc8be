"""Working time of a company (D3): which days are worked, and when so much of it has gone by."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from game.calendar_terms import WEEKDAYS, CalendarTerms

USUAL = CalendarTerms()
"""Monday to Friday from 9 to 18 o'clock: what a plan without a calendar works by."""


def is_worked(day: date, terms: CalendarTerms = USUAL) -> bool:
    """Tell whether a day is a working day; a make-up day is one whatever else it is."""
    if day in terms.make_up_days:
        return True
    return WEEKDAYS[day.weekday()] in terms.week and day not in terms.holidays


def due(
    moment: datetime, working_days: int, zone: ZoneInfo, terms: CalendarTerms = USUAL
) -> datetime:
    """Return, in UTC, when `working_days` of working hours have gone by after `moment`.

    What comes on Tuesday at 15:00 and has one day is due on Wednesday at 15:00; what comes on
    Friday at 20:00 or on Sunday is due on Monday at the end of work.
    """
    day = moment.astimezone(zone).date()
    length = datetime.combine(day, terms.closes) - datetime.combine(day, terms.opens)
    left, begin = length * working_days, moment.astimezone(UTC)
    while True:
        if is_worked(day, terms):
            opens, closes = _hours(day, zone, terms)
            begin = max(begin, opens)
            if begin + left <= closes:
                return begin + left
            left -= max(closes - begin, timedelta())
        day += timedelta(days=1)


def _hours(day: date, zone: ZoneInfo, terms: CalendarTerms) -> tuple[datetime, datetime]:
    opens, closes = (
        datetime.combine(day, hour, zone).astimezone(UTC) for hour in (terms.opens, terms.closes)
    )
    return opens, closes
