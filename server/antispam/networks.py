"""Networks of the company's own: many colleagues report from one, so its limit is another (I2)."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from game.errors import RuleViolation
from game.lead_spam import LeadLimits
from server.kit import clock, db
from server.kit.db import command
from server.people.rights import record

NAME_MOST: Final = 60
BUSY_MOST: Final = 20

REGISTERED: Final = """
SELECT n.token, n.name, p.name AS added_by, n.added_at,
  coalesce((SELECT sum(count)::int FROM lead_count WHERE kind = 'network' AND token = n.token), 0)
    AS leads
FROM registered_network n JOIN person p ON p.id = n.added_by ORDER BY n.name, n.token
"""
# Where a day brought more than usual, with who reported from there: that tells what place it is.
BUSY: Final = """
SELECT c.token, max(c.count) AS most, max(c.day)::timestamptz AS last_at,
  array(SELECT p.name FROM lead_arrival a JOIN person p ON p.id = a.person
    WHERE a.network = c.token GROUP BY p.name, p.sort_name ORDER BY p.sort_name, p.name LIMIT 6) AS people
FROM lead_count c
WHERE c.kind = 'network' AND c.count > $1
  AND NOT EXISTS (SELECT FROM registered_network n WHERE n.token = c.token)
GROUP BY c.token ORDER BY max(c.day) DESC, max(c.count) DESC, c.token LIMIT $2
"""


class Registered(msgspec.Struct, frozen=True):
    """A network that the company knows; `leads` came from it within the days that are kept."""

    token: str
    name: str
    added_by: str
    added_at: datetime
    leads: int


class Busy(msgspec.Struct, frozen=True):
    """A network nobody registered, from which a day brought more leads than usual."""

    token: str
    most: int
    """Leads of its busiest day."""
    last_at: datetime
    people: list[str]


async def registered() -> list[Registered]:
    """Return the networks of the company by their names."""
    return await db.rows(Registered, REGISTERED)


async def busy() -> list[Busy]:
    """Return the networks that may be a store's, the latest first."""
    return await db.rows(Busy, BUSY, LeadLimits().network_day, BUSY_MOST)


@command
async def register(token: str, name: str, by: UUID) -> None:
    """Name a network as the company's own; `token` is what devices.network_of says of it.

    Refused as `network_unnamed`, `network_unknown` and `network_registered`.
    """
    called = " ".join(name.split())[:NAME_MOST]
    if not called:
        raise RuleViolation("network_unnamed")
    if len(token) != 64:
        raise RuleViolation("network_unknown")
    tag = await db.execute(
        "INSERT INTO registered_network VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        token, called, by, await clock.now(),
    )  # fmt: skip
    if tag.endswith(" 0"):
        raise RuleViolation("network_registered")
    await record(by, "register_network", f"network:{token[:12]}", called)


@command
async def remove(token: str, by: UUID) -> None:
    """Take a network off again: from now on it is one like any other."""
    name = await db.value("DELETE FROM registered_network WHERE token = $1 RETURNING name", token)
    if name is None:
        raise RuleViolation("network_unknown")
    await record(by, "remove_network", f"network:{token[:12]}", name)
