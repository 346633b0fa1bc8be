"""What is known around a referrer and a friend, gathered as Signals (I3)."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from game.antispam import Signals
from game.rings import CIRCLE_MOST, ring_around
from server.antispam.devices import token_of
from server.kit import clock, db

NEAR_MOST: Final = 500
"""Accounts around somebody, from device to device; more than these are a ring anyway."""

# A till's device is everybody's: who was seen on it shares nothing with the others there.
OWN_DEVICE: Final = (
    "NOT EXISTS (SELECT FROM sighting t WHERE t.kind = 'device' AND t.token = {0}.token"
    " AND t.role = 'till')"
)
SHARED: Final = f"""
SELECT
  EXISTS (SELECT FROM sighting a JOIN sighting b USING (kind, token)
    WHERE kind = 'device' AND a.person = $1 AND b.person = $2 AND $1 <> $2
      AND {OWN_DEVICE.format("a")}) AS same_device,
  EXISTS (SELECT FROM sighting WHERE kind = 'payer' AND person = $1 AND (token = $4
    OR token IN (SELECT token FROM sighting WHERE kind = 'payer' AND person = $2 AND $1 <> $2))
  ) AS same_payer,
  EXISTS (SELECT FROM sighting a JOIN sighting b USING (kind, token)
    WHERE kind = 'network' AND a.person = $1 AND b.person = $2 AND $1 <> $2
      AND least(a.last_at, b.last_at) > $3::timestamptz - interval '1 day') AS same_ip_24h,
  EXISTS (SELECT FROM sighting a JOIN sighting t USING (kind, token)
    WHERE kind = 'device' AND a.person = $2 AND a.role <> 'till' AND t.role = 'till'
  ) AS till_device,
  1 + (SELECT count(DISTINCT l.referrer) FROM sighting a JOIN sighting b USING (kind, token)
    JOIN referral_link l ON l.friend = b.person
    WHERE kind = 'device' AND a.person = $2 AND l.referrer <> $1
      AND {OWN_DEVICE.format("a")}) AS device_referrers,
  1 + (SELECT count(DISTINCT b.person) FROM sighting a JOIN sighting b USING (kind, token)
    WHERE kind = 'device' AND a.person = $2 AND b.person <> $2 AND b.role = 'friend'
      AND {OWN_DEVICE.format("a")}) AS device_accounts,
  1 + (SELECT count(DISTINCT b.person) FROM sighting a JOIN sighting b USING (kind, token)
    WHERE kind = 'network' AND a.person = $2 AND b.person <> $2 AND b.role = 'friend'
      AND b.first_at > $3::timestamptz - interval '1 day') AS network_accounts
"""
PACE: Final = """
SELECT 1 + count(*) FILTER (WHERE at > $3::timestamptz - interval '1 hour') AS in_hour,
       1 + count(*) FILTER (WHERE at > $3::timestamptz - interval '1 day') AS in_day,
       1 + count(*) FILTER (WHERE at > $3::timestamptz - interval '7 days') AS in_week,
       1 + count(*) AS in_month
FROM referral_link
WHERE referrer = $1 AND friend <> $2 AND at > $3::timestamptz - interval '30 days'
"""
ACCOUNTS: Final = """
SELECT
  $1::uuid = $2::uuid OR EXISTS (SELECT FROM person_phone WHERE person = $1 AND blind_index = $4) AS same_phone,
  EXISTS (SELECT FROM person p LEFT JOIN person_phone f ON f.person = p.id
    WHERE p.kind = 'employee' AND p.id <> $1 AND (p.id = $2 OR f.blind_index = $4)) AS staff_phone,
  (SELECT floor(extract(epoch FROM $3::timestamptz - created_at) / 3600)::integer FROM person
    WHERE id = $1 AND kind <> 'employee') AS account_hours,
  (SELECT count(*) FROM verdict
    WHERE person = $1 AND state = 'cleared' AND subject NOT LIKE 'till:%') AS clean_purchases
"""
NEXT: Final = f"""
WITH held AS MATERIALIZED (
  SELECT DISTINCT kind, token FROM sighting s
  WHERE person = ANY ($1) AND kind IN ('device', 'payer') AND {OWN_DEVICE.format("s")}
)
SELECT DISTINCT person FROM held JOIN sighting USING (kind, token)
"""
SHARES: Final = f"""
SELECT person::text, kind || ' ' || token AS token FROM sighting s
WHERE person = ANY ($1) AND kind IN ('device', 'payer') AND {OWN_DEVICE.format("s")}
"""
# Those on the way up from the referrer: who closes a circle is among them.
EDGES: Final = f"""
WITH RECURSIVE up (person, steps) AS (
  SELECT $2::uuid, 0
  UNION
  SELECT l.referrer, up.steps + 1 FROM up JOIN referral_link l ON l.friend = up.person
  WHERE up.steps < {CIRCLE_MOST}
)
SELECT referrer::text, friend::text FROM referral_link
WHERE (referrer = ANY ($1) AND friend = ANY ($1)) OR friend IN (SELECT person FROM up)
"""


class Shared(msgspec.Struct, frozen=True):
    """What two people have in common, and who else is around the friend."""

    same_device: bool
    same_payer: bool
    same_ip_24h: bool
    till_device: bool
    device_referrers: int
    device_accounts: int
    network_accounts: int


class Pace(msgspec.Struct, frozen=True):
    """Referrals of one person, this one counted."""

    in_hour: int
    in_day: int
    in_week: int
    in_month: int


class Accounts(msgspec.Struct, frozen=True):
    """Whose the phone is, and what the referrer's account is like."""

    same_phone: bool
    staff_phone: bool
    account_hours: int | None
    clean_purchases: int


class _Share(msgspec.Struct, frozen=True):
    person: str
    token: str


class _Edge(msgspec.Struct, frozen=True):
    referrer: str
    friend: str


async def signals_of(
    referrer: UUID, friend: UUID, *, payer: str = "", customer_key: str = ""
) -> Signals:
    """Gather what antispam knows of a referral; what the order alone knows the caller adds.

    `payer` is what the till says of who paid, `customer_key` the key of the order's customer
    (`"tel:…"`). Counted are sightings, links and verdicts noted so far; this referral counts
    as one, noted or not.
    """
    now = await clock.now()
    phone = bytes.fromhex(customer_key[4:]) if customer_key.startswith("tel:") else None
    paid = token_of("payer", payer) if payer else None
    shared = await db.row(Shared, SHARED, referrer, friend, now, paid)
    pace = await db.row(Pace, PACE, referrer, friend, now)
    accounts = await db.row(Accounts, ACCOUNTS, referrer, friend, now, phone)
    return Signals(
        **msgspec.to_builtins(shared),
        **msgspec.to_builtins(pace),
        **msgspec.to_builtins(accounts),
        ring_accounts=await ring_size([referrer, friend], (referrer, friend)),
    )


async def ring_size(people: Sequence[UUID], edge: tuple[UUID, UUID] | None = None) -> int:
    """Return how many accounts the ring or circle around these people holds, 0 for none.

    `edge` is a referral that need not be noted yet.
    """
    near = await _near(people)
    shares = await db.rows(_Share, SHARES, near)
    edges = await db.rows(_Edge, EDGES, near, people[0])
    referrals = {(each.referrer, each.friend) for each in edges}
    if edge:
        referrals.add((str(edge[0]), str(edge[1])))
    return ring_around(map(str, people), [(each.person, each.token) for each in shares], referrals)


async def _near(people: Sequence[UUID]) -> list[UUID]:
    """Return those with whom they share a device or a payer, and who shares one with those."""
    known: set[UUID] = set()
    new = set(people)
    while new and len(known) < NEAR_MOST:
        known |= new
        new = set(await db.column(NEXT, list(new))) - known
    return list(known)
