"""What PostgreSQL says of boards; everything official is read here."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec

from server.boards.readings import Around, Reading, StandingRow, Told, best_kept
from server.boards.schemas import MOMENTS, Board
from server.kit import db, ids

SQL_EPOCH: Final = f"sql-{ids.new_token()[:8]}"
"""Of frames read from SQL by this process; their version is the same sum as in Redis."""

BATCH: Final = 1000
OPEN_STATES: Final = "('live', 'auditing')"

# µs since the start, exact; ranks by the millisecond, as a ranking packs them (E3).
READING: Final = """
WITH given AS (
  SELECT s.*, (extract(epoch FROM s.reached_at - b.starts) * 1000000)::bigint AS us
  FROM standing s JOIN board b ON b.id = s.board WHERE s.board = $1
), placed AS (
  SELECT *, row_number() OVER (PARTITION BY side ORDER BY score DESC, us, person) AS nth
  FROM given
), ranked AS (
  SELECT person, score AS points, row_number() OVER (ORDER BY score DESC, us / 1000, person) AS rank
  FROM given ORDER BY rank LIMIT $3
), tally AS (
  SELECT side, jsonb_build_object(
    'total', sum(score), 'reached', max(us) FILTER (WHERE score > 0),
    'best', coalesce(jsonb_agg(jsonb_build_object('person', person, 'points', score, 'reached', us))
                     FILTER (WHERE nth <= $4), '[]')) AS said
  FROM placed GROUP BY side
), told AS (
  SELECT id, person, side, moment FROM change WHERE board = $1 AND moment IS NOT NULL
  ORDER BY id DESC LIMIT $5
)
SELECT $2::text AS epoch, (SELECT coalesce(sum(version), 0)::bigint FROM given) AS version,
  leitai_clock() AS as_of,
  (SELECT coalesce(jsonb_object_agg(side, said), '{}') FROM tally) AS tallies,
  (SELECT coalesce(jsonb_agg(to_jsonb(r) ORDER BY rank), '[]') FROM ranked r) AS top,
  (SELECT coalesce(jsonb_agg(moment || jsonb_build_object('id', id, 'person', person, 'side', side)
                   ORDER BY id DESC), '[]') FROM told) AS moments
"""

# What was committed when this snapshot was taken; every row of it may be applied, but the
# cursor moves only over those behind the fence, where nothing can turn up any more.
CHANGES: Final = f"""
SELECT pg_snapshot_xmax(s)::text::bigint AS xmax, at,
  c.xid::text::bigint AS xid, c.id, c.person, c.side, c.score, c.version, c.moment,
  (extract(epoch FROM c.reached_at - b.starts) * 1000000)::bigint AS reached,
  c.xid < pg_snapshot_xmin(s) AS is_settled
FROM (SELECT pg_current_snapshot() AS s, leitai_clock() AS at) n
CROSS JOIN board b
LEFT JOIN LATERAL (
  SELECT * FROM change
  WHERE board = $1 AND (xid, id) > ($2::text::xid8, $3::bigint)
  ORDER BY xid, id LIMIT {BATCH}
) c ON true
WHERE b.id = $1
ORDER BY c.xid, c.id
"""

FINISH: Final = """
SELECT b.*, leitai_clock() AS at, (
  SELECT coalesce(jsonb_object_agg(p.id, jsonb_build_object('name', p.name, 'side', s.side)), '{}')
  FROM person p JOIN standing s ON s.board = b.id AND s.person = p.id
  WHERE p.id = ANY ($2::uuid[]) AND NOT p.opted_out
) AS named
FROM board b WHERE b.id = $1
"""

AROUND: Final = """
WITH placed AS (
  SELECT s.person, s.score, row_number() OVER place AS rank,
    row_number() OVER on_side AS side_rank, lag(s.person) OVER on_side AS above,
    coalesce(lag(s.score) OVER on_side, 0) AS above_points,
    first_value(s.score) OVER on_side AS first_points, s.side
  FROM standing s JOIN board b ON b.id = s.board WHERE s.board = $1
  WINDOW place AS (ORDER BY s.score DESC,
                     (extract(epoch FROM s.reached_at - b.starts) * 1000000)::bigint / 1000,
                     s.person),
    on_side AS (PARTITION BY s.side ORDER BY s.score DESC,
                  (extract(epoch FROM s.reached_at - b.starts) * 1000000)::bigint / 1000, s.person)
)
SELECT rank, side_rank, score AS points, above, above_points, first_points
FROM placed WHERE person = $2
"""

SNAPSHOT_ROWS: Final = """
SELECT s.person, s.side, s.score, s.version,
  (extract(epoch FROM s.reached_at - b.starts) * 1000000)::bigint AS reached
FROM standing s JOIN board b ON b.id = s.board WHERE s.board = $1
"""


class Named(msgspec.Struct, frozen=True):
    """Who may be named, and on which side they are."""

    name: str
    side: str


class Finish(msgspec.Struct, frozen=True):
    """The board's row, the server's time, and the names of those who may be named."""

    board: Board
    at: datetime
    named: dict[UUID, Named]


class Change(msgspec.Struct, frozen=True):
    """A change row; `is_settled` once nothing older can turn up before it."""

    xid: int
    id: int
    is_settled: bool
    row: StandingRow
    told: Told | None


class Changes(msgspec.Struct, frozen=True):
    """What follows a cursor; `xmax` is the next transaction id PostgreSQL will give."""

    xmax: int
    at: datetime
    rows: list[Change]


class Snapshot(msgspec.Struct, frozen=True):
    """All that a rebuild needs, of one moment; `x` is the fence of that moment."""

    x: int
    at: datetime
    rows: list[StandingRow]
    moments: tuple[Told, ...]


class Expected(msgspec.Struct, frozen=True):
    """What the auditor compares with: sums by side, and some of the standings."""

    version: int
    members: dict[str, int]
    totals: dict[str, int]
    rows: list[StandingRow]


async def board(board_id: UUID) -> Board | None:
    """The row of a board."""
    return await db.row(Board, "SELECT * FROM board WHERE id = $1", board_id)


async def open_boards(woken: Iterable[UUID] | None = None) -> list[Board]:
    """Boards that are shown from Redis now: all, or those of `woken`."""
    some = None if woken is None else list(woken)
    return await db.rows(
        Board,
        f"SELECT * FROM board WHERE state IN {OPEN_STATES}"
        " AND ($1::uuid[] IS NULL OR id = ANY ($1))",
        some,
    )


async def reading(board: Board, top: int) -> Reading:
    """The standings from SQL, in one statement."""
    found = await db.row(
        Reading, READING, board.id, SQL_EPOCH, top, best_kept(board.best_n), MOMENTS
    )
    if found is None:
        raise AssertionError("a SELECT without FROM has one row")
    return found


async def finish(board_id: UUID, people: Iterable[UUID]) -> Finish | None:
    """What a frame needs beside the standings: row, time, names."""
    async with db.connection() as one:
        found = await one.fetchrow(FINISH, board_id, list(people))
    return None if found is None else _finish(dict(found))


def _finish(found: dict[str, Any]) -> Finish:
    return Finish(
        board=db.convert(found, Board),
        at=found["at"],
        named=msgspec.convert(found["named"], dict[UUID, Named]),
    )


async def side_of(board_id: UUID, person: UUID) -> str | None:
    """The side of a person, None without a standing."""
    side: str | None = await db.value(
        "SELECT side FROM standing WHERE board = $1 AND person = $2", board_id, person
    )
    return side


async def around(board_id: UUID, person: UUID) -> Around | None:
    """A person's ranks from SQL."""
    return await db.row(Around, AROUND, board_id, person)


async def name_of(person: UUID) -> str | None:
    """The name of a person who may be named."""
    name: str | None = await db.value(
        "SELECT name FROM person WHERE id = $1 AND NOT opted_out", person
    )
    return name


async def changes_after(board_id: UUID, x: int, i: int) -> Changes | None:
    """What was written after a cursor (transaction id, row id), in that order."""
    async with db.connection() as one:
        found = await one.fetch(CHANGES, board_id, str(x), i)
    if not found:
        return None
    rows = [_change(each) for each in found if each["id"] is not None]
    return Changes(found[0]["xmax"], found[0]["at"], rows)


def _change(each: asyncpg.Record) -> Change:
    told = each["moment"]
    if told is not None:
        told |= {"id": each["id"], "person": str(each["person"]), "side": each["side"]}
    return Change(
        xid=each["xid"],
        id=each["id"],
        is_settled=each["is_settled"],
        row=_standing(each),
        told=None if told is None else msgspec.convert(told, Told),
    )


def _standing(each: asyncpg.Record) -> StandingRow:
    return StandingRow(
        each["person"], each["side"], each["score"], each["reached"], each["version"]
    )


async def snapshot(board: Board) -> Snapshot:
    """All standings and the fence, of one REPEATABLE READ snapshot."""
    async with db.connection() as one, one.transaction(isolation="repeatable_read", readonly=True):
        fence = await one.fetchrow(
            "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS x,"
            " leitai_clock() AS at"
        )
        rows = [_standing(each) for each in await one.fetch(SNAPSHOT_ROWS, board.id)]
        told = await one.fetch(
            "SELECT id, person, side, moment FROM change"
            " WHERE board = $1 AND moment IS NOT NULL ORDER BY id DESC LIMIT $2",
            board.id, MOMENTS,
        )  # fmt: skip
    moments = tuple(
        msgspec.convert(
            each["moment"]
            | {"id": each["id"], "person": str(each["person"]), "side": each["side"]},
            Told,
        )
        for each in told
    )
    return Snapshot(fence["x"], fence["at"], rows, moments)


async def expected(board_id: UUID, sample: int) -> Expected:
    """What the view of a board must hold at least: sums, and `sample` random standings."""
    async with db.connection() as one, one.transaction(isolation="repeatable_read", readonly=True):
        sums = await one.fetch(
            "SELECT side, count(*) AS members, sum(score)::bigint AS total,"
            " sum(version)::bigint AS version FROM standing WHERE board = $1 GROUP BY side",
            board_id,
        )
        rows = await one.fetch(SNAPSHOT_ROWS + "ORDER BY random() LIMIT $2", board_id, sample)
    return Expected(
        version=sum(each["version"] for each in sums),
        members={each["side"]: each["members"] for each in sums},
        totals={each["side"]: each["total"] for each in sums},
        rows=[_standing(each) for each in rows],
    )


async def versions(board_id: UUID, people: Iterable[UUID]) -> dict[UUID, int]:
    """The versions of some standings now."""
    async with db.connection() as one:
        found = await one.fetch(
            "SELECT person, version FROM standing WHERE board = $1 AND person = ANY ($2::uuid[])",
            board_id, list(people),
        )  # fmt: skip
    return {each["person"]: each["version"] for each in found}
