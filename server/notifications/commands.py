"""Reading: a notice is read by opening it, or with all the others."""

from typing import Final
from uuid import UUID

from server.kit import clock, db
from server.kit.db import command
from server.notifications.hints import hint

KEPT: Final = "180 days"
"""Read news older than this is deleted; unread news waits."""


@command
async def read(person: UUID, notice: UUID) -> None:
    """Mark one notice of this person as read; the badge of their other devices follows."""
    await _read(person, "AND id = $3", notice)


@command
async def read_all(person: UUID, until: UUID) -> None:
    """Mark as read what was there when the page was drawn: the notice `until` and all before."""
    await _read(person, "AND at <= (SELECT at FROM notice WHERE id = $3 AND person = $1)", until)


@command
async def forget() -> None:
    """Delete read news that is old."""
    await db.execute(
        "DELETE FROM notice WHERE read_at IS NOT NULL AND at < leitai_clock() - $1::text::interval",
        KEPT,
    )


async def _read(person: UUID, which: str, about: UUID) -> None:
    done = await db.execute(
        f"UPDATE notice SET read_at = $2 WHERE person = $1 AND read_at IS NULL {which}",
        person, await clock.now(), about,
    )  # fmt: skip
    if done != "UPDATE 0":
        await hint([person], "inbox")
