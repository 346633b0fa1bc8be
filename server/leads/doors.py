"""A colleague's QR code, behind which customers enter their own number (D1, promises.md § 4.8)."""

import re
from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec

from game.errors import RuleViolation
from server.kit import clock, db, ids
from server.kit.db import command
from server.leads import commands
from server.leads.commands import Received, Submission
from server.people import limits
from server.people.limits import Limit

CODE_LENGTH: Final = 8
_LOOKALIKES: Final = str.maketrans("OILU", "011V")
NETWORK_MOST: Final = 60
"""Numbers from one network in an hour: a store's guests share one, a script has none to itself."""
HOUR: Final = timedelta(hours=1)


class LeadDoor(msgspec.Struct, frozen=True):
    """Whose door a code opens, and into which plan."""

    code: str
    plan: str
    person: UUID
    name: str


DOOR: Final = (
    "SELECT d.code, d.plan, d.person, p.name FROM lead_door d JOIN person p ON p.id = d.person"
    " WHERE p.active AND "
)


@command
async def door_of(person: UUID, plan: str) -> LeadDoor:
    """Return somebody's door into a plan, made at the first time."""
    while True:
        found = await db.row(LeadDoor, f"{DOOR} d.person = $1 AND d.plan = $2", person, plan)
        if found is not None:
            return found
        await db.execute(
            "INSERT INTO lead_door (code, plan, person, made_at) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT DO NOTHING",
            ids.new_word(CODE_LENGTH), plan, person, await clock.now(),
        )  # fmt: skip


async def door(typed: str) -> LeadDoor:
    """Return the door of a code, however it was typed; refused as `lead_door_unknown`."""
    code = re.sub(r"[\s-]+", "", typed).upper().translate(_LOOKALIKES)
    found = await db.row(LeadDoor, f"{DOOR} d.code = $1", code)
    if found is None:
        raise RuleViolation("lead_door_unknown")
    return found


@command
async def enter(typed: str, phone: str, said: Submission) -> Received | None:
    """Receive the number that a customer enters themselves; None where their friend has them.

    Refused as `lead_door_unknown`, `too_many_at_door`, and as `commands.submit`; what a customer
    need not know (on a list, reported before) is no refusal to them.
    """
    one = await door(typed)
    counter = limits.counter("lead_door", said.network)
    await limits.spend(Limit(counter, NETWORK_MOST, HOUR, "too_many_at_door"))
    how = msgspec.structs.replace(said, plan=one.plan, door="self")
    try:
        return await commands.submit(one.person, phone, how)
    except RuleViolation as refusal:
        if refusal.code in {"lead_already_yours", "customer_objected", "customer_blacklisted"}:
            return None
        raise
