"""Phones that take pushes, and what waits for their owners: reads only."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from server.kit import db
from server.notifications.words import WORDS

FRESH: Final = "1 day"
"""What is older is no news: it waits in the inbox."""

MOMENTS: Final = (
    "reward_arrived", "bonus_arrived", "referral_reward", "commission_arrived", "special_given",
    "badge_earned", "badges_earned", "honour_awarded", "lead_valid", "lead_deal",
)  # fmt: skip
"""Notices that are a good moment."""


class Device(msgspec.Struct, frozen=True):
    """A browser on a phone or desk: where its pushes go, and the keys they are encrypted for."""

    id: UUID
    person: UUID
    endpoint: str
    p256dh: str
    auth: str
    name: str
    origin: str
    seen_at: datetime


class Choice(msgspec.Struct, frozen=True):
    """What a person has said: the groups they don't want, and when they said "later"."""

    unwanted: frozenset[str] = frozenset()
    asked_at: datetime | None = None


class Waiting(msgspec.Struct, frozen=True):
    """A notice that was not read yet."""

    id: UUID
    kind: str
    at: datetime


_DEVICE: Final = (
    "SELECT id, person, endpoint, p256dh, auth, name, origin, seen_at FROM push_device "
)


async def devices(person: UUID) -> list[Device]:
    """Return a person's devices, the one used last first."""
    return await db.rows(Device, _DEVICE + "WHERE person = $1 ORDER BY seen_at DESC, id", person)


async def owner(endpoint: str) -> UUID | None:
    """Return whose device this is."""
    found: UUID | None = await db.value(
        "SELECT person FROM push_device WHERE endpoint = $1", endpoint
    )
    return found


async def reachable(people: Sequence[UUID]) -> list[UUID]:
    """Return those of some people who have a device."""
    return await db.column(
        "SELECT DISTINCT person FROM push_device WHERE person = ANY ($1::uuid[]) ORDER BY person",
        list(people),
    )


async def choice(person: UUID) -> Choice:
    """Return what a person has said."""
    found = await db.row(
        Choice, "SELECT unwanted, asked_at FROM push_choice WHERE person = $1", person
    )
    return found or Choice()


async def had_a_moment(person: UUID) -> bool:
    """Tell whether something good has happened to a person here: points, a reward, a badge."""
    found = await db.value(
        "SELECT true WHERE EXISTS (SELECT FROM account WHERE owner = $1 AND kind = 'wallet'"
        " AND asset = 'points' AND posted > 0)"
        " OR EXISTS (SELECT FROM notice WHERE person = $1 AND kind = ANY ($2))",
        person, list(MOMENTS),
    )  # fmt: skip
    return bool(found)


async def sent(person: UUID) -> list[datetime]:
    """Return when a person was sent pushes in the last two days, the newest first."""
    return await db.column(
        "SELECT at FROM push WHERE person = $1 AND at > leitai_clock() - interval '2 days'"
        " ORDER BY at DESC",
        person,
    )


async def waiting(person: UUID, unwanted: Collection[str]) -> list[Waiting]:
    """Return unread news of the last day that came since the last push, the newest first."""
    wanted = [kind for kind, words in WORDS.items() if words.group not in unwanted]
    return await db.rows(
        Waiting,
        "SELECT id, kind, at FROM notice WHERE person = $1 AND read_at IS NULL AND kind = ANY ($2)"
        " AND at > leitai_clock() - $3::text::interval"
        " AND at > coalesce((SELECT max(at) FROM push WHERE person = $1), '-infinity')"
        " ORDER BY at DESC, id DESC",
        person, wanted, FRESH,
    )  # fmt: skip
