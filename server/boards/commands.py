"""Board verbs: put, open, record, close. Each wakes the projector once it has committed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg
import msgspec

from game.errors import RuleViolation
from game.ranking import POINTS_END, fits
from server.boards.schemas import Moment, Pot, Score, Side, State
from server.boards.wakening import wake
from server.kit import db

PUT: Final = """
INSERT INTO board (id, state, title, starts, cut_off, score, best_n, sides, pot, winners,
  has_goal, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1)
ON CONFLICT (id) DO UPDATE SET
  state = excluded.state, title = excluded.title, starts = excluded.starts,
  cut_off = excluded.cut_off, score = excluded.score, best_n = excluded.best_n,
  sides = excluded.sides, pot = excluded.pot, winners = excluded.winners,
  has_goal = excluded.has_goal, version = board.version + 1
"""

# From version 1, so that a frame with more people on it is a later one.
OPEN: Final = """
WITH opened AS (
  INSERT INTO standing (board, person, side, reached_at, version)
  SELECT b.id, person, side, b.starts, 1
  FROM unnest($2::uuid[], $3::text[]) AS roster(person, side), board b WHERE b.id = $1
  ON CONFLICT (board, person) DO NOTHING
  RETURNING *
)
INSERT INTO change (board, person, side, score, reached_at, version)
SELECT board, person, side, score, reached_at, version FROM opened
"""

# A new score is reached when its action was received, unless a later one brought it here; a
# re-decided moment is taken as it is. Nothing reached: the start.
RECORD: Final = """
WITH given AS (
  SELECT id, starts, cut_off, $4::timestamptz AS received, $5::timestamptz AS reached
  FROM board WHERE id = $1
), moved AS (
  UPDATE standing s
  SET score = s.score + $3,
      reached_at = CASE WHEN s.score + $3 = 0 THEN starts
                        ELSE coalesce(reached, greatest(s.reached_at, received)) END,
      version = s.version + 1
  FROM given
  WHERE s.board = given.id AND s.person = $2 AND (s.score + $3 = 0
    OR coalesce(reached, received) >= starts AND coalesce(reached, received) < cut_off)
  RETURNING s.*
)
INSERT INTO change (board, person, side, score, reached_at, version, moment)
SELECT board, person, side, score, reached_at, version, $6::jsonb FROM moved
"""


@db.command
async def put_board(
    board: UUID,
    *,
    state: State,
    title: dict[str, str],
    starts: datetime,
    cut_off: datetime,
    score: Score,
    best_n: int | None,
    sides: Iterable[Side],
    pot: Pot,
    winners: Iterable[str] = (),
    has_goal: bool = False,
) -> None:
    """Write the row around a board's standings; every call makes it a new version.

    Raises ValueError for a window longer than a ranking can tell apart (49 days).
    """
    if not fits(starts, cut_off):
        raise ValueError(f"a board can't last from {starts} to {cut_off}")
    await db.execute(
        PUT, board, state, title, starts, cut_off, score, best_n,
        msgspec.to_builtins(tuple(sides)), msgspec.to_builtins(pot), list(winners), has_goal,
    )  # fmt: skip
    _wake_later(board)


@db.command
async def open_standings(board: UUID, members: Iterable[tuple[UUID, str]]) -> None:
    """Let each (person, side) stand at 0 points; who stands here already keeps their place."""
    roster = list(members)
    await db.execute(OPEN, board, [person for person, _ in roster], [side for _, side in roster])
    _wake_later(board)


@db.command
async def record(
    board: UUID,
    person: UUID,
    delta: int,
    *,
    received_at: datetime | None = None,
    reached_at: datetime | None = None,
    moment: Moment | None = None,
) -> bool:
    """Move a person's score by `delta` points.

    False when they have no standing here, or the moment is outside the board's time. Points
    won name the `received_at` of their action; after a strike the caller says anew at which
    `reached_at` the score that is left was reached. Refused as `score_too_high` where a ranking
    can't tell it apart any more.
    """
    if (received_at is None) == (reached_at is None):
        raise ValueError("give either received_at or reached_at")
    told = None if moment is None else msgspec.to_builtins(moment, str_keys=True)
    try:
        done = await db.execute(RECORD, board, person, delta, received_at, reached_at, told)
    except asyncpg.CheckViolationError:
        raise RuleViolation("score_too_high", most=POINTS_END - 1) from None
    _wake_later(board)
    return done == "INSERT 0 1"


@db.command
async def close(board: UUID, state: State, winners: Iterable[str] = ()) -> None:
    """End a board: its frames come from SQL from now on, and its ranking leaves Redis."""
    await db.execute(
        "UPDATE board SET state = $2, winners = $3, version = version + 1 WHERE id = $1",
        board, state, list(winners),
    )  # fmt: skip
    _wake_later(board)


@db.command
async def refresh_boards_of(person: UUID) -> None:
    """Show the boards of a person anew: their name, or whether they may be named, has changed."""
    boards = await db.column(
        "UPDATE board SET version = version + 1"
        " WHERE id IN (SELECT board FROM standing WHERE person = $1) RETURNING id",
        person,
    )
    for board in boards:
        _wake_later(board)


def _wake_later(board: UUID) -> None:
    async def effect() -> None:
        wake(board)

    db.after_commit(effect)
