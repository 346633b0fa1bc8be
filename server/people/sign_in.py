"""Signing in with a passcode, and replacing it.

Whoever is unknown gets the same sentence, after the same time, as whoever mistypes.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from game.errors import RuleViolation
from server.kit import db
from server.people import limits, passcodes, queries
from server.people.limits import Limit, counter
from server.people.queries import Known
from server.people.sessions import Opened, end_sessions, start_session

QUARTER: Final = timedelta(minutes=15)
FRESH: Final = QUARTER
"""How long after a sign-in by code a lost passcode may be replaced without naming it."""


async def with_passcode(
    typed: str, passcode: str, address: str, ended: UUID | None = None
) -> Opened:
    """Sign in by phone or company id and passcode.

    `ended` is the session that this one replaces. Refused as `sign_in_refused`, or as
    `too_many_tries` after 10 in 15 minutes for one person or 50 in an hour from one address.
    """
    known = await queries.known(typed)
    spent = await _try(str(known.id) if known else queries.meant(typed), address)
    fits = await passcodes.fits(passcode, known.passcode_hash if known else None)
    if known is None or not fits:
        raise RuleViolation("sign_in_refused")
    opened = await _open_by_passcode(known, ended)
    await limits.forgive(spent)
    return opened


async def needs_old_passcode(session: UUID) -> bool:
    """Say whether a new passcode asks for the old: not without one, nor right after a code."""
    needed: bool = await db.value(
        "SELECT p.passcode_hash IS NOT NULL"
        " AND NOT (s.opened_by = 'code' AND s.created_at > leitai_clock() - $2::interval)"
        " FROM session s JOIN person p ON p.id = s.person WHERE s.id = $1",
        session, FRESH,
    )  # fmt: skip
    return needed


async def change_passcode(person: UUID, session: UUID, old: str, new: str, address: str) -> None:
    """Set a person's own new passcode; every other session ends.

    Refused as `passcode_length`, `old_passcode_wrong` or `too_many_tries`.
    """
    passcodes.check_length(new)
    if await needs_old_passcode(session):
        stored = await db.value("SELECT passcode_hash FROM person WHERE id = $1", person)
        spent = await _try(str(person), address)
        if not await passcodes.fits(old, stored):
            raise RuleViolation("old_passcode_wrong")
        await limits.forgive(spent)
    await set_passcode(person, await passcodes.hashed(new), session)


@db.command
async def set_passcode(person: UUID, passcode_hash: str, session: UUID | None = None) -> None:
    """Store a passcode; every session but `session` ends, and no code or invite is left."""
    await db.execute("UPDATE person SET passcode_hash = $2 WHERE id = $1", person, passcode_hash)
    await end_sessions(person, session)
    await db.execute(
        "UPDATE one_time_code SET used_at = leitai_clock() WHERE person = $1 AND used_at IS NULL",
        person,
    )
    await db.execute(
        "UPDATE invite SET expires_at = least(expires_at, leitai_clock())"
        " WHERE person = $1 AND used_at IS NULL",
        person,
    )


async def _try(person: str, address: str) -> limits.Spent:
    return await limits.spend(
        Limit(counter("passcode", person), 10, QUARTER, "too_many_tries"),
        Limit(counter("door", limits.network(address)), 50, limits.HOUR, "too_many_tries"),
    )


@db.command
async def _open_by_passcode(known: Known, ended: UUID | None) -> Opened:
    # The passcode may have been replaced while it was being compared.
    current = await db.value(
        "SELECT passcode_hash FROM person WHERE id = $1 FOR NO KEY UPDATE", known.id
    )
    if current != known.passcode_hash:
        raise RuleViolation("sign_in_refused")
    return await start_session(known.id, "passcode", ended)
