"""Screens, and what they show: boards that run, and the latest thanks."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from game.errors import RuleViolation
from server.battles import queries as battles
from server.battles.queries import Battle
from server.challenges import queries as challenges
from server.kit import clock, db, ids

OVER_FOR: Final = timedelta(minutes=10)
"""So long a verdict stays on the wall before the next round has it to itself."""
BOARDS: Final = 4


class Screen(msgspec.Struct, frozen=True):
    """A screen by its name; `store` None shows the whole company."""

    id: UUID
    name: str
    store: UUID | None
    store_name: str | None
    created_at: datetime
    revoked_at: datetime | None
    seen_at: datetime | None


_SCREEN = """SELECT s.id, p.name, s.store, u.name AS store_name, s.created_at, s.revoked_at,
(SELECT max(seen_at) FROM session WHERE person = s.id) AS seen_at
FROM store_screen s JOIN person p ON p.id = s.id LEFT JOIN unit u ON u.id = s.store """


async def screens(at: UUID | None) -> list[Screen]:
    """Return the screens that are not revoked: of one store, or all; newest first."""
    return await db.rows(
        Screen,
        _SCREEN + "WHERE s.revoked_at IS NULL AND ($1::uuid IS NULL OR s.store = $1)"
        " ORDER BY u.path NULLS FIRST, s.created_at",
        at,
    )


async def screen(id_: UUID) -> Screen:
    """Return one screen, or refuse with `screen_unknown`."""
    found = await db.row(Screen, _SCREEN + "WHERE s.id = $1", id_)
    if found is None:
        raise RuleViolation("screen_unknown")
    return found


async def by_token(token: str) -> Screen | None:
    """Return the screen that a link opens, None where it was revoked or never was one."""
    return await db.row(
        Screen,
        _SCREEN + "WHERE s.token_hash = $1 AND s.revoked_at IS NULL",
        ids.token_hash(token.upper()),
    )


async def battles_shown(first: UUID | None) -> list[Battle]:
    """Return what is fought now, `first` before the others; a verdict for ten minutes.

    So a wall goes on to the next round by itself, and is never empty while there was one.
    """
    now, found = await clock.now(), await battles.battles()
    running = [one for one in found if not one.is_over]
    fresh = [one for one in found if one.settled_at and one.settled_at > now - OVER_FOR]
    asked = [one for one in found if one.id == first]
    shown = fresh + running
    if not shown:
        return asked or found[:1]
    return [one for one in asked if one in shown] + [one for one in shown if one.id != first]


async def challenges_shown(at: UUID | None) -> list[challenges.Challenge]:
    """Return the challenges of a store and of the company, the store's first."""
    return await challenges.shown_in(at, await clock.now() - OVER_FOR)
