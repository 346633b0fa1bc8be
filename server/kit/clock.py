"""One clock: the database's. No host, and no phone, decides when something was received."""

from datetime import datetime

from server.kit import db


async def now() -> datetime:
    """The moment by `leitai_clock()`, in UTC; under a lock it is the moment after waiting."""
    moment: datetime = await db.value("SELECT leitai_clock()")
    return moment
