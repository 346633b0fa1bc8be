"""What waits in an inbox: reads only."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from game.errors import RuleViolation
from server.kit import db
from server.notifications.words import WORDS

PAGE: Final = 40


class Notice(msgspec.Struct, frozen=True):
    """One piece of news of one person."""

    id: UUID
    kind: str
    facts: dict[str, Any]
    href: str
    at: datetime
    read_at: datetime | None


async def inbox(person: UUID, skip: int = 0) -> list[Notice]:
    """Return a page of a person's news and one more: what is unread first, then the newest."""
    return await db.rows(
        Notice,
        "SELECT id, kind, facts, href, at, read_at FROM notice"
        " WHERE person = $1 AND kind = ANY ($2)"
        " ORDER BY read_at IS NULL DESC, at DESC, id DESC LIMIT $3 OFFSET $4",
        person, list(WORDS), PAGE + 1, skip,
    )  # fmt: skip


async def unread(person: UUID) -> int:
    """Return how much news a person has not read."""
    found: int = await db.value(
        "SELECT count(*) FROM notice WHERE person = $1 AND read_at IS NULL AND kind = ANY ($2)",
        person, list(WORDS),
    )  # fmt: skip
    return found


async def notice(person: UUID, notice_id: UUID) -> Notice:
    """Return one piece of a person's own news; refused as `not_found`."""
    found = await db.row(
        Notice,
        "SELECT id, kind, facts, href, at, read_at FROM notice WHERE id = $1 AND person = $2",
        notice_id, person,
    )  # fmt: skip
    if found is None:
        raise RuleViolation("not_found")
    return found
