"""Tills that look unusual, looked for in the orders now and then: no till waits for it."""

from typing import Any, Final
from uuid import UUID

import msgspec

from server.antispam.incidents import Kind, suspect
from server.kit import db, jobs

WATCH: Final = "till_watch"

# A cashier belongs to the store; an account of the API, or of operations, is none. Only who did
# something since yesterday is looked at.
CASHIER: Final = (
    "JOIN person p ON p.id = o.placed_by AND p.unit = o.store"
    " JOIN person_role r ON r.person = p.id AND r.role IN ('store', 'store_manager')"
)
PAIRS: Final = f"""
SELECT o.placed_by AS person, o.customer, count(DISTINCT o.id) AS found
FROM customer_order o {CASHIER}
WHERE o.coupon IS NOT NULL AND o.customer IS NOT NULL AND o.reversed_as IS NULL
  AND o.placed_at > leitai_clock() - interval '30 days'
GROUP BY o.placed_by, o.customer
HAVING count(DISTINCT o.id) > 1 AND max(o.placed_at) > leitai_clock() - interval '1 day'
"""
UNDOS: Final = f"""
SELECT o.placed_by AS person, NULL::uuid AS customer, count(DISTINCT o.id) AS found
FROM customer_order o {CASHIER}
WHERE o.reversed_as = 'undone' AND o.placed_at > leitai_clock() - interval '1 day'
GROUP BY o.placed_by HAVING count(DISTINCT o.id) > 1
"""


class Counted(msgspec.Struct, frozen=True):
    """How often a cashier did something, with one customer where that matters."""

    person: UUID
    customer: UUID | None
    found: int


async def watch(_: dict[str, Any]) -> None:
    """Bring pairs of cashier and customer, and much undone, to the review queue."""
    queries: tuple[tuple[Kind, str], ...] = (("redeemed", PAIRS), ("undone", UNDOS))
    for kind, query in queries:
        for each in await db.rows(Counted, query):
            await suspect(kind, each.person, each.found, each.customer)


JOBS: dict[str, jobs.Job] = {WATCH: watch}
CRON = {WATCH: "*/10 * * * *"}
