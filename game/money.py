"""Integer sums: the one rounding place and the one way to divide."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction


def floor_times(points: int, times: Fraction) -> int:
    """Return `points` × `times`, rounded down to a whole number (C6)."""
    return points * times.numerator // times.denominator


def nearest(exact: Fraction) -> int:
    """Round a sum ≥ 0 to a whole 分, half of one up (四舍五入): once, where it is paid (G4)."""
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def split(total: int, weights: Mapping[str, int | Fraction]) -> dict[str, int]:
    """Divide `total` by `weights` exactly: largest remainder, equals to the smaller id (E6).

    Weights are ≥ 0 and where all are 0 everyone weighs the same. The parts always sum to
    `total`; without anyone to take it the total must be 0. Ids are compared by code point.
    """
    if total < 0 or any(weight < 0 for weight in weights.values()):
        msg = "a total and its weights are never negative"
        raise ValueError(msg)
    if not weights:
        if total:
            msg = "nobody is there to take the total"
            raise ValueError(msg)
        return {}
    whole = sum(weights.values(), start=Fraction(0))
    if whole == 0:
        return split(total, dict.fromkeys(weights, 1))

    exact = {taker: total * Fraction(weight) / whole for taker, weight in weights.items()}
    parts = {taker: share.numerator // share.denominator for taker, share in exact.items()}
    left = total - sum(parts.values())
    by_remainder = sorted(exact, key=lambda taker: (parts[taker] - exact[taker], taker))
    for taker in by_remainder[:left]:
        parts[taker] += 1
    return parts
