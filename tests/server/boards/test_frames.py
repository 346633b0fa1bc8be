"""One frame, three sources: Redis, SQL and the naive fold of game/ (E3)."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from game.errors import RuleViolation
from server.boards import commands, queries
from server.boards.frames import assemble, shown
from server.boards.schemas import TOP, Frame
from server.boards.service import Service
from server.boards.view import SPARE
from server.kit import db, ids
from tests.support.boards import Arena, arena, lasting, said
from tests.support.field import TIMES

KINDS = [("sum", None), ("per_head", None), ("best_n", 2)]
# Few and close together, so that dead heats to the millisecond, and within one, are common.
MOMENTS = st.integers(0, 6).map(lambda n: timedelta(microseconds=700 * n))
STEPS = st.lists(
    st.tuples(st.integers(0, 6), st.integers(1, 4), MOMENTS, st.integers(0, 3)), max_size=14
)


async def from_sql(board: UUID) -> Frame:
    row = await queries.board(board)
    assert row is not None
    reading = await queries.reading(row, TOP + SPARE)
    people = {each.person for each in reading.top} | {each.person for each in reading.moments}
    finish = await queries.finish(board, people)
    assert finish is not None
    return assemble(finish, reading, delayed=True)


async def from_redis(boards: Service, board: UUID) -> Frame:
    await boards.projector.project([board])
    frame = await boards.frames.frame(board)
    assert not frame.delayed
    return frame


async def play(made: Arena, steps: list[tuple[int, int, timedelta, int]]) -> None:
    """Score; every fourth step on average takes something back instead."""
    for who, points, after, take_back in steps:
        if take_back == 0 and made.history:
            await made.strike(made.history[who % len(made.history)])
        else:
            await made.score_points(made.people[who % len(made.people)], points, after)


@pytest.mark.parametrize(("score", "best_n"), KINDS)
@given(steps=STEPS, early=st.integers(0, 14))
@settings(
    max_examples=30 * TIMES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_redis_sql_and_fold_say_the_same(
    boards: Service,
    score: str,
    best_n: int | None,
    steps: list[tuple[int, int, timedelta, int]],
    early: int,
) -> None:
    made = await arena((3, 2, 2), score, best_n)
    await play(made, steps[:early])
    # The view is built in the middle and follows from there.
    await boards.projector.project([made.id])
    await play(made, steps[early:])
    live = await from_redis(boards, made.id)
    assert said(live) == made.expected()
    assert lasting(live) == lasting(await from_sql(made.id))


async def test_version_grows_with_every_change_and_is_the_same_from_both(boards: Service) -> None:
    made = await arena()
    seen = []
    for number in range(4):
        await made.score_points(made.people[number], 1, timedelta(seconds=number))
        seen.append((await from_redis(boards, made.id)).version)
        assert seen[-1] == (await from_sql(made.id)).version
    await made.put("auditing")
    seen.append((await from_redis(boards, made.id)).version)
    assert seen == sorted(set(seen))


@pytest.mark.parametrize("state", ["joining", "final", "void"])
async def test_official_numbers_never_come_from_redis(boards: Service, state: str) -> None:
    made = await arena()
    await made.score_points(made.people[0], 5, timedelta(seconds=1))
    await from_redis(boards, made.id)
    await boards.link.client.zadd(f"{{board:{made.id}}}:people", {str(made.people[0]): -1})
    await made.put(state, winners=["1队"] if state == "final" else [])
    frame = await boards.frames.frame(made.id)
    assert frame.state == state
    assert not frame.delayed
    assert frame.epoch.startswith("sql-")
    assert said(frame) == made.expected()


async def test_before_its_view_is_built_a_live_board_is_delayed(boards: Service) -> None:
    made = await arena()
    assert (await boards.frames.frame(made.id)).delayed
    assert not (await from_redis(boards, made.id)).delayed


async def test_opted_out_people_are_never_named(boards: Service) -> None:
    made = await arena()
    await made.score_points(made.people[0], 5, timedelta(seconds=1))
    await made.score_points(made.people[1], 3, timedelta(seconds=2))
    before = await from_redis(boards, made.id)
    await db.execute("UPDATE person SET opted_out = true WHERE id = $1", made.people[0])
    await commands.refresh_boards_of(made.people[0])
    for frame in (await from_redis(boards, made.id), await from_sql(made.id)):
        assert frame.version > before.version
        assert [row.name for row in frame.top][:1] == [made.names[made.people[1]]]
        assert [moment.name for moment in frame.moments] == [made.names[made.people[1]]]


async def test_moments_tell_what_they_did_to_the_lead(boards: Service) -> None:
    made = await arena()
    ours, _, _, theirs, *_ = made.people
    for number, (person, points) in enumerate(
        [(ours, 5), (theirs, 3), (theirs, 4), (theirs, 1), (ours, 3)]
    ):
        await made.score_points(person, points, timedelta(seconds=number))
    frame = await from_redis(boards, made.id)
    effects = [moment.effect for moment in reversed(frame.moments)]
    assert effects == ["took_lead", "narrowed", "took_lead", "widened", "narrowed"]
    assert frame.moment == frame.moments[0]


async def test_a_strike_moves_the_board_but_shows_nobody(boards: Service) -> None:
    made = await arena()
    entry = await made.score_points(made.people[0], 5, timedelta(seconds=1))
    await made.score_points(made.people[1], 2, timedelta(seconds=2))
    await made.strike(entry)
    frame = await from_redis(boards, made.id)
    assert said(frame) == made.expected()
    assert [moment.points for moment in frame.moments] == [2, 5]


async def test_a_side_struck_to_nil_is_as_if_it_had_never_moved(boards: Service) -> None:
    made = await arena()
    await from_redis(boards, made.id)
    entry = await made.score_points(made.people[0], 5, timedelta(seconds=1))
    await made.strike(entry)
    frame = await from_redis(boards, made.id)
    assert said(frame) == made.expected()
    assert [side.name for side in frame.sides] == ["1队", "2队"]


async def test_an_early_action_reviewed_late_does_not_bring_the_moment_back(
    boards: Service,
) -> None:
    made = await arena()
    await from_redis(boards, made.id)
    ours, theirs = made.people[0], made.people[3]
    for person, seconds in ((ours, 9), (theirs, 5), (ours, 1), (theirs, 2)):
        await made.score_points(person, 1, timedelta(seconds=seconds))
    frame = await from_redis(boards, made.id)
    assert said(frame) == made.expected()
    assert frame.sides[0].name == "2队", "it had both at 5 s, the other at 9 s"


async def test_a_score_outside_the_board_s_time_or_by_a_stranger_is_not_recorded(
    boards: Service,
) -> None:
    made = await arena()
    at = {"received_at": (await boards.frames.frame(made.id)).cut_off}
    assert not await commands.record(made.id, made.people[0], 1, **at)
    assert not await commands.record(made.id, ids.new_id(), 1, **at)
    with pytest.raises(ValueError, match="either"):
        await commands.record(made.id, made.people[0], 1)
    assert said(await from_sql(made.id)) == made.expected()


async def test_more_points_than_a_ranking_tells_apart_are_refused(boards: Service) -> None:
    made = await arena()
    at = {"received_at": (await boards.frames.frame(made.id)).starts}
    assert await commands.record(made.id, made.people[0], 2**21 - 1, **at)
    with pytest.raises(RuleViolation, match="score_too_high"):
        await commands.record(made.id, made.people[0], 1, **at)


async def test_a_board_that_is_not_there_is_refused(boards: Service) -> None:
    with pytest.raises(RuleViolation, match="not_found"):
        await boards.frames.frame(ids.new_id())


@pytest.mark.parametrize(
    ("score", "text"), [("609", "609"), ("7/2", "3.5"), ("8/3", "2.66"), ("0", "0"), ("1/200", "0")]
)
def test_scores_are_shown_short_and_never_rounded_up(score: str, text: str) -> None:
    from fractions import Fraction  # noqa: PLC0415

    assert shown(Fraction(score)) == text
