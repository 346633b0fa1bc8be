"""Actions: report one, decide on one. Both under the plan's gate (E2)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from game.action_terms import PEOPLE_MAX, Mode
from game.battle_states import check_verdict
from game.errors import RuleViolation
from game.plan import Plan
from game.points import points_for
from server.actions import chains, verdicts
from server.actions.chains import Link
from server.actions.customers import customer_key
from server.actions.events import (
    ActionReported,
    VerdictAsked,
)
from server.actions.receiving import Sending, receive
from server.kit import db, events
from server.kit.db import command
from server.people.rights import record

NOTE_MAX = 500


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a phone reports; `captured_at` is its own clock, kept as evidence only."""

    plan: str
    kind: str
    customer: str = ""
    note: str = ""
    captured_at: datetime | None = None
    photos: Sequence[bytes] = ()
    mode: Mode = "direct"
    starters: Sequence[tuple[str, date]] = ()
    """Who started work (a phone or the company's own number) and on which day (C2)."""


class Reported(msgspec.Struct, frozen=True):
    """What became of a report at once: pending, or why it can't score."""

    action: UUID
    outcome: str
    points: int
    """What it is worth once accepted."""


@command
async def report(person: UUID, said: Report) -> Reported:
    """Receive an action; it scores once it is accepted.

    Refused as `kind_unknown`, `customer_unreadable`, `note_too_long`, `too_many_starters`. An
    action over its cap, with a customer or people who are taken, is kept, with that outcome.
    """
    if len(said.note) > NOTE_MAX:
        raise RuleViolation("note_too_long", most=NOTE_MAX)
    if len(said.starters) > PEOPLE_MAX:
        raise RuleViolation("too_many_starters", most=PEOPLE_MAX)
    sending = Sending(
        plan=said.plan, kind=said.kind, customer=await customer_key(said.customer),
        note=said.note, captured_at=said.captured_at, photos=said.photos, mode=said.mode,
        starters={await customer_key(who): day for who, day in said.starters if who.strip()},
    )  # fmt: skip
    received = await receive(person, sending)
    if received is None:
        raise RuleViolation("kind_unknown")
    new = received.link
    await events.publish(ActionReported(new.id, person, new.outcome))
    return Reported(new.id, new.outcome, worth(received.plan, new))


def worth(plan: Plan, one: Link) -> int:
    """Return what an action scores if it is accepted."""
    return points_for(plan, one.kind, one.received_at, one.mode)[0]


@command
async def decide(
    action: UUID,
    by: UUID,
    verdict: Literal["accepted", "struck"],
    reason: str = "",
    auditing: UUID | None = None,
) -> Link:
    """Give a verdict and decide the customer's chain anew; returns the action as it then is.

    The review desk decides what is pending; an audit (`auditing` names its battle) may also
    turn a verdict round. Refused as `action_unknown`, `own_action`, `already_decided`,
    `reason_missing`, and by whoever listens to VerdictAsked.
    """
    asked = await chains.link(action)
    if asked is None:
        raise RuleViolation("action_unknown")
    now: datetime = await db.value(
        "SELECT verdict_locks($1, $2, $3)", asked.plan, asked.kind, asked.customer
    )
    await events.publish(
        VerdictAsked(asked.person, asked.plan, asked.kind, asked.received_at, by, auditing)
    )
    links = await chains.chain_of(asked)
    one = next(each for each in links if each.id == action)
    _check(one, by, verdict, reason, overturning=auditing is not None)
    facts = {"before": one.verdict} | ({"battle": str(auditing)} if auditing else {})
    verb = "accept" if verdict == "accepted" else "strike"
    await record(by, verb, f"action:{action}", reason.strip(), facts)
    return await verdicts.give(
        links,
        msgspec.structs.replace(one, verdict=verdict, decided_by=by, decided_at=now, reason=reason),
    )


def _check(one: Link, by: UUID, verdict: str, reason: str, *, overturning: bool) -> None:
    check_verdict(str(by), str(one.person))
    settled = one.verdict == verdict if overturning else one.verdict != "pending"
    if settled:
        raise RuleViolation("already_decided", verdict=one.verdict)
    if verdict == "struck" and not reason.strip():
        raise RuleViolation("reason_missing")


def facts_of(one: Link) -> dict[str, Any]:
    """Return an action as JSON of the API."""
    return {
        "id": str(one.id),
        "plan": one.plan,
        "kind": one.kind,
        "verdict": one.verdict,
        "outcome": one.outcome,
        "points": one.points,
        "received_at": one.received_at.isoformat(),
    }
