"""Whether somebody has a page of ours open, asked from wherever jobs run."""

from collections.abc import Iterable
from uuid import UUID

from server.config import settings
from server.kit import presence
from server.kit.redis import Link


async def here(people: Iterable[UUID]) -> set[UUID]:
    """Return those of some people who have a page open, in any process."""
    link = Link(settings().redis_url or "")
    try:
        return await presence.here(link, people)
    finally:
        await link.close()
