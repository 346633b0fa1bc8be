"""Days, ISO weeks, months, quarters and years of a time zone, as half-open windows of moments."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Per = Literal["day", "week", "month"]
PERIODS: tuple[Per, ...] = ("day", "week", "month")
Season = Literal["month", "quarter", "year"]
SEASONS: tuple[Season, ...] = ("month", "quarter", "year")
MONTHS: dict[str, int] = {"month": 1, "quarter": 3, "year": 12}

# Windows are computed up to a year around a moment, so moments stay clear of datetime's ends.
YEAR_FIRST = 1900
YEAR_LAST = 9000


def window(per: Per | Season, moment: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return [start, end) in UTC of the day, ISO week, month … of `zone` that holds `moment`."""
    today = moment.astimezone(zone).date()
    if per == "day":
        first, following = today, today + timedelta(days=1)
    elif per == "week":
        first = today - timedelta(days=today.weekday())
        following = first + timedelta(days=7)
    else:
        first = today.replace(month=(today.month - 1) // MONTHS[per] * MONTHS[per] + 1, day=1)
        following = (first + timedelta(days=31 * MONTHS[per])).replace(day=1)
    return _midnight(first, zone), _midnight(following, zone)


def days_after(moment: datetime, days: int, zone: ZoneInfo) -> datetime:
    """Return the moment, in UTC, at which the day of `zone` begins `days` after that of `moment`."""
    return _midnight(moment.astimezone(zone).date() + timedelta(days=days), zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the moment `day` begins; where clocks skip midnight, the moment they jump."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
