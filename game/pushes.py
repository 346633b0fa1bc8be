"""When a phone may be disturbed (M3): not at night, and at most twice a day."""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from game.periods import window

QUIET_FROM: Final = time(21)
QUIET_UNTIL: Final = time(9)
"""The quiet hours, by the clock of the company: from the evening until the morning."""
A_DAY: Final = 2
"""So many pushes a person gets on one day of the company."""
LATER: Final = timedelta(days=14)
"""Whoever said "later" is not asked again for so long."""


def goes_at(
    now: datetime, zone: ZoneInfo, *, sent: Collection[datetime], is_here: bool
) -> datetime | None:
    """Return when a push may go: `now`, the end of the quiet hours, or not at all (None).

    `sent` are the moments of earlier ones; whoever has a page of ours open sees it there.
    """
    if is_here:
        return None
    at = _awake(now, zone)
    today, _ = window("day", at, zone)
    return at if sum(each >= today for each in sent) < A_DAY else None


def _awake(now: datetime, zone: ZoneInfo) -> datetime:
    """Return `now`, or the next morning where it falls into the quiet hours."""
    local = now.astimezone(zone)
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return now
    day = local.date() + timedelta(days=local.time() >= QUIET_FROM)
    return datetime.combine(day, QUIET_UNTIL, zone)


def may_ask(now: datetime, *, had_a_moment: bool, asked_at: datetime | None) -> bool:
    """Tell whether to offer pushes: after a first good moment, and not soon after "later"."""
    return had_a_moment and (asked_at is None or now >= asked_at + LATER)
