"""How an action is received: under the locks that give it its moment (plan.md)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from game.action_terms import Mode
from game.plan import Plan, in_force
from game.points import is_home
from server.actions import chains
from server.actions.chains import Link
from server.kit import db, ids
from server.plans import queries as plans


class Received(msgspec.Struct, frozen=True):
    """An action that is stored, and the version in force when it came in."""

    link: Link
    plan: Plan


class Sending(msgspec.Struct, frozen=True, kw_only=True):
    """What is received; `customer` is a key of `customer`, or empty."""

    plan: str
    kind: str
    customer: str = ""
    mode: Mode = "direct"
    starters: Mapping[str, date] = {}
    """Keys of `customer` of those who started work, and the day each did."""
    reference: str | None = None
    note: str = ""
    captured_at: datetime | None = None
    photos: Sequence[bytes] = ()


async def receive(person: UUID, sent: Sending) -> Received | None:
    """Store an action, undecided; None where no version in force knows its kind.

    Where it can't score any more (its cap, its customer), its outcome says so at once.
    """
    received_at = await db.value(
        "SELECT action_receipt($1, $2, $3, $4)", sent.plan, person, sent.kind, sent.customer
    )
    earlier = await chains.chain(sent.plan, sent.kind, sent.customer)
    if sent.starters or any(each.starters for each in earlier):
        received_at = await chains.starters_turn(sent.plan, received_at)
        earlier = await chains.tied(sent.plan, sent.kind, sent.customer, sent.starters)
    first = min((each.received_at for each in earlier), default=received_at)
    versions = await plans.versions(sent.plan, first)
    plan = in_force(versions, received_at)
    if plan is None or sent.kind not in plan.actions:
        return None
    new = Link(
        id=ids.new_id(), person=person, plan=sent.plan, kind=sent.kind, customer=sent.customer,
        happened_at=min(sent.captured_at or received_at, received_at), received_at=received_at,
        within_cap=await chains.is_within_cap(plan, person, sent.kind, received_at),
        verdict="pending", outcome="pending", points=0, turn=0, mode=sent.mode,
        is_home=await _is_home(plan, person, sent.kind), starters=dict(sent.starters),
    )  # fmt: skip
    decision = chains.decide([*earlier, new], versions)[-1]
    new = msgspec.structs.replace(new, outcome=decision.outcome)
    await _keep(new, plan, sent)
    return Received(new, plan)


async def _is_home(plan: Plan, person: UUID, kind: str) -> bool:
    if plan.actions[kind].home is None:
        return False
    path = await db.value(
        "SELECT u.path FROM person p JOIN unit u ON u.id = p.unit WHERE p.id = $1", person
    )
    return is_home(plan, kind, path or "")


async def _keep(new: Link, plan: Plan, sent: Sending) -> None:
    await db.execute(
        "INSERT INTO action (id, person, plan, plan_version, kind, customer, note, captured_at,"
        " happened_at, received_at, within_cap, outcome, mode, reference, is_home, starters)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        new.id, new.person, new.plan, plan.version, new.kind, new.customer, sent.note,
        sent.captured_at, new.happened_at, new.received_at, new.within_cap, new.outcome,
        new.mode, sent.reference, new.is_home,
        {who: day.isoformat() for who, day in new.starters.items()},
    )  # fmt: skip
    for photo in sent.photos:
        await db.execute(
            "INSERT INTO evidence (id, action, media_type, body) VALUES ($1, $2, 'image/jpeg', $3)",
            ids.new_id(), new.id, photo,
        )  # fmt: skip
