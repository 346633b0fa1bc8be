"""What may happen to a lead when: submitted → valid → assigned → contacted → visiting → deal (D5).

A deal may come at any step of the way: a customer who walks in skips the rest. What is refused or
struck frees its customer (D6); a loss doesn't, and the customer may still come back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, get_args

from game.errors import RuleViolation

Stage = Literal[
    "submitted",
    "valid",
    "assigned",
    "contacted",
    "visiting",
    "deal",
    "lost",
    "duplicate",
    "invalid",
    "withdrawn",
]
STAGES: Final[tuple[Stage, ...]] = get_args(Stage)

WAY: Final[tuple[Stage, ...]] = STAGES[:6]
"""The way of a lead that goes well."""

FREEING: Final = frozenset({"duplicate", "invalid", "withdrawn"})
"""Stages in which a lead keeps no customer from others (D6)."""

FOLLOWED: Final = frozenset({"assigned", "contacted", "visiting"})
"""Stages in which somebody is to follow a lead up (D4)."""

REASONED: Final = frozenset({"lost", "duplicate", "invalid", "withdrawn"})
"""Stages whose reason the reporter reads; a loss and an invalid lead can't do without one."""

_STRUCK: Final[tuple[Stage, ...]] = ("invalid", "withdrawn")
_NEXT: Final[Mapping[str, tuple[Stage, ...]]] = {
    "submitted": ("valid", "duplicate", "invalid", "withdrawn"),
    "valid": ("assigned", "deal", "lost", *_STRUCK),
    "assigned": ("contacted", "visiting", "deal", "lost", *_STRUCK),
    "contacted": ("visiting", "deal", "lost", *_STRUCK),
    "visiting": ("deal", "lost", *_STRUCK),
    # A deal that was refunded or struck: its customer is talked to again, or lost.
    "deal": ("visiting", "lost", *_STRUCK),
    "lost": ("contacted", "visiting", "deal", *_STRUCK),
    # Looked at again after an appeal.
    "duplicate": ("submitted", "valid", "withdrawn"),
    "invalid": ("submitted", "valid", "withdrawn"),
    "withdrawn": (),
}


def following(stage: str) -> tuple[Stage, ...]:
    """Return the stages that may come after this one."""
    return _NEXT.get(stage, ())


def check_advance(before: str, now: str, note: str = "") -> None:
    """Refuse a step that isn't allowed from `before`, or lacks its reason (D5).

    Refused as `lead_step_taken` where the lead is there already, `lead_step_closed`, and
    `reason_missing` for a lost or an invalid lead without a note.
    """
    if now == before:
        raise RuleViolation("lead_step_taken", stage=now)
    if now not in following(before):
        raise RuleViolation("lead_step_closed", stage=before, asked=now)
    if now in {"lost", "invalid"} and not note.strip():
        raise RuleViolation("reason_missing")


def by_owner(stage: str) -> tuple[Stage, ...]:
    """Return the steps that whoever follows a lead up takes with one tap (D5)."""
    return tuple(each for each in following(stage) if each in {"contacted", "visiting", "lost"})
