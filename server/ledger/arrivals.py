"""Rewards that arrived: whoever was not told by what gave them is told here (G8)."""

from typing import Any, Final
from uuid import UUID

import msgspec

from server.kit import db, formats, jobs
from server.kit.db import command
from server.notifications.notices import notify
from server.notifications.words import WORDS

SWEEP: Final = "arrival_sweep"
ARRIVING: Final = ("payout", "bonus", "referral", "honour")
"""Kinds of transfers that bring somebody a reward, in points or in cash."""
TELLING: Final = [kind for kind, words in WORDS.items() if words.group in {"money", "honour"}]
BATCH: Final = 500

# What gives a reward tells of it in its own transaction, so at the same moment. A wallet that
# grew without any news around it is told of; a settled battle tells nobody else.
UNTOLD: Final = """
SELECT t.id AS transfer, a.owner AS person, e.asset, sum(e.amount)::bigint AS amount,
       t.facts -> 'title' AS title
FROM transfer t JOIN entry e ON e.transfer = t.id JOIN account a ON a.id = e.account
WHERE t.kind = ANY ($1) AND a.kind IN ('wallet', 'debt')
  AND t.booked_at BETWEEN leitai_clock() - interval '7 days' AND leitai_clock() - interval '1 minute'
  AND NOT EXISTS (SELECT FROM transfer r WHERE r.reverses = t.id)
  AND NOT EXISTS (SELECT FROM notice n WHERE n.person = a.owner AND n.kind = ANY ($2)
    AND (n.topic = 'transfer:' || t.id OR n.at BETWEEN t.booked_at - interval '1 minute'
                                                   AND t.booked_at + interval '1 minute'))
GROUP BY t.id, a.owner, e.asset HAVING sum(e.amount) > 0 ORDER BY t.booked_at, t.id LIMIT $3
"""


class Arrival(msgspec.Struct, frozen=True):
    """What one transfer brought one person."""

    transfer: UUID
    person: UUID
    asset: str
    amount: int
    title: dict[str, str] | None


async def sweep(_: dict[str, Any]) -> None:
    """Tell of what arrived untold, a batch at a time."""
    while await tell() == BATCH:
        pass


@command
async def tell() -> int:
    """Tell the people of one batch; returns how many rewards that were."""
    found = await db.rows(Arrival, UNTOLD, list(ARRIVING), TELLING, BATCH)
    for each in found:
        facts = {"title": each.title or {}, "sum": formats.amount_in_all(each.amount, each.asset)}
        topic, href = f"transfer:{each.transfer}", f"/wallet/{each.transfer}"
        await notify([each.person], "reward_arrived", topic, facts, href)
    return len(found)


JOBS: dict[str, jobs.Job] = {SWEEP: sweep}
CRON = {SWEEP: "*/10 * * * *"}
