"""The funnel of a month, by channel, participant and store: SQL that can be asked again (L1, L2)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal

import msgspec

from server.kit import db

By = Literal["channel", "person", "store"]

KEYS: Final[Mapping[By, str]] = {
    "channel": "CASE WHEN l.channel <> '' THEN l.channel ELSE l.door END",
    "person": "l.reporter::text",
    "store": "coalesce(l.store::text, '')",
}
NAMES: Final[Mapping[By, str]] = {
    "channel": "''",
    "person": "(SELECT name FROM person WHERE id::text = key)",
    "store": "(SELECT name FROM unit WHERE id::text = key)",
}


class Leads(msgspec.Struct, frozen=True):
    """The leads received in a window, and how far they came until now."""

    key: str | None
    """The channel, person or store; None sums all of them up."""
    name: str = ""
    received: int = 0
    waiting: int = 0
    """For their review."""
    valid: int = 0
    """Found valid and not struck since."""
    duplicate: int = 0
    invalid: int = 0
    """False, not a target, or withdrawn by the customer."""
    due: int = 0
    """Assigned, and contacted or 24 h old."""
    in_time: int = 0
    """Of those due: contacted within 24 h of their first assignment."""
    contacted: int = 0
    visiting: int = 0
    deals: int = 0
    lost: int = 0
    promoters: int = 0
    """People who reported at least one of them."""


class Money(msgspec.Struct, frozen=True):
    """The deals made in a window that stand, and what they cost until now; sums in 分."""

    key: str | None
    name: str = ""
    deals: int = 0
    again: int = 0
    """Deals of customers who had bought before (L2, repurchase)."""
    income: int = 0
    cost: int = 0
    """Commissions accrued and not clawed back, and what coupons took off."""


# A lead that skipped a stage has passed it: a deal was contacted, whoever noted it.
LEADS: Final = """
WITH step AS (
  SELECT s.lead,
    max(array_position(ARRAY['valid', 'assigned', 'contacted', 'visiting', 'deal'], s.step)) AS far,
    min(s.at) FILTER (WHERE s.step = 'assigned') AS assigned_at
  FROM lead_step s JOIN lead l ON l.id = s.lead
  WHERE l.received_at >= $1 AND l.received_at < $2 GROUP BY s.lead
), fact AS (
  SELECT {key} AS key, l.reporter, l.stage, l.contacted_at, step.assigned_at,
    CASE WHEN l.stage IN ('submitted', 'duplicate', 'invalid', 'withdrawn') THEN 0
      WHEN l.stage = 'lost' THEN greatest(1, least(coalesce(step.far, 1), 4))
      ELSE array_position(ARRAY['valid', 'assigned', 'contacted', 'visiting', 'deal'], l.stage)
    END AS far
  FROM lead l LEFT JOIN step ON step.lead = l.id
  WHERE l.received_at >= $1 AND l.received_at < $2
)
SELECT key, coalesce({name}, '') AS name, count(*) AS received,
  count(*) FILTER (WHERE stage = 'submitted') AS waiting,
  count(*) FILTER (WHERE far >= 1) AS valid,
  count(*) FILTER (WHERE stage = 'duplicate') AS duplicate,
  count(*) FILTER (WHERE stage IN ('invalid', 'withdrawn')) AS invalid,
  count(*) FILTER (WHERE far >= 1 AND assigned_at IS NOT NULL
    AND (contacted_at IS NOT NULL OR assigned_at <= $3::timestamptz - interval '24 hours')) AS due,
  count(*) FILTER (WHERE far >= 1 AND contacted_at < assigned_at + interval '24 hours') AS in_time,
  count(*) FILTER (WHERE far >= 3) AS contacted,
  count(*) FILTER (WHERE far >= 4) AS visiting,
  count(*) FILTER (WHERE far >= 5) AS deals,
  count(*) FILTER (WHERE stage = 'lost') AS lost,
  count(DISTINCT reporter) AS promoters
FROM fact GROUP BY GROUPING SETS ((key), ()) ORDER BY key NULLS FIRST
"""


async def leads(by: By, start: datetime, end: datetime, now: datetime) -> list[Leads]:
    """Return the leads received in [start, end), all together first, then by their keys."""
    return await db.rows(Leads, LEADS.format(key=KEYS[by], name=NAMES[by]), start, end, now)


# A deal that came from no lead has no channel. One that was refunded brought nothing, and costs
# what a refund left with whoever was paid.
MONEY: Final = """
WITH fact AS (
  SELECT {key} AS key, d.amount, d.is_first, d.state = 'counted' AS stands,
    CASE WHEN d.state = 'counted' THEN coalesce(o.off, 0) ELSE 0 END
    + (SELECT coalesce(sum(CASE WHEN a.state = 'pending' THEN a.amount ELSE a.posted END), 0)
       FROM accrual a WHERE a.deal = d.id) AS cost
  FROM deal d LEFT JOIN lead l ON l.id = d.lead LEFT JOIN customer_order o ON o.id = d.order_id
  WHERE d.counted_at IS NOT NULL AND d.made_at >= $1 AND d.made_at < $2
)
SELECT key, coalesce({name}, '') AS name, count(*) FILTER (WHERE stands) AS deals,
  count(*) FILTER (WHERE stands AND NOT is_first) AS again,
  coalesce(sum(amount) FILTER (WHERE stands), 0)::bigint AS income,
  coalesce(sum(cost), 0)::bigint AS cost
FROM fact GROUP BY GROUPING SETS ((key), ()) ORDER BY key NULLS FIRST
"""
DEAL_KEYS: Final[Mapping[By, str]] = {
    "channel": f"CASE WHEN l.id IS NULL THEN '' ELSE {KEYS['channel']} END",
    "person": "coalesce(d.reporter::text, '')",
    "store": "coalesce(d.store::text, '')",
}


async def money(by: By, start: datetime, end: datetime) -> list[Money]:
    """Return the deals made in [start, end), all together first, then by their keys."""
    return await db.rows(Money, MONEY.format(key=DEAL_KEYS[by], name=NAMES[by]), start, end)


async def opened(start: datetime, end: datetime) -> int:
    """Return how often links made in [start, end) were opened until now (L1, exposure)."""
    found: int = await db.value(
        "SELECT coalesce(sum(clicks), 0)::bigint FROM invitation"
        " WHERE made_at >= $1 AND made_at < $2",
        start, end,
    )  # fmt: skip
    return found
