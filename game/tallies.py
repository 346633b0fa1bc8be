"""A side's score as it grows: the sum of its members, or of the best of them (E3, E9)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from heapq import heappop, heappush


def tally(
    entries: Iterable[tuple[str, int, datetime]], best_n: int | None = None
) -> tuple[int, datetime | None]:
    """Return the score of one side and when it was reached (None: it never moved).

    `entries` are (person, points, received_at) in the order received. With `best_n` only
    that many members count, those with the most points.
    """
    best = _Best(best_n)
    total, reached_at = 0, None
    for person, points, received_at in entries:
        best.add(person, points)
        if best.total != total:
            total, reached_at = best.total, received_at
    return total, reached_at


class _Best:
    """The sum over the best n members, kept while their points grow."""

    def __init__(self, count: int | None) -> None:
        self.total = 0
        self._count = count
        self._points: dict[str, int] = defaultdict(int)
        self._counted: set[str] = set()
        # Smallest first; an entry is stale once its person has more points or was passed.
        self._heap: list[tuple[int, str]] = []

    def add(self, person: str, points: int) -> None:
        self._points[person] += points
        if self._count is None or person in self._counted:
            self.total += points
            self._push(person)
        elif len(self._counted) < self._count:
            self._counted.add(person)
            self.total += self._points[person]
            self._push(person)
        else:
            self._pass_the_last(person)

    def _push(self, person: str) -> None:
        if self._count is not None:
            heappush(self._heap, (self._points[person], person))

    def _pass_the_last(self, person: str) -> None:
        while not self._is_current(*self._heap[0]):
            heappop(self._heap)
        least, last = self._heap[0]
        if self._points[person] <= least:
            return
        heappop(self._heap)
        self._counted.remove(last)
        self._counted.add(person)
        self.total += self._points[person] - least
        self._push(person)

    def _is_current(self, points: int, person: str) -> bool:
        return person in self._counted and self._points[person] == points
