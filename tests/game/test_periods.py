from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.periods import PERIODS, SEASONS, window

SHANGHAI = ZoneInfo("Asia/Shanghai")


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("per", "moment", "start", "end"),
    [
        # Shanghai's day begins at 16:00 UTC: at 15:59 it is still the day before.
        ("day", "2023-06-01T15:59:59.999999", "2023-05-31T16:00", "2023-06-01T16:00"),
        ("day", "2023-06-01T16:00", "2023-06-01T16:00", "2023-06-02T16:00"),
        # The ISO week begins on Monday, 2023-06-05 in Shanghai.
        ("week", "2023-06-04T15:59", "2023-05-28T16:00", "2023-06-04T16:00"),
        ("week", "2023-06-04T16:00", "2023-06-04T16:00", "2023-06-11T16:00"),
        # 2023-01-01 belongs to the last ISO week of 2022.
        ("week", "2023-01-01T00:00", "2022-12-25T16:00", "2023-01-01T16:00"),
        ("month", "2023-06-30T15:59", "2023-05-31T16:00", "2023-06-30T16:00"),
        ("month", "2023-06-30T16:00", "2023-06-30T16:00", "2023-07-31T16:00"),
        ("month", "2024-02-10T00:00", "2024-01-31T16:00", "2024-02-29T16:00"),
        ("month", "2023-12-31T00:00", "2023-11-30T16:00", "2023-12-31T16:00"),
    ],
)
def test_windows_are_cut_in_the_zone(per, moment, start, end):
    assert window(per, utc(moment), SHANGHAI) == (utc(start), utc(end))


@pytest.mark.parametrize(
    ("moment", "hours"),
    [("2023-03-26T12:00", 23), ("2023-10-29T12:00", 25), ("2023-06-01T12:00", 24)],
)
def test_a_day_is_as_long_as_its_clocks_make_it(moment, hours):
    start, end = window("day", utc(moment), ZoneInfo("Europe/Berlin"))
    assert end - start == timedelta(hours=hours)


def test_a_day_whose_midnight_is_skipped_begins_when_clocks_jump():
    start, end = window("day", utc("2023-03-26T12:00"), ZoneInfo("Asia/Beirut"))
    assert (start, end) == (utc("2023-03-25T22:00"), utc("2023-03-26T21:00"))


# Hypothesis draws wall clocks and puts the zone on them.
moments = st.datetimes(
    datetime(1990, 1, 1),  # noqa: DTZ001
    datetime(2035, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
zones = st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/Sao_Paulo", "Pacific/Apia"])


@given(
    st.sampled_from(sorted({*PERIODS, *SEASONS})),
    moments,
    zones,
)
def test_a_window_holds_its_moment_and_windows_meet(per, moment, zone):
    start, end = window(per, moment, ZoneInfo(zone))
    assert start <= moment < end
    assert window(per, start, ZoneInfo(zone)) == (start, end)
    assert window(per, end, ZoneInfo(zone))[0] == end
