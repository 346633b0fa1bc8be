"""From news to phones: who is told now, who in the morning, who not at all."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog

from game.errors import RuleViolation
from game.pushes import goes_at
from server.config import settings
from server.kit import clock, db
from server.kit.db import command
from server.notifications import queries as notices
from server.notifications.words import WORDS
from server.push import commands, keys, queries, sending
from server.push.keys import Pair
from server.push.payloads import News
from server.push.queries import Device, Waiting
from server.push.words import MANNERS

log = structlog.get_logger()

AT_ONCE: Final = 20
"""Messages on their way at the same time."""
URGENT: Final = ("high", "normal", "low")


async def deliver(people: Sequence[UUID], here: Collection[UUID]) -> dict[datetime, list[UUID]]:
    """Push to each of these people what waits for them, `here` are those with a page open.

    Returns whom to try again when: the quiet hours end. A push is written down before it is sent,
    so that a crash loses it rather than sending it twice.
    """
    try:
        pair = await keys.ours()
    except RuleViolation as refusal:
        log.warning("push_key_sealed", reason=refusal.code)
        return {}
    due: list[tuple[News, UUID]] = []
    later: dict[datetime, list[UUID]] = {}
    for person in people:
        found = await claim(person, is_here=person in here)
        if isinstance(found, datetime):
            later.setdefault(found, []).append(person)
        elif found is not None:
            due.append((found, person))
    await _send_all(due, pair)
    return later


@command
async def claim(person: UUID, *, is_here: bool) -> News | datetime | None:
    """Decide for one person: the news to push now, the moment to look again, or nothing."""
    # Two jobs of one burst take turns: the second finds that the first has sent.
    locale = await db.value(
        "SELECT locale FROM person WHERE id = $1 AND active FOR NO KEY UPDATE", person
    )
    if locale is None:
        return None
    said = await queries.choice(person)
    waiting = await queries.waiting(person, said.unwanted)
    if not waiting:
        return None
    now, zone = await clock.now(), ZoneInfo(settings().company_timezone)
    at = goes_at(now, zone, sent=await queries.sent(person), is_here=is_here)
    if at is None or at > now:
        return at
    first = _first(waiting)
    group = WORDS[first.kind].group
    await commands.note_sent(person, group, now)
    unread = await notices.unread(person)
    return News(first.id, first.kind, group, len(waiting) - 1, unread, locale)


def _first(waiting: Sequence[Waiting]) -> Waiting:
    """Return what a push speaks of: the most urgent news, of those the newest."""
    return min(waiting, key=lambda each: URGENT.index(MANNERS[WORDS[each.kind].group].urgency))


async def _send_all(due: Sequence[tuple[News, UUID]], pair: Pair) -> None:
    free = asyncio.Semaphore(AT_ONCE)

    async def send(news: News, device: Device) -> Device | None:
        async with free:
            return device if await sending.send(news, device, pair) == "gone" else None

    wanted = [(news, each) for news, person in due for each in await queries.devices(person)]
    gone = await asyncio.gather(*[send(news, device) for news, device in wanted])
    if any(gone):
        await commands.forget_devices(device for device in gone if device is not None)
