"""How a campaign goes, in figures that SQL can be asked for again."""

from typing import Final

import msgspec

from server.kit import db


class Figures(msgspec.Struct, frozen=True):
    """One campaign: from links to deals, and what it gave; amounts in 分."""

    links: int
    clicks: int
    bound: int
    deals: int
    """Deals that count and stand."""
    amount: int
    """What these deals came to."""
    waiting: int
    """Deals in review, or before their release."""
    refused: int
    reversed: int
    coupons: int
    """Coupons given to both sides and not taken back."""
    redeemed: int
    off: int
    """What came off the orders that they were redeemed with: what the campaign has cost."""
    points: int


FIGURES: Final = """
WITH mine AS (SELECT * FROM referral WHERE plan = $1 AND campaign = $2),
deal AS (SELECT d.* FROM referral_deal d JOIN mine ON mine.id = d.referral),
given AS (SELECT * FROM referral_reward
          WHERE plan = $1 AND campaign = $2 AND state IN ('given', 'kept')),
claimed AS (SELECT c.coupon FROM exclusive_claim c JOIN invitation i ON i.id = c.invitation
            WHERE i.plan = $1 AND i.campaign = $2),
handed AS (
  SELECT c.* FROM coupon c
  WHERE (c.source = 'friend' AND c.reference IN (SELECT id::text FROM mine))
     OR c.id IN (SELECT coupon FROM given) OR c.id IN (SELECT coupon FROM claimed)
)
SELECT (SELECT count(*) FROM invitation WHERE plan = $1 AND campaign = $2) AS links,
  (SELECT coalesce(sum(clicks), 0)::bigint FROM invitation
   WHERE plan = $1 AND campaign = $2) AS clicks,
  (SELECT count(*) FROM mine) AS bound,
  (SELECT count(*) FROM deal WHERE state = 'counted' AND reversed_as IS NULL) AS deals,
  (SELECT coalesce(sum(amount), 0)::bigint FROM deal
   WHERE state = 'counted' AND reversed_as IS NULL) AS amount,
  (SELECT count(*) FROM deal
   WHERE state IN ('judging', 'held', 'waiting') AND reversed_as IS NULL) AS waiting,
  (SELECT count(*) FROM deal WHERE state = 'refused') AS refused,
  (SELECT count(*) FROM deal WHERE reversed_as IS NOT NULL) AS reversed,
  (SELECT count(*) FROM handed WHERE state <> 'revoked') AS coupons,
  (SELECT count(*) FROM handed WHERE state = 'redeemed') AS redeemed,
  (SELECT coalesce(sum(o.off), 0)::bigint FROM handed h
   JOIN customer_order o ON o.id = h.redeemed_by) AS off,
  (SELECT coalesce(sum(points), 0)::bigint FROM given WHERE state = 'given') AS points
"""


async def figures(plan: str, campaign: str) -> Figures:
    """Count a campaign."""
    found = await db.row(Figures, FIGURES, plan, campaign)
    if found is None:
        raise RuntimeError("a query of totals has one row")
    return found
