"""How a deal ends: refused before it was checked, refunded or struck after (G9)."""

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from game.deal_terms import DealTerms
from game.errors import RuleViolation
from server.deals import counting, linking
from server.deals.events import DealReversed
from server.deals.queries import Deal
from server.kit import db, events
from server.leads import stages
from server.notifications.notices import notify
from server.people.rights import record
from server.plans.words import as_builtins

End = Literal["refused", "refunded", "struck"]

NOTICES: Final[dict[End, str]] = {
    "refused": "deal_refused",
    "refunded": "deal_refunded",
    "struck": "deal_struck",
}


def found(terms: DealTerms, practice: int | None) -> tuple[int, dict[str, str]] | None:
    """Return the place and the title of the forbidden practice that was found; None for none."""
    if practice is None or not 0 <= practice < len(terms.forbidden):
        return None
    return practice, as_builtins(terms.forbidden[practice])


async def close(
    one: Deal,
    end: End,
    by: UUID,
    reason: str,
    now: datetime,
    practice: tuple[int, dict[str, str]] | None = None,
) -> None:
    """End a deal with a reason; what it caused if it counted is taken back.

    Refused as `reason_missing`.
    """
    if not reason.strip():
        raise RuleViolation("reason_missing")
    await db.execute(
        "UPDATE deal SET state = $2, closed_by = $3, closed_at = $4, reason = $5, practice = $6"
        " WHERE id = $1",
        one.id, end, by, now, reason.strip(), practice and practice[0],
    )  # fmt: skip
    facts = {"practice": practice[1]["en"]} if practice else {}
    await record(by, f"{end}_deal", f"deal:{one.id}", reason.strip(), facts)
    told = {"contract": one.contract, "reason": reason.strip()}
    people = {*counting.gaining(one), one.reported_by} - {by}
    if end != "refunded" or one.checked_at is not None:
        await notify(people, NOTICES[end], f"deal:{one.id}:{end}", told, f"/deals/{one.id}")
    if one.counted_at is not None and end != "refused":
        await _lose(one, by, reason.strip())
        await events.publish(DealReversed(one.id, one.plan, end, reason.strip(), by, now))
    await counting.hint_all(one)


async def _lose(one: Deal, by: UUID, reason: str) -> None:
    """Take the lead back where no other deal of it counts."""
    if one.lead is None:
        return
    stage = (await linking.facts_of(one.lead)).stage
    stands = await db.value(
        "SELECT EXISTS (SELECT FROM deal WHERE lead = $1 AND state = 'counted')", one.lead
    )
    if stage == "deal" and not stands:
        await stages.advance(one.lead, "lost", by, reason, {"deal": str(one.id)})
