"""Who is where: the order of sides and persons, and its packing into one number (E3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from fractions import Fraction

import msgspec

POINTS_BITS = 21
MS_BITS = 32
POINTS_END = 1 << POINTS_BITS
MS_END = 1 << MS_BITS

_NEVER = datetime(1, 1, 1, tzinfo=UTC)


class Standing(msgspec.Struct, frozen=True):
    """A score with the moment it was reached; None where it never moved from 0."""

    name: str
    score: Fraction
    reached_at: datetime | None


def order(standings: Iterable[Standing]) -> list[Standing]:
    """Sort: highest score, then reached earlier, then name by code point; no two are equal."""
    return sorted(standings, key=_place)


def _place(standing: Standing) -> tuple[Fraction, bool, datetime, str]:
    reached = standing.reached_at
    return -standing.score, reached is not None, reached or _NEVER, standing.name


def pack(points: int, reached_ms: int) -> int:
    """Return one number whose ascending order is better first: more points, then sooner.

    `points` < 2^21 and `reached_ms`, counted from the start of the board, < 2^32; so it is
    exact as a double. Anything else raises ValueError.
    """
    if not 0 <= points < POINTS_END or not 0 <= reached_ms < MS_END:
        msg = f"points {points} or ms {reached_ms} do not fit a board"
        raise ValueError(msg)
    return reached_ms - (points << MS_BITS)


def unpack(packed: int) -> tuple[int, int]:
    """Return (points, reached_ms) of a packed number."""
    points = -(packed >> MS_BITS)
    return points, packed + (points << MS_BITS)


def fits(starts: datetime, ends: datetime) -> bool:
    """Tell whether every moment of [starts, ends) packs: a board lasts at most 49.7 days."""
    return (ends - starts).total_seconds() * 1000 <= MS_END


def points_to_pass(mine: Fraction, theirs: Fraction, members: int = 1) -> int:
    """Return the fewest points with which `mine` is more: who is equal later stays behind.

    `members` divide a per-head score.
    """
    return max(0, (theirs - mine) * members // 1 + 1)
