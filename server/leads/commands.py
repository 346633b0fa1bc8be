"""Receiving a lead (D1, D2, D6): kept at once, its customer's place taken if it is free."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from game import leads as rules
from game.antispam import Verdict
from game.errors import RuleViolation
from game.leads import Holder
from game.plan import Plan
from server.actions.customers import customer_key
from server.antispam import leads as antispam
from server.kit import clock, crypto, db, events, ids
from server.kit.db import command
from server.leads import blacklist, consent, queries, stages, terms
from server.leads.events import LeadReceived
from server.notifications.hints import hint
from server.notifications.notices import notify
from server.people import stores

Door = Literal["form", "self", "api"]
SAID_BY: Final[dict[Door, str]] = {"form": "reporter", "self": "customer", "api": "system"}
"""Who says that the customer agrees, by the door a lead came through."""


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """What is reported of a customer; `captured_at` is the phone's own clock, evidence only.

    `device` and `network` are hashes of whoever sent it, "" unknown; `origin` is our own, for
    the link in the customer's message; `agrees` says that the customer knows and agrees.
    """

    plan: str = ""
    name: str
    tags: Sequence[str] = ()
    note: str = ""
    channel: str = ""
    store: UUID | None = None
    captured_at: datetime | None = None
    photos: Sequence[bytes] = ()
    agrees: bool = False
    door: Door = "form"
    device: str = ""
    network: str = ""
    origin: str = ""
    again_of: UUID | None = None


class Received(msgspec.Struct, frozen=True):
    """What became of a lead at once: submitted (perhaps held), or a duplicate until `until`."""

    lead: UUID
    stage: str
    is_held: bool
    until: datetime | None = None


@command
async def submit(reporter: UUID, phone: str, said: Submission) -> Received:
    """Receive a lead (D1). The phone is kept encrypted; of many at once, one has the customer.

    Refused as `phone_unreadable`, `agreement_missing`, `leads_closed`, `lead_already_yours`,
    `customer_objected`, `customer_blacklisted`, `store_unknown`, and as
    `game.leads.check_words` says.
    """
    return await _receive(reporter, await customer_key(crypto.normal_phone(phone)), said)


@command
async def again(lead: UUID, by: UUID, said: Submission) -> Received:
    """Report a duplicate once more, now that its customer may be free; `said` says only how.

    Refused as `lead_unknown` (also for whoever did not report it), `still_taken` (days), and
    as `submit`.
    """
    one = await queries.sent(lead)
    if one is None or one.reporter != by or one.stage != "duplicate":
        raise RuleViolation("lead_unknown")
    if one.taken_until is not None and not one.taken_by_me:
        left = rules.days_left(one.taken_until, await clock.now())
        raise RuleViolation("still_taken", days=left)
    earlier = await db.row(
        Submission,
        "SELECT plan, name, tags, note, channel, store, id AS again_of FROM lead WHERE id = $1",
        lead,
    )
    if earlier is None:
        raise RuleViolation("lead_unknown")
    how = {"agrees": True, "device": said.device, "network": said.network, "origin": said.origin}
    return await _receive(by, one.customer, msgspec.structs.replace(earlier, **how))


async def _receive(reporter: UUID, customer: str, said: Submission) -> Received:
    now: datetime = await db.value("SELECT customer_turn($1)", customer)
    plan = await terms.open_plan(said.plan)
    name, note = " ".join(said.name.split()), said.note.strip()
    rules.check_words(rules.terms_of(plan), name, note, said.tags, said.channel)
    if not said.agrees:
        raise RuleViolation("agreement_missing")
    await blacklist.check(customer)
    holder = await queries.holder(customer, now)
    place = rules.place(holder, str(reporter), now)
    if place == "own":
        raise RuleViolation("lead_already_yours")

    lead = ids.new_id()
    verdict = await _judged(lead, reporter, customer, said, plan, now)
    is_held = verdict.outcome != "clean"
    cleaned = msgspec.structs.replace(
        said, name=name, note=note, store=await _store(reporter, said)
    )
    takes = place == "free" and not is_held
    await _keep(lead, reporter, customer, cleaned, plan, now, takes=takes, is_held=is_held)
    return await _told(lead, reporter, customer, cleaned, plan, now, holder, is_held=is_held)


async def _judged(
    lead: UUID, reporter: UUID, customer: str, said: Submission, plan: Plan, now: datetime
) -> Verdict:
    return await antispam.judge_lead(
        lead, reporter, customer, said.device, said.network, now,
        limits=rules.terms_of(plan).limits, zone=plan.zone, captured_at=said.captured_at,
        by_customer=said.door == "self",
    )  # fmt: skip


async def _store(reporter: UUID, said: Submission) -> UUID | None:
    """Return the store that a lead is for: the one that was said, else the reporter's own."""
    if said.store is not None:
        return (await stores.store(said.store)).id
    own = await stores.store_of(reporter)
    return own.id if own else None


async def _keep(
    lead: UUID, reporter: UUID, customer: str, said: Submission, plan: Plan, now: datetime,
    *, takes: bool, is_held: bool,
) -> None:  # fmt: skip
    starts, ends = rules.protected(rules.terms_of(plan), now)
    await db.execute(
        "INSERT INTO lead (id, plan, plan_version, reporter, customer, name, tags, note, door,"
        " channel, store, captured_at, received_at, stage, stage_at, is_held, review_due, consent,"
        " objection_index, again_of, protected) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,"
        " $11, $12, $13, 'submitted', $13, $14, $15, $16, $17, $18,"
        " CASE WHEN $19 THEN tstzrange($20, $21) END)",
        lead, plan.id, plan.version, reporter, customer, said.name, list(dict.fromkeys(said.tags)),
        said.note, said.door, said.channel, said.store, said.captured_at, now, is_held,
        rules.review_due(plan, now), SAID_BY[said.door],
        consent.index_of(consent.token_of(lead)), said.again_of, takes, starts, ends,
    )  # fmt: skip
    for photo in said.photos:
        await db.execute(
            "INSERT INTO lead_photo (id, lead, media_type, body) VALUES ($1, $2, 'image/jpeg', $3)",
            ids.new_id(), lead, photo,
        )  # fmt: skip
    if said.again_of is not None:
        await db.execute(
            "UPDATE lead_watch SET told_at = coalesce(told_at, $2) WHERE lead = $1",
            said.again_of, now,
        )  # fmt: skip


async def _told(
    lead: UUID, reporter: UUID, customer: str, said: Submission, plan: Plan, now: datetime,
    holder: Holder | None, *, is_held: bool,
) -> Received:  # fmt: skip
    """Write the first steps and tell who waits for them; a held lead's reporter knows already."""
    await stages.write_step(lead, "submitted", None if said.door == "self" else reporter)
    is_taken = holder is not None and not is_held
    stage = "duplicate" if is_taken else "submitted"
    await events.publish(LeadReceived(lead, reporter, plan.id, customer, stage, now))
    if is_taken and holder is not None:
        await be_duplicate(lead, reporter, said.name, holder.until)
        return Received(lead, stage, is_held, holder.until)
    if not is_held:
        await thank(lead, reporter, said, rules.review_due(plan, now))
    await tell_desk(reporter)
    return Received(lead, stage, is_held)


async def be_duplicate(lead: UUID, reporter: UUID, name: str, until: datetime) -> None:
    """Make a lead the duplicate that it is; its reporter learns until when, never whose (D6)."""
    facts = {"until": until.isoformat()}
    await stages.advance(lead, "duplicate", None, facts=facts)
    await notify(
        [reporter], "lead_taken", f"lead:{lead}", facts | {"name": name}, stages.page_of(lead)
    )


async def thank(lead: UUID, reporter: UUID, said: Submission, due: datetime) -> None:
    """Thank at once (D2), and leave the message to the customer who was reported behind."""
    kind = "lead_by_code" if said.door == "self" else "lead_thanks"
    facts = {"name": said.name, "due": due.isoformat()}
    await notify([reporter], kind, f"lead:{lead}", facts, stages.page_of(lead))
    if said.door != "self":
        await consent.leave_message(lead, said.origin)


async def tell_desk(*more: UUID) -> None:
    """Let open desks, and open lists of whoever else, know that something came."""
    desk = await db.column("SELECT person FROM person_role WHERE role = 'operations'")
    await hint([*desk, *more], stages.HINT)
