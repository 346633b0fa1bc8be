"""What a person may do, and whether they take part."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from game.errors import RuleViolation
from server.kit import db, events, ids
from server.people.events import PersonDismissed, PersonOptedOut, RolesTaken
from server.people.guards import ROLES
from server.people.sessions import end_sessions

# Whoever changes who there is or who may do what takes turns: an administrator must remain.
RIGHTS_LOCK: Final = 781_605


def person_subject(person: UUID) -> str:
    """Name a person in the audit trail."""
    return f"person:{person}"


@db.command
async def set_roles(person: UUID, roles: frozenset[str], by: UUID | None) -> bool:
    """Give a person exactly these roles; says whether that changed any.

    A change ends all their sessions: rights are never carried over. Refused as `role_unknown`,
    `person_unknown` or `last_administrator`.
    """
    if not roles <= set(ROLES):
        raise RuleViolation("role_unknown")
    await take_turns()
    if await db.value("SELECT id FROM person WHERE id = $1 FOR NO KEY UPDATE", person) is None:
        raise RuleViolation("person_unknown")
    before = set(await db.column("SELECT role FROM person_role WHERE person = $1", person))
    if before == roles:
        return False
    await db.execute("DELETE FROM person_role WHERE person = $1", person)
    await db.execute("INSERT INTO person_role SELECT $1, unnest($2::text[])", person, sorted(roles))
    await keep_an_administrator(before)
    await end_sessions(person)
    facts = {"before": sorted(before), "after": sorted(roles)}
    await record(by, "set_roles", person_subject(person), facts=facts)
    if before - roles:
        await events.publish(RolesTaken(person, frozenset(before - roles), by))
    return True


@db.command
async def dismiss(person: UUID, by: UUID, reason: str) -> None:
    """Let a person in no longer: sessions, invites and codes end, what they earned stays.

    Refused as `reason_missing`, `person_unknown` or `last_administrator`.
    """
    if not reason.strip():
        raise RuleViolation("reason_missing")
    await take_turns()
    roles = set(await db.column("SELECT role FROM person_role WHERE person = $1", person))
    await _set_active(person, active=False)
    await keep_an_administrator(roles)
    await end_sessions(person)
    await db.execute(
        "UPDATE invite SET expires_at = least(expires_at, leitai_clock())"
        " WHERE person = $1 AND used_at IS NULL",
        person,
    )
    await record(by, "dismiss", person_subject(person), reason.strip())
    await events.publish(PersonDismissed(person, by))


@db.command
async def readmit(person: UUID, by: UUID) -> None:
    """Let a dismissed person in again, with what they had."""
    await _set_active(person, active=True)
    await record(by, "readmit", person_subject(person))


@db.command
async def opt_out(person: UUID) -> None:
    """Take no part from now on: no side, no stake, no place on a board (A6)."""
    if await _set_opted_out(person, opted_out=True):
        await events.publish(PersonOptedOut(person))


@db.command
async def opt_in(person: UUID) -> None:
    """Take part again (A6)."""
    await _set_opted_out(person, opted_out=False)


async def take_turns() -> None:
    """Wait until nobody else changes people or rights."""
    await db.execute("SELECT pg_advisory_xact_lock($1)", RIGHTS_LOCK)


async def keep_an_administrator(before: set[str] | frozenset[str]) -> None:
    """Refuse as `last_administrator` when there was one who loses the role and none is left."""
    if "admin" in before and not await has_administrator():
        raise RuleViolation("last_administrator")


async def has_administrator() -> bool:
    """Say whether anybody who takes part administers."""
    found: bool = await db.value(
        "SELECT EXISTS (SELECT FROM person_role r JOIN person p ON p.id = r.person"
        " WHERE r.role = 'admin' AND p.active)"
    )
    return found


async def record(
    by: UUID | None,
    verb: str,
    subject: str,
    reason: str = "",
    facts: Mapping[str, object] | None = None,
) -> None:
    """Write who did what and why, in the transaction of the deed."""
    await db.execute(
        "INSERT INTO audit_record (id, actor, verb, subject, reason, facts)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        ids.new_id(), by, verb, subject, reason, facts or {},
    )  # fmt: skip


async def _set_active(person: UUID, *, active: bool) -> None:
    tag = await db.execute("UPDATE person SET active = $2 WHERE id = $1", person, active)
    if tag == "UPDATE 0":
        raise RuleViolation("person_unknown")


async def _set_opted_out(person: UUID, *, opted_out: bool) -> bool:
    tag = await db.execute(
        "UPDATE person SET opted_out = $2 WHERE id = $1 AND opted_out <> $2", person, opted_out
    )
    if tag == "UPDATE 0":
        return False
    await record(person, "opt_out" if opted_out else "opt_in", person_subject(person))
    return True
