"""Invites: a link that works once, within 7 days, and ends with the person's own passcode."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from game.errors import RuleViolation
from server.kit import clock, db, ids
from server.people import passcodes, rights
from server.people.names import sort_name
from server.people.sessions import Opened, start_session
from server.people.sign_in import set_passcode

LASTS: Final = timedelta(days=7)
FIRST_CODE: Final = "admin"


class Invite(NamedTuple):
    """An invite just made; its token is known only here and in the link."""

    token: str
    expires_at: datetime

    @property
    def path(self) -> str:
        """Return where the invite leads, below this site's origin."""
        return f"/invites/{self.token}"


class Invited(msgspec.Struct, frozen=True):
    """Whom a living invite is for."""

    id: UUID
    code: str
    name: str


@db.command
async def invite(person: UUID, by: UUID | None) -> Invite:
    """Make a person's only living invite; earlier ones open nothing any more.

    Refused as `person_unknown` or `person_inactive`.
    """
    active = await db.value("SELECT active FROM person WHERE id = $1 FOR NO KEY UPDATE", person)
    if not active:
        raise RuleViolation("person_unknown" if active is None else "person_inactive")
    await db.execute(
        "UPDATE invite SET expires_at = least(expires_at, leitai_clock())"
        " WHERE person = $1 AND used_at IS NULL",
        person,
    )
    now = await clock.now()
    made = Invite(ids.new_token(), now + LASTS)
    await db.execute(
        "INSERT INTO invite (id, person, token_hash, created_by, created_at, expires_at)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        ids.new_id(), person, ids.token_hash(made.token), by, now, made.expires_at,
    )  # fmt: skip
    await rights.record(by, "invite", rights.person_subject(person))
    return made


async def invite_code(code: str) -> Invite:
    """Invite the person of a company id, for whoever runs the server."""
    person = await db.value("SELECT id FROM person WHERE code = $1", code)
    if person is None:
        raise RuleViolation("person_unknown")
    return await invite(person, None)


@db.command
async def bootstrap_admin(name: str, code: str = FIRST_CODE) -> Invite | None:
    """Make the first administrator of an installation and invite them; None when there is one."""
    await rights.take_turns()
    if await rights.has_administrator():
        return None
    person = await db.value(
        "INSERT INTO person (id, code, name, sort_name, rank) VALUES ($1, $2, $3, $4, 'staff')"
        " ON CONFLICT (code) DO UPDATE SET active = true RETURNING id",
        ids.new_id(), code, name, sort_name(name),
    )  # fmt: skip
    held = await db.column("SELECT role FROM person_role WHERE person = $1", person)
    await rights.set_roles(person, frozenset({*held, "admin"}), None)
    return await invite(person, None)


async def invited(token: str) -> Invited:
    """Return whom an invite is for; refused as `invite_spent`."""
    found = await db.row(
        Invited,
        "SELECT p.id, p.code, p.name FROM invite i JOIN person p ON p.id = i.person"
        " WHERE i.token_hash = $1 AND i.used_at IS NULL AND i.expires_at > leitai_clock()"
        " AND p.active",
        ids.token_hash(token),
    )
    if found is None:
        raise RuleViolation("invite_spent")
    return found


async def accept(token: str, passcode: str, ended: UUID | None = None) -> Opened:
    """Use an invite up: set the person's passcode, end their sessions, open a new one.

    Refused as `invite_spent` or `passcode_length`; of many at once, one gets in.
    """
    await invited(token)
    return await _accept(token, await passcodes.hashed(passcode), ended)


@db.command
async def _accept(token: str, passcode_hash: str, ended: UUID | None) -> Opened:
    person = await db.value(
        "UPDATE invite SET used_at = leitai_clock() WHERE token_hash = $1 AND used_at IS NULL"
        " AND expires_at > leitai_clock() RETURNING person",
        ids.token_hash(token),
    )
    if person is None:
        raise RuleViolation("invite_spent")
    await set_passcode(person, passcode_hash)
    return await start_session(person, "invite", ended)
