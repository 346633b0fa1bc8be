"""Rank-around-me: what it costs among 1,000,000 people ÷ among 10,000."""

import random
import statistics
import time
from collections.abc import Iterator, Sequence
from typing import Any, overload
from uuid import UUID

import uvloop

from server.boards.readings import StandingRow
from server.boards.schemas import Board, Pot, Side
from server.boards.view import View
from server.kit import embedded
from server.kit.redis import Link
from tests.support.boards import CUT_OFF, STARTS

SMALL, LARGE = 10_000, 1_000_000
SIDES = 7
ASKED = 2_000
ROUNDS = 5


class People(Sequence[StandingRow]):
    """So many people with scores all over the range, made when they are looked at."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> StandingRow: ...
    @overload
    def __getitem__(self, index: slice) -> list[StandingRow]: ...
    def __getitem__(self, index: int | slice) -> StandingRow | list[StandingRow]:
        if isinstance(index, slice):
            return [self[n] for n in range(*index.indices(self._count))]
        if not 0 <= index < self._count:
            raise IndexError(index)
        scattered = index * 2_654_435_761
        return StandingRow(
            person_of(index), side_of(index), scattered % 100_000, scattered % 10**10, 1
        )

    def __iter__(self) -> Iterator[StandingRow]:
        return (self[n] for n in range(self._count))


def person_of(index: int) -> UUID:
    return UUID(int=(index * 0x9E3779B97F4A7C15F39CC0605CEDC835) % (1 << 128))


def side_of(index: int) -> str:
    return f"{index % SIDES}队"


def run() -> dict[str, Any]:
    """Measure; returns the growth of a call, and of what Valkey alone spends on it."""
    with embedded.throwaway("bench-around") as services:
        return uvloop.run(_measure(services.redis_url))


async def _measure(valkey: str) -> dict[str, Any]:
    link = Link(valkey)
    view = View(link)
    boards = {count: _board(count) for count in (SMALL, LARGE)}
    for count, board in boards.items():
        await view.rebuild(board, 1, STARTS, People(count), [])
    spent: dict[int, list[tuple[float, float]]] = {count: [] for count in boards}
    seed = random.Random(1)
    for _ in range(ROUNDS):
        for count, board in boards.items():
            await link.client.config_resetstat()
            whole = await _ask(view, board, count, seed)
            stats = await link.client.info("commandstats")
            spent[count].append((whole, float(stats["cmdstat_evalsha"]["usec_per_call"])))
    await link.close()
    (small, small_inside), (large, large_inside) = (
        [statistics.median(costs) for costs in zip(*spent[count], strict=True)]
        for count in (SMALL, LARGE)
    )
    return {
        "around_me_growth": round(large / small, 3),
        "around_me_growth_in_valkey": round(large_inside / small_inside, 3),
        "around_me_10k_us": round(small, 1),
        "around_me_1m_us": round(large, 1),
    }


async def _ask(view: View, board: Board, count: int, seed: random.Random) -> float:
    """Return what one question costs, in µs, with the way there and back."""
    people = [seed.randrange(count) for _ in range(ASKED)]
    began = time.perf_counter()
    for index in people:
        if await view.around(board, side_of(index), person_of(index)) is None:
            raise RuntimeError("somebody is not where they should be")
    return (time.perf_counter() - began) / ASKED * 1e6


def _board(count: int) -> Board:
    return Board(
        id=UUID(int=count), state="live", title={}, starts=STARTS, cut_off=CUT_OFF, score="sum",
        best_n=None, sides=tuple(Side(f"{n}队", n + 1) for n in range(SIDES)),
        pot=Pot(None, 0), winners=(), version=1,
    )  # fmt: skip


if __name__ == "__main__":
    print(run())
