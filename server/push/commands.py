"""What a person says about pushes: on this phone, no longer, not these, later."""

import base64
import binascii
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

from game.errors import RuleViolation
from server.kit import clock, db, ids
from server.kit.db import command
from server.notifications.words import GROUPS
from server.push import services
from server.push.queries import Device

DEVICES_MAX: Final = 5
"""Phones and desks of one person; the one unused for longest makes room."""
UNSEEN: Final = "60 days"
"""A device that was not seen for so long is gone: some services never say so."""
AUTH_BYTES: Final = 16


class Browser(NamedTuple):
    """A subscription as a browser describes it, and where it came from."""

    endpoint: str
    p256dh: str
    auth: str
    name: str
    origin: str


@command
async def turn_on(person: UUID, session: UUID, browser: Browser, replaces: str = "") -> None:
    """Send pushes to this browser from now on; whoever had it before is sent none there.

    `replaces` is the endpoint it had until now. Refused as `push_service_unknown` and
    `push_keys_unreadable`.
    """
    if not services.is_known(browser.endpoint):
        raise RuleViolation("push_service_unknown")
    if not _are_keys(browser.p256dh, browser.auth):
        raise RuleViolation("push_keys_unreadable")
    await db.execute(
        "DELETE FROM push_device WHERE person = $1 AND endpoint = $2", person, replaces
    )
    await db.execute(
        "INSERT INTO push_device (id, person, session, endpoint, p256dh, auth, name, origin)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        " ON CONFLICT (endpoint) DO UPDATE SET person = excluded.person,"
        " session = excluded.session, p256dh = excluded.p256dh, auth = excluded.auth,"
        " name = excluded.name, origin = excluded.origin, seen_at = leitai_clock()",
        ids.new_id(), person, session, browser.endpoint, browser.p256dh, browser.auth,
        browser.name, browser.origin,
    )  # fmt: skip
    await db.execute(
        "DELETE FROM push_device WHERE id IN (SELECT id FROM push_device WHERE person = $1"
        " ORDER BY seen_at DESC, id DESC OFFSET $2)",
        person, DEVICES_MAX,
    )  # fmt: skip


@command
async def see(person: UUID, session: UUID, endpoint: str) -> bool:
    """Note that a browser was used by this person; False when it takes no pushes of theirs.

    A browser that took those of somebody else takes them no longer: another hand holds it.
    """
    done = await db.execute(
        "UPDATE push_device SET seen_at = leitai_clock(), session = $2"
        " WHERE endpoint = $3 AND person = $1",
        person, session, endpoint,
    )  # fmt: skip
    if done != "UPDATE 0":
        return True
    await db.execute("DELETE FROM push_device WHERE endpoint = $1", endpoint)
    return False


@command
async def turn_off(person: UUID, device: UUID) -> None:
    """Send this device of this person no more pushes."""
    await db.execute("DELETE FROM push_device WHERE id = $1 AND person = $2", device, person)


@command
async def turn_off_here(person: UUID, endpoint: str) -> None:
    """Send no more of this person's pushes to the browser that says so."""
    await db.execute(
        "DELETE FROM push_device WHERE endpoint = $1 AND person = $2", endpoint, person
    )


@command
async def choose(person: UUID, wanted: Collection[str], shown: Iterable[str]) -> None:
    """Keep which of the `shown` groups a person wants to be told of by a push."""
    unwanted = sorted(set(shown) & GROUPS.keys() - set(wanted))
    await db.execute(
        "INSERT INTO push_choice (person, unwanted) VALUES ($1, $2)"
        " ON CONFLICT (person) DO UPDATE SET unwanted = excluded.unwanted",
        person, unwanted,
    )  # fmt: skip


@command
async def ask_later(person: UUID) -> None:
    """Note that a person was offered pushes and said "later"."""
    await db.execute(
        "INSERT INTO push_choice (person, asked_at) VALUES ($1, $2)"
        " ON CONFLICT (person) DO UPDATE SET asked_at = excluded.asked_at",
        person, await clock.now(),
    )  # fmt: skip


@command
async def note_sent(person: UUID, topic: str, at: datetime) -> None:
    """Write down that a person is sent a push."""
    await db.execute(
        "INSERT INTO push (id, person, topic, at) VALUES ($1, $2, $3, $4)",
        ids.new_id(), person, topic, at,
    )  # fmt: skip


@command
async def forget_devices(gone: Iterable[Device]) -> None:
    """Forget devices that their service knows no longer."""
    await db.execute(
        "DELETE FROM push_device WHERE endpoint = ANY ($1::text[])",
        [each.endpoint for each in gone],
    )


@command
async def sweep() -> None:
    """Forget devices that were not seen for long, and what was sent long ago."""
    await db.execute(
        "DELETE FROM push_device WHERE seen_at < leitai_clock() - $1::text::interval", UNSEEN
    )
    await db.execute("DELETE FROM push WHERE at < leitai_clock() - $1::text::interval", UNSEEN)


def _are_keys(p256dh: str, auth: str) -> bool:
    """Tell whether these are a point of the curve and a secret, as browsers give them."""
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), _decoded(p256dh))
        return len(_decoded(auth)) == AUTH_BYTES
    except ValueError:
        return False


def _decoded(text: str) -> bytes:
    """Decode base64url without padding; raises ValueError for anything else."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as fault:
        raise ValueError(text) from fault
