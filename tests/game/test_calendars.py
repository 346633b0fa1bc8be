"""Working days and hours (D3): tables, and properties against counting hours one by one."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.calendar_terms import WEEKDAYS, CalendarTerms
from game.calendars import USUAL, due, is_worked
from game.plan import PlanFaults, parse_plan

ZONE = ZoneInfo("Asia/Shanghai")
GOLDEN = CalendarTerms(
    holidays=tuple(date(2026, 10, day) for day in range(1, 8)),
    make_up_days=(date(2026, 9, 20), date(2026, 10, 10)),
)
HEAD = """
[plan]
id = "test"
version = 1
timezone = "Asia/Shanghai"
title = { zh_Hans = "历", zh_Hant = "曆", en = "Calendar" }
"""


def at(text: str, zone: ZoneInfo = ZONE) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("received", "days", "wanted"),
    [
        ("2026-11-24 15:00", 1, "2026-11-25 15:00"),
        ("2026-11-24 09:00", 1, "2026-11-24 18:00"),
        ("2026-11-24 08:00", 1, "2026-11-24 18:00"),
        ("2026-11-24 18:00", 1, "2026-11-25 18:00"),
        ("2026-11-24 17:59", 1, "2026-11-25 17:59"),
        ("2026-11-27 15:00", 1, "2026-11-30 15:00"),
        ("2026-11-27 20:00", 1, "2026-11-30 18:00"),
        ("2026-11-29 12:00", 1, "2026-11-30 18:00"),
        ("2026-11-24 15:00", 3, "2026-11-27 15:00"),
        # The Wednesday before the holidays: the next working day is the Thursday after them.
        ("2026-09-30 15:00", 1, "2026-10-08 15:00"),
        ("2026-10-03 10:00", 1, "2026-10-08 18:00"),
        # A Saturday that is worked, and a Sunday.
        ("2026-10-09 15:00", 1, "2026-10-10 15:00"),
        ("2026-10-10 15:00", 1, "2026-10-12 15:00"),
        ("2026-09-20 09:30", 1, "2026-09-21 09:30"),
    ],
)
def test_one_working_day_is_as_long_as_the_company_works(received, days, wanted):
    found = due(at(received), days, ZONE, GOLDEN)
    assert found == at(wanted)
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 11, 23), True),
        (date(2026, 11, 28), False),
        (date(2026, 10, 1), False),
        (date(2026, 10, 10), True),
        (date(2026, 9, 20), True),
    ],
)
def test_holidays_are_off_and_make_up_days_are_worked(day, worked):
    assert is_worked(day, GOLDEN) is worked


def test_a_make_up_day_wins_over_a_holiday():
    both = CalendarTerms(holidays=(date(2026, 11, 24),), make_up_days=(date(2026, 11, 24),))
    assert is_worked(date(2026, 11, 24), both)


def test_a_shop_that_works_on_sundays_till_late():
    shop = CalendarTerms(week=("sat", "sun"), opens=time(10), closes=time(22))
    assert due(at("2026-11-23 08:00"), 1, ZONE, shop) == at("2026-11-28 22:00")


def test_clocks_that_jump_at_night_change_no_working_hour():
    berlin = ZoneInfo("Europe/Berlin")
    found = due(at("2026-03-27 15:00", berlin), 1, berlin)
    assert found == at("2026-03-30 15:00", berlin)


FIRST = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.integers(0, 2 * 365 * 24 * 60).map(lambda n: FIRST + timedelta(minutes=n))
calendars = st.builds(
    CalendarTerms,
    week=st.sets(st.sampled_from(WEEKDAYS), min_size=1).map(
        lambda days: tuple(day for day in WEEKDAYS if day in days)
    ),
    opens=st.builds(time, st.integers(0, 11), st.sampled_from([0, 30])),
    closes=st.builds(time, st.integers(12, 23), st.sampled_from([0, 30])),
    holidays=st.lists(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=8).map(tuple),
    make_up_days=st.lists(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=4).map(tuple),
)


def counted(start: datetime, end: datetime, terms: CalendarTerms) -> int:
    """The worked minutes between two moments, one after the other."""
    found, step, now = 0, timedelta(minutes=1), start
    while now < end:
        there = now.astimezone(ZONE)
        if is_worked(there.date(), terms) and terms.opens <= there.time() < terms.closes:
            found += 1
        now += step
    return found


@given(moments, st.integers(1, 2), calendars)
def test_between_receipt_and_due_lies_exactly_that_much_work(moment, days, terms):
    end = due(moment, days, ZONE, terms)
    length = datetime.combine(date.min, terms.closes) - datetime.combine(date.min, terms.opens)
    assert counted(moment, end, terms) == days * length // timedelta(minutes=1)
    last = (end - timedelta(minutes=1)).astimezone(ZONE)
    assert is_worked(last.date(), terms)


@given(moments, st.integers(0, 10_000), calendars)
def test_who_comes_later_is_due_no_earlier(moment, minutes, terms):
    later = moment + timedelta(minutes=minutes)
    assert due(moment, 1, ZONE, terms) <= due(later, 1, ZONE, terms)


def test_a_plan_says_its_calendar_and_leaves_out_what_is_usual():
    text = '[calendar]\nweek = ["sat"]\nopens = 08:30:00\nholidays = [2026-12-05]\n'
    found = parse_plan(HEAD + text).calendar
    assert found == CalendarTerms(
        week=("sat",), opens=time(8, 30), closes=time(18), holidays=(date(2026, 12, 5),)
    )
    assert parse_plan(HEAD + "[calendar]\n").calendar == USUAL
    assert parse_plan(HEAD).calendar is None


@pytest.mark.parametrize(
    ("terms", "fault"),
    [
        ('week = ["sat", "day"]',
         'calendar.week[1]: expected one of mon, tue, wed, thu, fri, sat, sun, got "day"'),
        ("week = []", "calendar.week: expected a list of at least one text, got an empty list"),
        ('opens = "9"', 'calendar.opens: expected a time of day such as 09:00:00, got "9"'),
        ("opens = 18:00:00\ncloses = 09:00:00",
         "calendar.closes: expected a time of day after opens, got 09:00:00"),
        ("opens = 19:00:00", "calendar.closes: expected a time of day after opens, got 18:00:00"),
        ("holidays = 5", "calendar.holidays: expected a list of at most 400 days, got 5"),
        ("holidays = [2026-10-01T00:00:00Z]",
         ("calendar.holidays[0]: expected a day such as 2026-10-01,"
          " got 2026-10-01T00:00:00+00:00")),
        ("color = 1",
         ("calendar.color: expected one of the keys week, opens, closes, holidays, make_up_days,"
          ' got "color"')),
    ],
)  # fmt: skip
def test_every_fault_is_named(terms, fault):
    with pytest.raises(PlanFaults) as refused:
        parse_plan(f"{HEAD}[calendar]\n{terms}\n")
    assert str(refused.value) == fault
