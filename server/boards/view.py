"""A board in Redis: rebuildable from SQL at any moment, never official.

All keys of a board share the hash tag `{board:<id>}`, so that one Lua call works on a cluster
and whatever Redis loses of a board, it loses together: cursor, members and versions.
"""

from collections.abc import Awaitable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final, cast
from uuid import UUID

import msgspec
from redis.asyncio import Redis

from game.ranking import unpack
from server.boards.readings import (
    Around,
    Best,
    Ranked,
    Reading,
    StandingRow,
    Tally,
    Told,
    best_kept,
)
from server.boards.schemas import TOP, Board, Side
from server.kit import ids
from server.kit.redis import Link, Script

LUA: Final = Path(__file__).parent / "lua"
APPLY, READ, AROUND, SAMPLE = (
    Script((LUA / f"{name}.lua").read_text(encoding="utf-8"))
    for name in ("apply", "read", "around", "sample")
)
KEPT: Final = "boards"
"""The set of boards that have a view, so that those of ended boards can be dropped."""
REBUILDING_MS: Final = 3000
CHUNK: Final = 5000
# Opted-out people may be among the top and are left out of a frame.
SPARE: Final = 10


class Cursor(msgspec.Struct, frozen=True):
    """How far a view has got: the change row (transaction id, row id) it has passed."""

    epoch: str
    x: int
    i: int


class Applied(msgspec.Struct, frozen=True):
    """What a batch did: how much moved, and the sum of all versions after it."""

    moved: int
    version: int


class Sampled(msgspec.Struct, frozen=True):
    """What the view says of its people: see lua/sample.lua."""

    version: int
    cards: tuple[int, int]
    sides: tuple[tuple[int, int], ...]
    """For each side the total and the number of members."""
    rows: tuple[tuple[str, str, str, str], ...]


class View:
    """The boards of this deployment in Redis; every method may raise RedisAwayError."""

    def __init__(self, link: Link) -> None:
        self.link = link

    async def cursor(self, board: UUID) -> Cursor | None:
        """How far the board's view has got, None when there is none. Tries a Redis known away."""
        keys = _keys_of(board, ())
        found = await self.link.ask(
            lambda redis: _soon(redis.hmget(keys[0], ["epoch", "x", "i"])), probe=True
        )
        epoch, x, i = found
        return None if epoch is None or x is None or i is None else Cursor(epoch, int(x), int(i))

    async def apply(
        self,
        board: Board,
        cursor: Cursor,
        at: datetime,
        changes: Iterable[tuple[StandingRow, Told | None]],
    ) -> Applied | None:
        """Copy changes that are newer and move the cursor; None when the epoch has changed."""
        number = _numbers(board)
        arguments: list[Any] = [cursor.epoch, cursor.x, cursor.i, at.isoformat()]
        for row, told in changes:
            arguments += (
                str(row.person), number[row.side], row.version, row.packed, row.score, row.reached,
                told.id if told else 0, _kept(told) if told else "",
            )  # fmt: skip
        answer = await self._run(APPLY, _keys(board), arguments)
        return None if answer is None else Applied(*answer)

    async def read(self, board: Board) -> Reading | None:
        """The standings as one atomic reading; None without a view."""
        count = board.best_n or 0
        answer = await self._run(READ, _keys(board), [TOP + SPARE, count, best_kept(board.best_n)])
        return None if answer is None else _reading(board, answer)

    async def around(self, board: Board, side: str, person: UUID) -> Around | None:
        """A person's ranks, in O(log n); None when the view doesn't know them."""
        keys = _keys(board)
        asked = [keys[1], keys[3 + 2 * _numbers(board)[side]]]
        answer = await self._run(AROUND, asked, [str(person)])
        if answer is None:
            return None
        rank, side_rank, packed, above, above_packed, first_packed = answer
        return Around(
            rank=rank + 1,
            side_rank=side_rank + 1,
            points=_points(packed),
            above=UUID(above) if above else None,
            above_points=_points(above_packed),
            first_points=_points(first_packed),
        )

    async def sample(self, board: Board, rows: Iterable[StandingRow]) -> Sampled | None:
        """What the view holds of these people, and its own sums."""
        number = _numbers(board)
        arguments = [each for row in rows for each in (str(row.person), number[row.side])]
        answer = await self._run(SAMPLE, _keys(board), arguments)
        if answer is None:
            return None
        _, version, cards, sides, found = answer
        return msgspec.convert(
            {"version": version, "cards": cards, "sides": sides, "rows": found},
            Sampled,
            strict=False,
        )

    async def may_rebuild(self, board: UUID) -> bool:
        """Take the turn of rebuilding this board: one process at a time, for a few seconds."""
        turn = f"{_tag(board)}:rebuilding"
        taken = await self.link.ask(lambda redis: redis.set(turn, "1", nx=True, px=REBUILDING_MS))
        return taken is not None

    async def rebuild(
        self, board: Board, x: int, at: datetime, rows: Sequence[StandingRow], told: Iterable[Told]
    ) -> Applied:
        """Make the whole view anew beside the old one and swap it in, with a new epoch."""
        epoch = ids.new_token()[:12]
        version = sum(row.version for row in rows)
        meta = {"epoch": epoch, "x": x, "i": -1, "v": version, "as_of": at.isoformat()}

        async def work(redis: Redis) -> Applied:
            finals = _keys(board)
            fresh = [f"{key}:{epoch}" for key in finals]
            written = set()
            for index, mapping in _contents(board, meta, rows, told):
                written.add(index)
                key = fresh[index]
                is_hash = index in HASHES
                writing = redis.hset(key, mapping=mapping) if is_hash else redis.zadd(key, mapping)
                await _soon(writing)
                await redis.expire(key, 600)
            swap = redis.pipeline(transaction=True)
            for index, final in enumerate(finals):
                if index in written:
                    swap.rename(fresh[index], final)
                    swap.persist(final)
                else:
                    swap.unlink(final)
            swap.delete(f"{_tag(board.id)}:rebuilding")
            await swap.execute()
            await _soon(redis.sadd(KEPT, str(board.id)))
            return Applied(len(rows), version)

        return await self.link.ask(work)

    async def drop(self, board: UUID, sides: Iterable[Side]) -> None:
        """Forget a board that is not shown from Redis any more."""

        async def work(redis: Redis) -> None:
            await redis.unlink(*_keys_of(board, (side.place for side in sides)))
            await _soon(redis.srem(KEPT, str(board)))

        await self.link.ask(work)

    async def kept(self) -> set[UUID]:
        """The boards that have, or had, a view."""
        found = await self.link.ask(lambda redis: _soon(redis.smembers(KEPT)))
        return {UUID(each) for each in found}

    async def _run(self, script: Script, keys: list[str], arguments: list[Any]) -> Any:
        return await self.link.ask(lambda redis: script.run(redis, keys, arguments))


def _soon(answer: Any) -> Awaitable[Any]:
    """Name what the client's types leave open: an asynchronous client's answer is awaited."""
    return cast("Awaitable[Any]", answer)


META, PEOPLE, VERSIONS, TOTALS, TOLD = range(5)
HASHES: Final = {META, VERSIONS, TOTALS}


def _tag(board: UUID) -> str:
    return f"{{board:{board}}}"


def _keys(board: Board) -> list[str]:
    return _keys_of(board.id, tuple(side.place for side in board.sides))


def _keys_of(board: UUID, places: Iterable[int]) -> list[str]:
    tag = _tag(board)
    names = ["meta", "people", "versions", "totals", "moments"]
    for place in places:
        names += (f"side:{place}", f"reached:{place}")
    return [f"{tag}:{name}" for name in names]


def _numbers(board: Board) -> dict[str, int]:
    return {side.name: number for number, side in enumerate(board.sides, start=1)}


def _kept(told: Told) -> str:
    return msgspec.json.encode(told).decode()


def _points(packed: str) -> int:
    return unpack(int(packed))[0]


def _contents(
    board: Board, meta: dict[str, Any], rows: Sequence[StandingRow], told: Iterable[Told]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (which key, some of its content) of a whole view, in portions."""
    number = _numbers(board)
    totals = dict.fromkeys(number.values(), 0)
    for start in range(0, len(rows), CHUNK):
        portion: dict[int, dict[str, Any]] = {PEOPLE: {}, VERSIONS: {}}
        for row in rows[start : start + CHUNK]:
            person, side = str(row.person), number[row.side]
            portion[PEOPLE][person] = row.packed
            portion[VERSIONS][person] = row.version
            portion.setdefault(3 + 2 * side, {})[person] = row.packed
            if row.score:
                portion.setdefault(4 + 2 * side, {})[person] = row.reached
            totals[side] += row.score
        yield from portion.items()
    yield TOTALS, {str(side): total for side, total in totals.items()}
    moments = {_kept(each): each.id for each in told}
    if moments:
        yield TOLD, moments
    yield META, meta


def _reading(board: Board, answer: list[Any]) -> Reading:
    epoch, version, as_of, top, moments, sides = answer
    tallies = {
        side.name: Tally(
            total=int(total),
            reached=int(reached) if reached else None,
            best=tuple(
                Best(UUID(person), _points(packed), int(at)) for person, packed, at in _by(3, best)
            ),
        )
        for side, (total, reached, best) in zip(board.sides, sides, strict=True)
    }
    return Reading(
        epoch=epoch,
        version=int(version),
        as_of=datetime.fromisoformat(as_of),
        tallies=tallies,
        top=tuple(
            Ranked(UUID(person), _points(packed), rank)
            for rank, (person, packed) in enumerate(_by(2, top), start=1)
        ),
        moments=tuple(msgspec.json.decode(each, type=Told) for each in moments),
    )


def _by(size: int, flat: list[Any]) -> Iterator[tuple[Any, ...]]:
    """Cut a flat list into tuples."""
    return zip(*[iter(flat)] * size, strict=True)
