"""What both sources, Redis and SQL, say about a board's standings, in one shape."""

from datetime import datetime
from fractions import Fraction
from uuid import UUID

import msgspec

from game.ranking import pack
from server.boards.schemas import MOMENTS, Board, Side


class Best(msgspec.Struct, frozen=True):
    """One of the best of a side; `reached` in µs since the board's start."""

    person: UUID
    points: int
    reached: int

    def place(self) -> tuple[int, int, UUID]:
        """Return its sort key on its side: more points, then sooner."""
        return -self.points, self.reached, self.person


class Tally(msgspec.Struct, frozen=True):
    """The sum of a side's points, last moved at `reached` µs (None: never).

    A `best_n` board also carries the best of the side: as many as count, and as many more as
    moments may be taken back.
    """

    total: int
    reached: int | None
    best: tuple[Best, ...] = ()


class Ranked(msgspec.Struct, frozen=True):
    """A person's place over all sides, from 1."""

    person: UUID
    points: int
    rank: int


class Told(msgspec.Struct, frozen=True):
    """A moment as it is kept: the id of its change row orders them."""

    id: int
    person: UUID
    side: str
    points: int
    kind_title: dict[str, str]
    at: datetime


class Reading(msgspec.Struct, frozen=True):
    """The standings at one point: `version` is the sum of all their versions."""

    epoch: str
    version: int
    as_of: datetime
    tallies: dict[str, Tally]
    top: tuple[Ranked, ...]
    moments: tuple[Told, ...]


class Around(msgspec.Struct, frozen=True):
    """A person's ranks from 1, and the points of whoever is above and first on their side."""

    rank: int
    side_rank: int
    points: int
    above: UUID | None
    above_points: int
    first_points: int


class StandingRow(msgspec.Struct, frozen=True):
    """One standing; `reached` in µs since the board's start."""

    person: UUID
    side: str
    score: int
    reached: int
    version: int

    @property
    def packed(self) -> int:
        """Its place as one number, ascending better first (E3)."""
        return pack(self.score, self.reached // 1000)


def best_kept(best_n: int | None) -> int:
    """Return how many of a side's best a reading carries: those that count and a few behind."""
    return 0 if best_n is None else best_n + MOMENTS


def score_of(board: Board, side: Side, tally: Tally) -> tuple[Fraction, int | None]:
    """Return a side's exact score and when it was reached, in µs since the start (E3)."""
    if board.score == "best_n":
        best = sorted(tally.best, key=Best.place)[: board.best_n]
        counted = [each for each in best if each.points]
        reached = max((each.reached for each in counted), default=None)
        return Fraction(sum(each.points for each in counted)), reached
    heads = max(side.members, 1) if board.score == "per_head" else 1
    return Fraction(tally.total, heads), tally.reached
