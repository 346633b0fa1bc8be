"""Who follows a lead up: by the rule of its plan, by hand, or anew when it was let lie (D4, D7)."""

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from game import lead_assignment as rules
from game.errors import RuleViolation
from game.lead_assignment import Seller
from game.lead_terms import LeadTerms
from server.kit import clock, db
from server.kit.db import command
from server.leads.stages import HINT, advance, page_of, turn, write_step
from server.leads.terms import received_under
from server.notifications.hints import hint
from server.notifications.notices import notify

# Leads that come in one moment are given one after the other: nobody gets two turns.
TURNS_LOCK: Final = 781_606
Way = Literal["reassigned", "handed_over"]

SELLERS: Final = """
SELECT p.id::text AS person, coalesce(u.path, '') AS unit, coalesce(t.turn, 0) AS turn
FROM person p JOIN person_role r ON r.person = p.id AND r.role = 'sales'
LEFT JOIN unit u ON u.id = p.unit LEFT JOIN lead_turn t ON t.person = p.id
WHERE p.active
"""


class ToAssign(msgspec.Struct, frozen=True):
    """A lead as whoever assigns it needs it; `store` is a path, "" without one."""

    id: UUID
    reporter: UUID
    name: str
    tags: list[str]
    stage: str
    owner: UUID | None
    store: str
    late: list[str]
    """Who let it lie."""


@command
async def by_rule(lead: UUID, *, absent: frozenset[str] = frozenset()) -> UUID | None:
    """Give a lead to whoever its plan's rule names; None where a person has to decide.

    A lead that has an owner goes to another one. Without anybody, operations are told.
    """
    await turn(lead)
    one, terms = await _to_assign(lead)
    await db.execute("SELECT pg_advisory_xact_lock($1)", TURNS_LOCK)
    found = rules.choose(
        terms.assign, await sellers(), reporter=str(one.reporter), store=one.store, tags=one.tags,
        late=one.late, absent=absent,
    )  # fmt: skip
    if found is None:
        await _wait_for_a_person(one)
        return None
    await _give(one, terms, UUID(found), None, "", "handed_over" if absent else "reassigned")
    return UUID(found)


@command
async def assign(lead: UUID, owner: UUID, by: UUID, note: str = "") -> None:
    """Give a lead to somebody of the sales by hand.

    Refused as `lead_unknown`, and as `game.lead_assignment.check_owner` says.
    """
    await turn(lead)
    one, terms = await _to_assign(lead)
    before = None if one.owner is None else str(one.owner)
    rules.check_owner(one.stage, before, str(owner), await sellers())
    await db.execute("SELECT pg_advisory_xact_lock($1)", TURNS_LOCK)
    await _give(one, terms, owner, by, note, "reassigned")


@command
async def hand_over(person: UUID) -> int:
    """Give all that somebody follows up to others, by the rule; returns how many leads it was (D7).

    Where the rule names nobody a lead waits for operations, without its former owner.
    """
    held = await db.column(
        "SELECT id FROM lead WHERE owner = $1 AND stage IN ('assigned', 'contacted', 'visiting')"
        " ORDER BY id FOR NO KEY UPDATE",
        person,
    )
    for lead in held:
        if await by_rule(lead, absent=frozenset({str(person)})) is None:
            await db.execute("UPDATE lead SET owner = NULL, remind_at = NULL WHERE id = $1", lead)
            await write_step(lead, "ownerless", None, facts={"from": str(person)})
    return len(held)


@command
async def remind(lead: UUID) -> None:
    """Remind an owner, once, that a first contact is due soon; nothing where it was made."""
    now = await clock.now()
    row = await db.row(
        Due,
        "UPDATE lead SET remind_at = NULL WHERE id = $1 AND stage = 'assigned'"
        " AND remind_at <= $2 RETURNING owner, name, contact_due,"
        " (SELECT turn FROM lead_turn WHERE person = lead.owner) AS turn",
        lead, now,
    )  # fmt: skip
    # Where the rule reminds of nothing before the end, the end itself says enough.
    if row is not None and row.owner is not None and now < row.contact_due:
        facts = {"name": row.name, "until": row.contact_due.isoformat()}
        await notify([row.owner], "lead_remind", f"lead:{lead}:{row.turn}", facts, page_of(lead))
        await hint([row.owner], HINT)


@command
async def let_lie(lead: UUID) -> None:
    """Take a lead whose first contact is late to the next one; nothing where it was made (D4)."""
    await turn(lead)
    owner = await db.value(
        "SELECT owner FROM lead WHERE id = $1 AND stage = 'assigned' AND unassigned_at IS NULL"
        " AND contact_due <= leitai_clock()",
        lead,
    )
    if owner is not None:
        await write_step(lead, "late", None, facts={"owner": str(owner)})
        await by_rule(lead)


async def sellers() -> list[Seller]:
    """Return everybody who follows leads up."""
    return await db.rows(Seller, SELLERS)


class Due(msgspec.Struct, frozen=True):
    """A first contact that is due."""

    owner: UUID | None
    name: str
    contact_due: datetime
    turn: int | None


async def _to_assign(lead: UUID) -> tuple[ToAssign, LeadTerms]:
    found = await db.row(
        ToAssign,
        "SELECT l.id, l.reporter, l.name, l.tags, l.stage, l.owner,"
        " coalesce(u.path, '') AS store, array(SELECT s.facts->>'owner' FROM lead_step s"
        " WHERE s.lead = l.id AND s.step = 'late' ORDER BY s.id) AS late"
        " FROM lead l LEFT JOIN unit u ON u.id = l.store WHERE l.id = $1",
        lead,
    )
    if found is None:
        raise RuleViolation("lead_unknown")
    return found, (await received_under(lead)).leads or LeadTerms()


async def _give(
    one: ToAssign, terms: LeadTerms, owner: UUID, by: UUID | None, note: str, way: Way
) -> None:
    now = await clock.now()
    # A customer who was reached already has no first contact to wait for.
    waits = one.stage in {"valid", "assigned"}
    clocks = rules.clocks(terms, now) if waits else None
    number = await db.value("SELECT nextval('lead_turn_number')")
    await db.execute(
        "INSERT INTO lead_turn (person, turn) VALUES ($1, $2)"
        " ON CONFLICT (person) DO UPDATE SET turn = excluded.turn",
        owner, number,
    )  # fmt: skip
    await db.execute(
        "UPDATE lead SET owner = $2, assigned_at = $3, unassigned_at = NULL,"
        " contact_due = coalesce($4, contact_due), remind_at = $5 WHERE id = $1",
        one.id, owner, now, clocks and clocks.due, clocks and clocks.remind,
    )  # fmt: skip
    facts = {"owner": str(owner)} | ({"from": str(one.owner)} if one.owner else {})
    if one.stage == "valid":
        await advance(one.id, "assigned", by, note, facts)
    else:
        await write_step(one.id, way, by, note, facts)
    await _tell(one, owner, by, clocks, number)


async def _tell(
    one: ToAssign, owner: UUID, by: UUID | None, clocks: rules.Clocks | None, number: int
) -> None:
    topic, facts = f"lead:{one.id}:{number}", {"name": one.name}
    if owner != by and clocks is not None:
        until = {"until": clocks.due.isoformat()}
        await notify([owner], "lead_yours", topic, facts | until, page_of(one.id))
    elif owner != by:
        await notify([owner], "lead_handed_over", topic, facts, page_of(one.id))
    if one.owner is not None and one.owner != by:
        name = await db.value("SELECT name FROM person WHERE id = $1", owner)
        await notify([one.owner], "lead_moved", topic, facts | {"owner": name}, "/leads/follow")
    await hint([each for each in (owner, one.owner, one.reporter) if each], HINT)


async def _wait_for_a_person(one: ToAssign) -> None:
    since = await db.value(
        "UPDATE lead SET unassigned_at = leitai_clock(), remind_at = NULL"
        " WHERE id = $1 AND unassigned_at IS NULL RETURNING unassigned_at",
        one.id,
    )
    if since is None:
        return
    desk = await db.column(
        "SELECT p.id FROM person p JOIN person_role r ON r.person = p.id"
        " WHERE r.role = 'operations' AND p.active"
    )
    topic = f"lead:{one.id}:{since.isoformat()}"
    await notify(desk, "lead_unassigned", topic, {"name": one.name}, "/leads/assign")
    await hint(desk, HINT)
