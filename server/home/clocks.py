"""Queues with their clocks: how much waits, how much of it is late, since or until when."""

from datetime import datetime
from uuid import UUID

import msgspec

from server.config import settings
from server.kit import clock, db, formats
from server.kit.i18n import _, ngettext


class Queue(msgspec.Struct, frozen=True):
    """How much waits; `next_due` is of what is not late yet, `oldest` since when the first waits."""

    count: int
    late: int = 0
    next_due: datetime | None = None
    oldest: datetime | None = None


async def queue(sql: str, *args: UUID) -> Queue:
    """Read a queue by a query of totals, which has one row."""
    found = await db.row(Queue, sql, *args)
    if found is None:
        raise RuntimeError("a query of totals has one row")
    return found


async def words(one: Queue, otherwise: str = "") -> str:
    """Say what is late, else until when the next is due, else since when the oldest waits."""
    if one.late:
        return ngettext("%(n)s is late", "%(n)s are late", one.late)
    now, zone = await clock.now(), settings().company_timezone
    if one.next_due is not None:
        return _("the next by %(when)s", when=formats.when(one.next_due, now, zone))
    if one.oldest is not None:
        return _("the oldest waits since %(when)s", when=formats.when(one.oldest, now, zone))
    return otherwise
