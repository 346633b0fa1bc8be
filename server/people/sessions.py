"""Sessions: opened at every sign-in with a new token, ended at once and for good."""

from datetime import timedelta
from typing import Final, Literal, NamedTuple
from uuid import UUID

from game.errors import RuleViolation
from server.kit import db, events, i18n, ids
from server.people.events import SessionEnded

IDLE: Final = timedelta(days=30)
LONGEST: Final = timedelta(days=90)
TRUSTED_LONGEST: Final = timedelta(hours=8)
"""Who can move points, money or rights works with a short session."""
TRUSTED: Final = frozenset({"admin", "audit", "finance"})
SEEN_EVERY: Final = timedelta(minutes=1)
"""A session in use is written to the database no oftener than this."""

Proof = Literal["passcode", "code", "invite", "demo", "screen"]


class Opened(NamedTuple):
    """A session just opened; its token is known only here and in the cookie."""

    id: UUID
    token: str
    seconds: int


@db.command
async def start_session(
    person: UUID, opened_by: Proof = "passcode", ended: UUID | None = None
) -> Opened:
    """Open a session for a person who has proved who they are; `ended` is the one it replaces.

    Whatever the browser held before, the token is new. Refused as `sign_in_refused` when the
    person no longer takes part.
    """
    if ended is not None:
        await sign_out(ended)
    # Held until the end, so that a change of rights at this moment ends this session too.
    person_found = await db.value(
        "SELECT id FROM person WHERE id = $1 AND active FOR NO KEY UPDATE", person
    )
    if person_found is None:
        raise RuleViolation("sign_in_refused")
    roles = set(await db.column("SELECT role FROM person_role WHERE person = $1", person))
    idle, longest = (TRUSTED_LONGEST,) * 2 if roles & TRUSTED else (IDLE, LONGEST)
    opened = Opened(ids.new_id(), ids.new_token(), int(longest.total_seconds()))
    await db.execute(
        "INSERT INTO session"
        " (id, person, token_hash, opened_by, created_at, seen_at, idle, expires_at)"
        " SELECT $1, $2, $3, $4, n, n, $5, n + $6::interval FROM leitai_clock() AS n",
        opened.id, person, ids.token_hash(opened.token), opened_by, idle, longest,
    )  # fmt: skip
    await db.execute(
        "UPDATE person SET locale = $2 WHERE id = $1 AND locale <> $2", person, i18n.locale()
    )
    return opened


@db.command
async def sign_out(session: UUID) -> None:
    """End one session: its cookie opens nothing from now on."""
    await _end("id = $1", session)


@db.command
async def end_sessions(person: UUID, except_: UUID | None = None) -> None:
    """End every session of a person, but for `except_`."""
    await _end("person = $1 AND id IS DISTINCT FROM $2", person, except_)


async def _end(which: str, *arguments: object) -> None:
    ended = await db.column(
        "UPDATE session SET ended_at = leitai_clock()"
        f" WHERE {which} AND ended_at IS NULL RETURNING id",
        *arguments,
    )
    if ended:
        await events.publish(SessionEnded(tuple(ended)))
