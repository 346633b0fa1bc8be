"""When a phone may be disturbed: not at night, twice a day, not while its owner looks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.pushes import A_DAY, LATER, QUIET_FROM, QUIET_UNTIL, goes_at, may_ask

ZONE = ZoneInfo("Asia/Shanghai")
ZONES = st.sampled_from(
    [ZoneInfo(name) for name in ("Asia/Shanghai", "America/New_York", "Pacific/Chatham", "UTC")]
)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(  # noqa: DTZ001
    lambda each: each.replace(tzinfo=UTC)
)


def at(clock: str, day: int = 23) -> datetime:
    return datetime.fromisoformat(f"2026-11-{day}T{clock}:00+08:00")


@pytest.mark.parametrize(
    ("now", "goes"),
    [
        (at("09:00"), at("09:00")),
        (at("20:59"), at("20:59")),
        (at("21:00"), at("09:00", 24)),
        (at("23:59"), at("09:00", 24)),
        (at("00:00"), at("09:00")),
        (at("08:59"), at("09:00")),
    ],
)
def test_the_night_is_quiet(now: datetime, goes: datetime) -> None:
    assert goes_at(now, ZONE, sent=[], is_here=False) == goes
    assert goes_at(now, ZONE, sent=[], is_here=True) is None


@pytest.mark.parametrize(
    ("sent", "goes"),
    [
        ([at("09:30")], True),
        ([at("09:30"), at("10:00")], False),
        ([at("09:30"), at("20:00", 22)], True),
        ([at("00:00"), at("00:01")], False),
        ([at("23:59", 22), at("00:01")], True),
    ],
)
def test_twice_a_day_is_the_most(sent: list[datetime], goes: bool) -> None:
    assert (goes_at(at("12:00"), ZONE, sent=sent, is_here=False) is not None) is goes


def test_what_comes_at_night_counts_for_the_day_on_which_it_is_sent() -> None:
    today = [at("10:00"), at("11:00")]
    assert goes_at(at("22:00"), ZONE, sent=today, is_here=False) == at("09:00", 24)
    assert goes_at(at("20:00"), ZONE, sent=today, is_here=False) is None


@given(MOMENTS, ZONES, st.lists(MOMENTS, max_size=4))
def test_whatever_comes_it_is_sent_by_day_and_twice_at_most(
    now: datetime, zone: ZoneInfo, earlier: list[datetime]
) -> None:
    sent = [each for each in earlier if each <= now]
    goes = goes_at(now, zone, sent=sent, is_here=False)
    if goes is None:
        return
    local = goes.astimezone(zone)
    assert now <= goes <= now + timedelta(hours=13)
    assert QUIET_UNTIL <= local.time() < QUIET_FROM
    same_day = [each for each in sent if each.astimezone(zone).date() == local.date()]
    assert len(same_day) < A_DAY


def test_the_offer_waits_for_a_good_moment_and_for_two_weeks_after_later() -> None:
    now = at("12:00")
    assert not may_ask(now, had_a_moment=False, asked_at=None)
    assert may_ask(now, had_a_moment=True, asked_at=None)
    assert not may_ask(now, had_a_moment=True, asked_at=now - LATER + timedelta(seconds=1))
    assert may_ask(now, had_a_moment=True, asked_at=now - LATER)
