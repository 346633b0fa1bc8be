"""How figures and moments are written for people: pure functions of a value and the locale."""

import re
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_timezone_name
from babel.numbers import format_compact_decimal

from server.kit.i18n import Lazy, _, in_all, lazy, locale, ngettext

CENTS = 100
HOUR = 3600
DAY = 86400
LARGE = 10_000
MINUS = "\u2212"
ZONES: dict[str, Lazy] = {"Asia/Shanghai": lazy("Beijing time"), "UTC": lazy("UTC")}
"""Zones that people call otherwise than the tables of the world do."""
COLON = re.compile(r"：|:\s")


def moment(value: datetime | str) -> datetime:
    """Return an aware datetime; strings are ISO 8601 as the API writes them."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def number(value: int) -> str:
    """Group thousands: 1286 → 1,286; −5 with a real minus sign."""
    return f"{MINUS if value < 0 else ''}{abs(value):,}"


def compact(value: int) -> str:
    """Write a large figure short, where room is small: 123456 → 12.3万, 12.3萬, 123.5K."""
    if abs(value) < LARGE:
        return number(value)
    short: str = format_compact_decimal(abs(value), locale=locale(), fraction_digits=1)
    return f"{MINUS if value < 0 else ''}{short}"


def signed(value: int) -> str:
    """Write a change: +60, −300, 0."""
    return f"+{value:,}" if value > 0 else number(value)


def money(cents: int) -> str:
    """Write 分 as yuan: 770000 → ¥7,700; 46250 → ¥462.50."""
    whole, rest = divmod(abs(cents), CENTS)
    return f"{MINUS if cents < 0 else ''}¥{whole:,}{f'.{rest:02d}' if rest else ''}"


def amount(value: int, asset: str) -> str:
    """Write a sum of an asset: cash as yuan, anything else as points of its kind."""
    if asset == "career":
        return ngettext("%(n)s career point", "%(n)s career points", value, n=number(value))
    if asset == "cash":
        return money(value)
    return ngettext("%(n)s point", "%(n)s points", value, n=number(value))


def amount_in_all(value: int, asset: str) -> dict[str, str]:
    """Write an amount in every locale, for news that are read later."""
    return in_all(lambda: amount(value, asset))


def change(value: int, asset: str) -> str:
    """Write a change of an asset with its sign: +60, +¥518.39, +20 career points."""
    if asset == "career":
        return ngettext("%(n)s career point", "%(n)s career points", value, n=signed(value))
    if asset == "cash":
        return f"+{money(value)}" if value > 0 else money(value)
    return signed(value)


def score(value: str | int | Fraction) -> str:
    """Write an exact score for the eye: "609" → 609, "7/2" → 3.5, "10/3" → 3.33."""
    exact = Fraction(value)
    if exact.denominator == 1:
        return number(int(exact))
    return f"{float(exact):,.2f}".rstrip("0")


def when(value: datetime | str, now: datetime, zone: str) -> str:
    """Write a moment in the company's zone as people say it: 今天 14:02, 11-03 09:20, Nov 3 09:20."""
    there = moment(value).astimezone(ZoneInfo(zone))
    today = now.astimezone(ZoneInfo(zone))
    clock = f"{there:%H:%M}"
    days = (today.date() - there.date()).days
    if days == 0:
        return _("today %(clock)s", clock=clock)
    if days == 1:
        return _("yesterday %(clock)s", clock=clock)
    if days == -1:
        return _("tomorrow %(clock)s", clock=clock)
    return month_day_clock(there) if there.year == today.year else full_day(there)


def through(start: datetime | str, end: datetime | str, now: datetime, zone: str) -> str:
    """Write a stretch of time; within one day the day is said once: 今天 13:45–17:45."""
    first, last = (moment(each).astimezone(ZoneInfo(zone)) for each in (start, end))
    if first.date() == last.date():
        return f"{when(first, now, zone)}–{last:%H:%M}"
    return f"{when(first, now, zone)} – {when(last, now, zone)}"


def ago(value: datetime | str, now: datetime, zone: str) -> str:
    """Write how long ago something was; what is over a day old as `when`."""
    minutes = max(0, int((now - moment(value)) / timedelta(minutes=1)))
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return _("%(n)s min ago", n=minutes)
    if minutes < 24 * 60:
        return _("%(n)s h ago", n=minutes // 60)
    return when(value, now, zone)


def day(value: datetime | str, now: datetime, zone: str) -> str:
    """Write a day as a heading: 今天, 昨天, 11-03, Nov 3."""
    there = moment(value).astimezone(ZoneInfo(zone))
    today = now.astimezone(ZoneInfo(zone))
    days = (today.date() - there.date()).days
    if days in {0, 1}:
        return _("Yesterday") if days else _("Earlier today")
    return month_day(there) if there.year == today.year else full_day(there)


def month_day(value: date) -> str:
    """Write a day of this year: 11-03, Nov 3."""
    return format_date(value, _("MMM d"), locale=locale())


def month_day_clock(value: datetime) -> str:
    """Write a moment of this year: 11-03 09:20, Nov 3 09:20."""
    return f"{month_day(value)} {value:%H:%M}"


def full_day(value: date) -> str:
    """Write a day of any year: 2025-11-03, Nov 3, 2025."""
    return format_date(value, _("MMM d, yyyy"), locale=locale())


def head(title: str) -> str:
    """Return what stands before the colon: "A 类客户：签订协议" → A 类客户."""
    return COLON.split(title, maxsplit=1)[0]


def tail(title: str) -> str:
    """Return what stands behind the colon, or nothing."""
    return "".join(COLON.split(title, maxsplit=1)[1:])


def clock(value: datetime | str, zone: str) -> str:
    """Write the time of day in the company's zone: 17:00."""
    return f"{moment(value).astimezone(ZoneInfo(zone)):%H:%M}"


def exact(value: datetime | str, zone: str) -> str:
    """Write a moment in full, in the company's zone: 2026-06-30 17:00."""
    return f"{moment(value).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def month(value: datetime) -> str:
    """Write a month as a heading: 2026 年 11 月, November 2026."""
    return format_date(value, _("MMMM yyyy"), locale=locale())


def zone_name(zone: str) -> str:
    """Write a time zone in words people know: 北京时间, Eastern Time."""
    known = ZONES.get(zone)
    return str(known) if known else get_timezone_name(ZoneInfo(zone), locale=locale())


def countdown(until: datetime | str, now: datetime) -> str:
    """Write what is left as a clock: 02:14:09, above a day 3 天 02:14; never below zero."""
    left = max(0, int((moment(until) - now) / timedelta(seconds=1)))
    days, rest = divmod(left, DAY)
    hours, minutes, seconds = rest // HOUR, rest % HOUR // 60, rest % 60
    if days:
        return _("%(days)sd %(clock)s", days=days, clock=f"{hours:02d}:{minutes:02d}")
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}"


def span(until: datetime | str, now: datetime) -> str:
    """Write what is left in words, to the minute: 2 小时 14 分, 4 小时."""
    left = max(0, int((moment(until) - now) / timedelta(minutes=1)))
    hours, minutes = divmod(left, 60)
    days, hours_of_day = divmod(hours, 24)
    if days and hours_of_day:
        return ngettext("%(n)s day %(hours)s h", "%(n)s days %(hours)s h", days, hours=hours_of_day)
    if days:
        return ngettext("%(n)s day", "%(n)s days", days)
    if hours and minutes:
        return _("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)
    if hours:
        return _("%(hours)s h", hours=hours)
    return _("%(minutes)s min", minutes=minutes) if minutes else _("under a minute")


def utc_now() -> datetime:
    """Return the machine's time: for words like 今天 only, never for a decision."""
    return datetime.now(UTC)  # noqa: TID251  # a page must not ask the database what day it is
