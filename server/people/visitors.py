"""Visitors: whoever confirms a phone by a one-time code is a customer; no passcode, no install.

A phone is one person: a colleague's is that colleague, a partner's that partner. The doors and
their limits are those of `server/people/codes.py`, and they answer everybody alike.
"""

from typing import Literal
from uuid import UUID

import msgspec

from game.errors import RuleViolation
from server.kit import crypto, db, i18n, ids
from server.people import codes, limits, queries
from server.people.names import sort_name
from server.people.sessions import Opened, start_session


class Entered(msgspec.Struct, frozen=True):
    """Somebody who has shown that a phone is theirs."""

    person: UUID
    kind: Literal["employee", "customer", "partner"]
    opened: Opened


class Participant(msgspec.Struct, frozen=True):
    """A person found by their phone, or just made for it."""

    id: UUID
    kind: Literal["employee", "customer", "partner"]
    active: bool


async def ask_code(typed: str, address: str) -> None:
    """Count that a phone asks for a code; then `send_code` runs in the background.

    Refused as `phone_unreadable`, `code_too_soon` or `code_sent_today`.
    """
    crypto.normal_phone(typed)
    await codes.count_request(typed, address)


async def send_code(typed: str) -> None:
    """Send a code to this phone, whoever's it is or nobody's yet."""
    await codes.send_code(typed, to_anybody=True)


async def enter(typed: str, code: str, address: str, ended: UUID | None = None) -> Entered:
    """Let in whoever has the code of a phone; a phone that was nobody's is a customer from now on.

    `ended` is the session that this one replaces. Refused as `phone_unreadable`, `code_refused`
    or `too_many_tries`.
    """
    phone = crypto.normal_phone(typed)
    index = crypto.blind_index(phone)
    spent = await codes.count_try(address)
    known = await queries.known(typed)
    if not await codes.take_code(known.id if known else None, index, code):
        raise RuleViolation("code_refused")
    entered = await _enter(phone, ended)
    await limits.forgive(spent)
    return entered


@db.command
async def _enter(phone: str, ended: UUID | None) -> Entered:
    found = await customer_of(phone)
    return Entered(found.id, found.kind, await start_session(found.id, "code", ended))


@db.command
async def customer_of(phone: str) -> Participant:
    """Return whose an E.164 phone is, made a customer where it was nobody's."""
    return await participant(phone, "customer", crypto.masked(phone))


@db.command
async def participant(phone: str, kind: Literal["customer", "partner"], name: str) -> Participant:
    """Return whose an E.164 phone is; where it was nobody's, a new person of this kind."""
    index = crypto.blind_index(phone)
    # Of two who confirm one phone at a time, the second finds the first.
    await db.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 3))", index.hex())
    found = await db.row(
        Participant,
        "SELECT p.id, p.kind, p.active FROM person p JOIN person_phone f ON f.person = p.id"
        " WHERE f.blind_index = $1",
        index,
    )
    if found is not None:
        return found
    person = ids.new_id()
    await db.execute(
        "INSERT INTO person (id, code, name, sort_name, kind, locale)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        person, f"{kind[0].upper()}-{ids.new_word(10)}", name, sort_name(name), kind, i18n.locale(),
    )  # fmt: skip
    sealed = crypto.seal(phone, "person_phone", "ciphertext", str(person))
    await db.execute(
        "INSERT INTO person_phone (person, blind_index, ciphertext, wrapped_key)"
        " VALUES ($1, $2, $3, $4)",
        person, index, sealed.ciphertext, sealed.wrapped_key,
    )  # fmt: skip
    return Participant(person, kind, active=True)
