"""Where I stand, and the fewest points that change it: from Redis as from SQL (E3)."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.boards import commands, queries
from server.boards.schemas import Me
from server.boards.service import Service
from server.kit import db, ids
from tests.support.board_site import create_board_app
from tests.support.boards import STARTS, Arena, arena
from tests.support.eventually import eventually
from tests.support.live import serving
from tests.support.phones import cookie_of

STEPS = st.lists(
    st.tuples(
        st.integers(0, 6),
        st.integers(1, 3),
        st.integers(0, 4).map(lambda n: timedelta(milliseconds=n)),
    ),
    max_size=12,
)


def expected(made: Arena, person: UUID) -> tuple[int, int, int, int | None, int | None]:
    """Rank, rank on the side, points, points to pass the next and the first, by a full sort."""
    everybody = made.ranked()
    side = [row for row in everybody if made.side_of[row[0]] == made.side_of[person]]
    nth = [each for each, _ in side].index(person)
    points = side[nth][1]
    rank = [each for each, _ in everybody].index(person) + 1
    if nth == 0:
        return rank, 1, points, None, None
    return rank, nth + 1, points, side[nth - 1][1] - points + 1, side[0][1] - points + 1


def told(me: Me | None) -> tuple[int, int, int, int | None, int | None]:
    assert me
    return (
        me.rank,
        me.side_rank,
        me.points,
        me.chase and me.chase.points,
        me.first and me.first.points,
    )


@given(steps=STEPS)
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_redis_sql_and_a_full_sort_agree(
    boards: Service, steps: list[tuple[int, int, timedelta]]
) -> None:
    made = await arena((3, 4))
    for who, points, after in steps:
        await made.score_points(made.people[who], points, after)
    for person in made.people:
        assert told(await boards.frames.me(made.id, person)) == expected(made, person)
    await boards.projector.project([made.id])
    row = await queries.board(made.id)
    assert row
    for person in made.people:
        assert await boards.view.around(row, made.side_of[person], person)
        assert told(await boards.frames.me(made.id, person)) == expected(made, person)


async def test_the_points_told_are_the_fewest_that_pass(boards: Service) -> None:
    made = await arena((3,))
    first, second, third = made.people
    for number, (person, points) in enumerate([(first, 9), (second, 5), (third, 3)]):
        await made.score_points(person, points, timedelta(seconds=number))
    me = await boards.frames.me(made.id, third)
    assert me
    assert me.chase
    assert (me.chase.name, me.chase.points) == (made.names[second], 3)
    await made.score_points(third, me.chase.points - 1, timedelta(minutes=1))
    assert told(await boards.frames.me(made.id, third))[1] == 3, "a tie stays behind"
    await made.score_points(third, 1, timedelta(minutes=2))
    assert told(await boards.frames.me(made.id, third))[1] == 2


async def test_who_opted_out_is_chased_without_a_name(boards: Service) -> None:
    made = await arena((2,))
    await made.score_points(made.people[0], 5, timedelta(seconds=1))
    await db.execute("UPDATE person SET opted_out = true WHERE id = $1", made.people[0])
    me = await boards.frames.me(made.id, made.people[1])
    assert me
    assert me.chase
    assert (me.chase.name, me.chase.points) == (None, 6)


@pytest.mark.parametrize("state", ["final", "void"])
async def test_an_ended_board_is_read_from_sql(boards: Service, state: str) -> None:
    made = await arena((2,))
    await boards.projector.project([made.id])
    await commands.record(made.id, made.people[1], 4, received_at=STARTS)
    await commands.close(made.id, state)  # type: ignore[arg-type]
    me = await boards.frames.me(made.id, made.people[1])
    assert me
    assert (me.points, me.side_rank) == (4, 1)


async def test_over_http_it_is_mine_or_null(reset: None) -> None:
    async with serving(create_board_app()) as site:
        made = await arena((2, 1))
        await made.score_points(made.people[0], 5, timedelta(seconds=1))
        stranger = ids.new_id()
        await db.execute(
            "INSERT INTO person (id, code, name, rank) VALUES ($1, 's', '客', 'staff')", stranger
        )
        answers = []
        for person in (made.people[1], stranger):
            cookie = {"Cookie": await cookie_of(person)}
            async with httpx.AsyncClient(base_url=site, headers=cookie) as client:
                answers.append(await eventually(partial(_projected, client, made.id)))
    assert [said for [said] in answers] == [
        {
            "side": "1队", "side_rank": 2, "rank": answers[0][0]["rank"], "points": 0,
            "chase": {"points": 6, "name": made.names[made.people[0]]}, "first": {"points": 6},
        },
        None,
    ]  # fmt: skip


async def _projected(client: httpx.AsyncClient, board: UUID) -> list[Any] | None:
    """Answer, boxed so that null is an answer too, once the ranking in Redis has the score."""
    answer = await client.get(f"/api/boards/{board}/me")
    assert answer.status_code == 200
    said = answer.json()
    return None if said and said["chase"]["points"] == 1 else [said]
