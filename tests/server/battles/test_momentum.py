"""The last hour of a battle in five minutes each: as a chart, and as the table that says the same."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from litestar.types import ASGIApp

from server.battles.momentum import Won, begins, drawn
from tests.support.field import CUT_OFF, STARTS, act, begin, close, open_field
from tests.support.services import Clock
from tests.support.visitor import NewClient, visit, words

SIDES = [{"name": "一队", "place": 1}, {"name": "二队", "place": 2}, {"name": "三队", "place": 3}]
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("until", "since"),
    [
        (NOON, NOON - timedelta(hours=1)),
        (NOON + timedelta(microseconds=1), NOON - timedelta(minutes=55)),
        (NOON + timedelta(minutes=5), NOON - timedelta(minutes=55)),
    ],
)
def test_the_hour_ends_with_the_five_minutes_of_now(until: datetime, since: datetime) -> None:
    assert begins(until) == since


def test_only_the_first_two_sides_are_drawn_each_with_its_sum() -> None:
    won = [Won("一队", 0, 5), Won("一队", 11, 2), Won("二队", 11, 9), Won("三队", 3, 40)]
    hour = drawn(SIDES, won, NOON)
    assert [(side["name"], side["total"]) for side in hour["sides"]] == [("一队", 7), ("二队", 9)]
    assert [each["points"] for each in hour["slots"]] == [[5, 0], *[[0, 0]] * 10, [2, 9]]
    assert hour["most"] == 9
    assert hour["slots"][11]["at"] == NOON + timedelta(minutes=55)


@pytest.fixture
async def battle(app: ASGIApp, clock: Clock) -> UUID:
    opened = await open_field(clock)
    await begin(clock, opened)
    return opened


async def test_chart_and_table_say_the_same(
    battle: UUID, new_client: NewClient, clock: Clock
) -> None:
    await act("MEI")
    await clock.set(STARTS + timedelta(minutes=70))
    await act("MEI", "visit", "A-1")
    await act("CHEN")
    await act("DAI", by=None)
    mei = await visit(new_client, "MEI")
    for path in (f"/battles/{battle}", f"/battles/{battle}/momentum"):
        answer = await mei.open(path)
        said = words(answer)
        assert "最近一小时" in said
        assert "一队 +5" in said, "what is older than an hour is not in it"
        assert "二队 +2" in said, "what waits for its verdict is not in it"
        assert "10:10 5 2" in said
        columns = re.findall(r'<rect data-side="(\d)"[^>]* height="([\d.]+)"', answer.text)
        assert columns == [("1", "37.0"), ("2", "14.8")]


async def test_after_the_cut_off_it_is_the_last_hour_of_the_battle(
    battle: UUID, new_client: NewClient, clock: Clock
) -> None:
    await clock.set(CUT_OFF - timedelta(minutes=3))
    await act("BAO")
    await close(clock, battle, CUT_OFF + timedelta(hours=2))
    said = words(await (await visit(new_client, "MEI")).open(f"/battles/{battle}/momentum"))
    assert "截止前一小时" in said
    assert "16:55 2 0" in said


async def test_before_the_start_there_is_none(new_client: NewClient, clock: Clock) -> None:
    opened = await open_field(clock)
    mei = await visit(new_client, "MEI")
    assert "最近一小时" not in await mei.read(f"/battles/{opened}")
    assert (await mei.open(f"/battles/{opened}/momentum")).status_code == 404
