"""What is done to a lead on its way: a step with one tap and a note (D5)."""

from typing import Final
from uuid import UUID

from game.errors import RuleViolation
from game.lead_stages import Stage, by_owner
from game.leads import NOTE_MAX
from server.kit.db import command
from server.leads import stages
from server.leads.passports import Passport, passport
from server.notifications.hints import hint

DESK: Final = frozenset({"operations", "service"})
"""Who reads every passport and may note something in it."""
READERS: Final = DESK | {"finance", "audit"}
"""Who reads every passport."""


async def seen(lead: UUID, person: UUID, roles: frozenset[str]) -> Passport:
    """Return a passport for whoever may read it: its reporter, its owner, the desks.

    For anybody else there is no such lead: refused as `lead_unknown`.
    """
    one = await passport(lead)
    if person not in {one.reporter, one.owner} and roles.isdisjoint(READERS):
        raise RuleViolation("lead_unknown")
    return one


def may_step(one: Passport, person: UUID, roles: frozenset[str]) -> bool:
    """Tell whether somebody takes the steps of a lead: its owner, or operations."""
    return person == one.owner or "operations" in roles


@command
async def step(lead: UUID, to: str, by: UUID, roles: frozenset[str], note: str) -> None:
    """Take the step `to` (contacted, visiting, lost), or write a note where it is "note".

    Refused as `lead_unknown`, `not_your_lead`, `note_too_long`, `note_missing`,
    `lead_step_closed`, and as `advance` says.
    """
    one = await seen(lead, by, roles)
    if len(note) > NOTE_MAX:
        raise RuleViolation("note_too_long", most=NOTE_MAX)
    if to == "note":
        await _note(one, by, roles, note)
        return
    if not may_step(one, by, roles):
        raise RuleViolation("not_your_lead")
    await stages.turn(lead)
    await stages.advance(lead, _step_of(to, (await passport(lead)).stage), by, note)


def _step_of(asked: str, stage: str) -> Stage:
    if asked == stage:
        raise RuleViolation("lead_step_taken", stage=stage)
    found = next((each for each in by_owner(stage) if each == asked), None)
    if found is None:
        raise RuleViolation("lead_step_closed", stage=stage, asked=asked)
    return found


async def _note(one: Passport, by: UUID, roles: frozenset[str], note: str) -> None:
    if by != one.owner and roles.isdisjoint(DESK):
        raise RuleViolation("not_your_lead")
    if not note.strip():
        raise RuleViolation("note_missing")
    await stages.write_step(one.id, "note", by, note)
    await hint([each for each in (one.reporter, one.owner) if each], stages.HINT)
