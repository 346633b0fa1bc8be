"""Screens: make, name, renew, revoke, open. A link is kept as its hash only."""

from typing import Final
from uuid import UUID

from game.errors import RuleViolation
from server.kit import db, ids
from server.kit.db import command
from server.people.auth import Caller
from server.people.rights import record
from server.people.sessions import Opened, end_sessions, start_session
from server.people.stores import store, store_of
from server.screens import queries

LINK_LENGTH: Final = 26
"""Characters of five bits each: more than 128 bits, and still to be typed on a wall's remote."""
NAME_MAX: Final = 40
EVERYWHERE: Final = frozenset({"operations", "admin"})


def subject(screen: UUID) -> str:
    """Name a screen in the audit trail."""
    return f"screen:{screen}"


async def place_of(caller: Caller, asked: UUID | None) -> UUID | None:
    """Return the store a caller may set a screen up for; refused as `not_allowed`.

    Operations and administrators: any, or the whole company (None); a manager: the own one.
    """
    if not caller.roles.isdisjoint(EVERYWHERE):
        return None if asked is None else (await store(asked)).id
    own = await store_of(caller.id)
    if own is None or asked not in {None, own.id}:
        raise RuleViolation("not_allowed")
    return own.id


@command
async def make(caller: Caller, name: str, at: UUID | None) -> tuple[UUID, str]:
    """Set a screen up; returns it and its link's secret, which is known only now.

    Refused as `screen_name_missing`, `store_unknown`, `not_allowed`.
    """
    where, screen, token = await place_of(caller, at), ids.new_id(), ids.new_word(LINK_LENGTH)
    # On no board and asked by nobody: a screen takes no part.
    await db.execute(
        "INSERT INTO person (id, code, name, kind, unit, opted_out)"
        " VALUES ($1, $2, $3, 'screen', $4, true)",
        screen, subject(screen), _name(name), where,
    )  # fmt: skip
    await db.execute(
        "INSERT INTO store_screen (id, store, token_hash, created_by) VALUES ($1, $2, $3, $4)",
        screen, where, ids.token_hash(token), caller.id,
    )  # fmt: skip
    await record(caller.id, "make_screen", subject(screen))
    return screen, token


def _name(typed: str) -> str:
    name = typed.strip()[:NAME_MAX]
    if not name:
        raise RuleViolation("screen_name_missing")
    return name


async def _own(caller: Caller, screen: UUID) -> None:
    """Refuse whoever may not set up the place where this screen is, or a revoked one."""
    found = await queries.screen(screen)
    if found.revoked_at is not None:
        raise RuleViolation("screen_unknown")
    if caller.roles.isdisjoint(EVERYWHERE) and await place_of(caller, None) != found.store:
        raise RuleViolation("not_allowed")


@command
async def rename(caller: Caller, screen: UUID, name: str) -> None:
    """Call a screen something else."""
    await _own(caller, screen)
    await db.execute("UPDATE person SET name = $2 WHERE id = $1", screen, _name(name))


@command
async def renew(caller: Caller, screen: UUID) -> str:
    """Give a screen a new link; whoever opened the old one is out at once."""
    await _own(caller, screen)
    token = ids.new_word(LINK_LENGTH)
    await db.execute(
        "UPDATE store_screen SET token_hash = $2 WHERE id = $1", screen, ids.token_hash(token)
    )
    await end_sessions(screen)
    await record(caller.id, "renew_screen", subject(screen))
    return token


@command
async def revoke(caller: Caller, screen: UUID) -> None:
    """Revoke a screen's link for good: its sockets close, it shows nothing any more."""
    await _own(caller, screen)
    await db.execute(
        "UPDATE store_screen SET revoked_at = leitai_clock(), revoked_by = $2 WHERE id = $1",
        screen, caller.id,
    )  # fmt: skip
    await db.execute("UPDATE person SET active = false WHERE id = $1", screen)
    await end_sessions(screen)
    await record(caller.id, "revoke_screen", subject(screen))


@command
async def open_link(screen: UUID) -> Opened:
    """Open a session for the wall that has opened the link; it may look at boards, no more."""
    return await start_session(screen, "screen")
