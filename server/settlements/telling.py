"""Who is told of settlements: finance that one waits, each person what they are owed (G7)."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from server.kit import formats, jobs
from server.kit.db import command
from server.notifications.hints import hint
from server.notifications.notices import notify
from server.settlements import queries, words
from server.settlements.queries import Settlement, Stated

TELL: Final = "statements_tell"
BATCH: Final = 200


async def to_approve(run: Settlement) -> None:
    """Tell finance that a run waits for their approval."""
    facts = {
        "period": words.period_facts(run.period),
        "people": run.owing,
        "sum": formats.money(run.payable),
    }
    topic = f"settlement:{run.id}"
    await notify(
        await queries.finance(), "settlement_waits", topic, facts, f"/settlements/{run.id}"
    )


async def to_pay(run: Settlement, until: date) -> None:
    """Tell finance that what a run owes is to be paid by a day that has come."""
    facts = {
        "period": words.period_facts(run.period),
        "people": run.owing - run.paid_people,
        "until": until.isoformat(),
    }
    topic = f"settlement:{run.id}"
    await notify(await queries.finance(), "payment_late", topic, facts, f"/settlements/{run.id}")


async def later(settlement: UUID) -> None:
    """Leave it to a job to tell everybody of a run: they may be many."""
    await jobs.enqueue(TELL, {"settlement": str(settlement)})


async def tell(payload: dict[str, Any]) -> None:
    """Tell everybody of the run of the payload what is new of their statement."""
    found = await queries.statements_of(UUID(payload["settlement"]))
    for first in range(0, len(found), BATCH):
        await _tell(found[first : first + BATCH])


@command
async def _tell(some: list[Stated]) -> None:
    for one in some:
        if one.payment is None:
            await stated(one)
        else:
            await paid(one)


async def stated(one: Stated) -> None:
    """Tell a person that their statement is there."""
    await _notify(one, "statement_ready")


async def paid(one: Stated) -> None:
    """Tell a person that their statement is paid."""
    await _notify(one, "statement_paid")


async def _notify(one: Stated, kind: str) -> None:
    facts = {"period": words.period_facts(one.period), "sum": formats.money(one.payable)}
    await notify([one.person], kind, f"statement:{one.id}", facts, f"/statements/{one.id}")
    await hint([one.person], "statements")
