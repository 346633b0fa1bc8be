"""`leitai ledger verify`: recompute everything from the entries, and say what differs."""

import msgspec

from server.kit import db


class LedgerFault(msgspec.Struct, frozen=True):
    """One promise that does not hold, and where."""

    promise: str
    where: str


# P1, P2: each query returns nothing while its promise holds.
CHECKS: dict[str, str] = {
    "entries of each asset sum to zero": """
        SELECT asset FROM entry GROUP BY asset HAVING sum(amount) <> 0""",
    "entries of each transfer sum to zero": """
        SELECT transfer::text FROM entry GROUP BY transfer, asset HAVING sum(amount) <> 0""",
    "an account holds the sum of its entries": """
        SELECT a.id::text FROM account a LEFT JOIN entry e ON e.account = a.id
        WHERE a.version IS NOT NULL
        GROUP BY a.id HAVING a.posted <> coalesce(sum(e.amount), 0)""",
    "an account's versions have no gap": """
        SELECT a.id::text FROM account a LEFT JOIN entry e ON e.account = a.id
        WHERE a.version IS NOT NULL GROUP BY a.id
        HAVING a.version <> count(e.account) OR a.version <> coalesce(max(e.version), 0)""",
    "each entry tells the balance after it": """
        SELECT account || '/' || version FROM (
          SELECT account, version, posted_after,
            sum(amount) OVER (PARTITION BY account ORDER BY version) AS running
          FROM entry WHERE version IS NOT NULL) e
        WHERE posted_after <> running""",
    "a transfer has entries": """
        SELECT id::text FROM transfer t
        WHERE NOT EXISTS (SELECT FROM entry WHERE transfer = t.id)""",
    "a reversal undoes the whole transfer for its person": """
        SELECT r.id::text FROM transfer r JOIN transfer t ON t.id = r.reverses
        WHERE (SELECT coalesce(sum(e.amount), 0) FROM entry e JOIN account a ON a.id = e.account
               WHERE e.transfer IN (r.id, t.id) AND a.kind IN ('wallet', 'debt')) <> 0""",
    "an action holds what the ledger posted for it": """
        SELECT a.id::text FROM action a
        WHERE a.points <> coalesce((
          SELECT sum(e.amount) FROM transfer t JOIN entry e ON e.transfer = t.id
          JOIN account w ON w.id = e.account AND w.kind IN ('wallet', 'debt')
          WHERE t.kind IN ('award', 'strike') AND split_part(t.reference, ':', 1) = a.id::text), 0)""",
    "a settled battle leaves nothing in escrow": """
        SELECT b.id::text FROM battle b JOIN account a ON a.owner = b.id AND a.kind = 'escrow'
        WHERE b.state IN ('final', 'void') AND a.posted <> 0""",
    "a challenge keeps its bonus until it is decided, and nothing after": """
        SELECT c.id::text FROM challenge c
        LEFT JOIN account a ON a.owner = c.id AND a.kind = 'escrow'
        WHERE coalesce(a.posted, 0) <> CASE WHEN c.ended_at IS NULL THEN c.pool ELSE 0 END""",
    "a standing in a challenge equals its member's scored actions": """
        SELECT s.board || '/' || s.person FROM standing s JOIN challenge c ON c.id = s.board
        WHERE c.state IN ('live', 'finished') AND s.score <> coalesce((
          SELECT sum(a.points) FROM action a JOIN challenge_member m ON m.challenge = c.id
            AND m.person = a.person AND m.joined_at IS NOT NULL
          WHERE a.person = s.person AND a.plan = c.plan AND a.kind = ANY (c.kinds)
            AND a.received_at >= c.starts AND a.received_at < c.ends), 0)""",
    "an account holds back the sum of its open holds": """
        SELECT a.id::text FROM account a LEFT JOIN hold h ON h.account = a.id AND h.state = 'open'
        GROUP BY a.id HAVING a.held <> coalesce(sum(h.amount), 0)""",
    "a captured hold was spent wholly by its transfer": """
        SELECT h.id::text FROM hold h LEFT JOIN entry e
          ON e.transfer = h.capture AND e.account = h.account
        WHERE h.state = 'captured' AND e.amount IS DISTINCT FROM -h.amount""",
    "a redemption and its hold tell the same": """
        SELECT r.id::text FROM redemption r LEFT JOIN hold h ON h.id = r.id
        WHERE h.amount IS DISTINCT FROM r.points OR h.state IS DISTINCT FROM CASE r.state
          WHEN 'waiting' THEN 'open' WHEN 'fulfilled' THEN 'captured' ELSE 'released' END""",
    # Who opted out has left the roster, and stands at 0.
    "a standing equals its person's scored actions": """
        SELECT s.board || '/' || s.person FROM standing s JOIN battle b ON b.id = s.board
        WHERE b.state IN ('live', 'auditing') AND s.score <> coalesce((
          SELECT sum(a.points) FROM action a
          JOIN battle_member m ON m.battle = b.id AND m.person = a.person
          WHERE a.person = s.person AND a.plan = b.plan AND a.kind = ANY (b.kinds)
            AND a.received_at >= b.starts AND a.received_at < b.cut_off), 0)""",
}


async def verify() -> list[LedgerFault]:
    """Return every fault of the ledger, nothing when all promises hold."""
    faults: list[LedgerFault] = []
    async with db.connection() as one, one.transaction(isolation="repeatable_read", readonly=True):
        await one.execute("SET LOCAL statement_timeout = 0")
        for promise, sql in CHECKS.items():
            faults += [LedgerFault(promise, found[0]) for found in await one.fetch(sql)]
    return faults
