"""Whether every closed period, computed anew from the ledger, is what was stated (P13)."""

from server.kit import db
from server.ledger.verification import LedgerFault
from server.settlements import commands, queries

PROMISE = "a closed statement computed anew is the same bytes"


async def verify() -> list[LedgerFault]:
    """Return the statements of approved runs that the ledger no longer gives."""
    approved = await db.column("SELECT id FROM settlement WHERE state = 'approved' ORDER BY id")
    faults: list[LedgerFault] = []
    for settlement in approved:
        anew = await commands.recompute(settlement)
        faults += [
            LedgerFault(PROMISE, f"{one.period}, {one.code}")
            for one in await queries.statements_of(settlement)
            if one.body != anew[one.person]
        ]
    return faults
