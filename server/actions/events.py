"""What the slices above learn from actions."""

from datetime import datetime
from typing import Any
from uuid import UUID

from server.kit.events import Event


class VerdictAsked(Event, frozen=True):
    """Somebody is about to decide on an action; a listener may refuse.

    `auditing` is the battle whose audit this verdict belongs to, None for the review desk.
    `is_withdrawn`: what the action stood for is gone, so there is nothing left to judge.
    """

    person: UUID
    plan: str
    kind: str
    received_at: datetime
    by: UUID | None
    auditing: UUID | None
    is_withdrawn: bool = False


class PointsChanged(Event, frozen=True):
    """The ledger now holds `delta` more (or fewer) points for an action."""

    action: UUID
    person: UUID
    plan: str
    kind: str
    received_at: datetime
    delta: int
    kind_title: dict[str, Any]


class ActionReported(Event, frozen=True):
    """An action was received; it is in the queue when its outcome is `pending`."""

    action: UUID
    person: UUID
    outcome: str


class Outcome(Event, frozen=True):
    """What became of one action: its outcome before, now, and the reviewer's reason if struck."""

    action: UUID
    person: UUID
    kind: str
    received_at: datetime
    before: str
    now: str
    reason: str


class OutcomesChanged(Event, frozen=True):
    """Actions of one plan came to other outcomes; told once, when all of them stand as they are."""

    plan: str
    outcomes: tuple[Outcome, ...]
