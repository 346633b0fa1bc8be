"""Budgets: how full a cap is, and what a campaign would cost if it ended now (G11)."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

import msgspec

Level = Literal["calm", "near", "reached"]


class Used(msgspec.Struct, frozen=True):
    """What a campaign or a store has used of its cap, in 分 (`cap` None: no cap).

    `spent` is in people's wallets, `promised` waits for a verdict or for room, `beside` was
    promised in pots and bonuses.
    """

    cap: int | None
    spent: int
    promised: int = 0
    beside: int = 0

    @property
    def together(self) -> int:
        """What is gone for good."""
        return self.spent + self.beside

    @property
    def left(self) -> int | None:
        """What may still be spent; below 0 where a cap was lowered, None without one."""
        return None if self.cap is None else self.cap - self.together

    @property
    def forecast(self) -> int:
        """What it would cost if it ended now: what is gone, and what is promised."""
        return self.together + self.promised


def level(used: Used, warn_at: Fraction) -> Level:
    """Say whether a cap is reached, or its warning."""
    if used.cap is None or used.together < used.cap * warn_at:
        return "calm"
    return "reached" if used.together >= used.cap else "near"


def percent(part: int, whole: int) -> int:
    """Return a share in whole percent, rounded down; 0 of nothing."""
    return part * 100 // whole if whole else 0
