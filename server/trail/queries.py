"""Reading the audit trail."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from server.kit import db

PAGE: Final = 40


class Record(msgspec.Struct, frozen=True):
    """Who did what to whom or what, when and why; `seal` is None until it is sealed."""

    id: UUID
    at: datetime
    actor: str | None
    """The name of who did it; None: the product itself."""
    verb: str
    subject: str
    whom: str | None
    """The name of the person it was done to, where it was one."""
    reason: str
    seal: int | None


class Standing(msgspec.Struct, frozen=True):
    """How far the seals reach: the newest one, and the first digits of its mac."""

    n: int
    mac: str
    at: datetime


_RECORDS: Final = """
SELECT r.id, r.at, a.name AS actor, r.verb, r.subject, p.name AS whom, r.reason,
       (SELECT min(n) FROM seal WHERE upto > r.xid) AS seal
FROM audit_record r LEFT JOIN person a ON a.id = r.actor
LEFT JOIN person p ON r.subject = 'person:' || p.id
WHERE $1 = '' OR a.name = $1 OR p.name = $1 OR r.subject = $1
ORDER BY r.at DESC, r.id DESC LIMIT $2 OFFSET $3
"""


async def records(query: str = "", skip: int = 0) -> list[Record]:
    """Return a page of records and one more, newest first; `query` is a name or a subject."""
    return await db.rows(Record, _RECORDS, query, PAGE + 1, skip)


async def standing() -> Standing | None:
    """Return the newest seal; None before the first."""
    return await db.row(
        Standing,
        "SELECT n, left(encode(mac, 'hex'), 12) AS mac, at FROM seal ORDER BY n DESC LIMIT 1",
    )
