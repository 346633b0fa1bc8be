"""One-time codes: six digits to a person's own phone, five tries in five minutes, once."""

import hmac
from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec
import structlog

from game.errors import RuleViolation
from server.kit import crypto, db, ids, messages
from server.kit.i18n import _
from server.people import limits, queries
from server.people.limits import Limit, counter
from server.people.sessions import Opened, start_session

log = structlog.get_logger()

MINUTE: Final = timedelta(minutes=1)
DAY: Final = timedelta(days=1)
LASTS: Final = timedelta(minutes=5)
TRIES: Final = 5


class Waiting(msgspec.Struct, frozen=True):
    """A code that was sent and may still be tried."""

    id: UUID
    code_hash: bytes


async def count_request(typed: str, address: str) -> None:
    """Count that a code was asked for, whether or not there is somebody to send it to.

    Refused as `code_too_soon` or `code_sent_today`: 1 a minute and 5 a day for what was typed,
    20 a day from one address.
    """
    asked = counter("asked", queries.meant(typed))
    await limits.spend(
        Limit(asked, 1, MINUTE, "code_too_soon"),
        Limit(asked, 5, DAY, "code_sent_today"),
        Limit(counter("codes", limits.network(address)), 20, DAY, "code_sent_today"),
    )


async def send_code(typed: str) -> None:
    """Send a new one-time code to whom is meant, if there is one; earlier codes are void.

    Runs after the answer was given, so that its time tells nothing.
    """
    try:
        message = await _new_code(typed)
    except RuleViolation as refusal:
        # The phone had its codes under another name, or doesn't open with this key file.
        log.warning("code_not_sent", reason=refusal.code)
        return
    if message is not None:
        await messages.send(message)


async def with_code(typed: str, code: str, address: str, ended: UUID | None = None) -> Opened:
    """Sign in by phone or company id and the code sent; 5 tries in 5 minutes, once.

    Refused as `code_refused` or `too_many_tries`.
    """
    spent = await limits.spend(
        Limit(counter("door", limits.network(address)), 50, limits.HOUR, "too_many_tries")
    )
    person = await _take_code(typed, code.strip())
    if person is None:
        raise RuleViolation("code_refused")
    opened = await start_session(person, "code", ended)
    await limits.forgive(spent)
    return opened


@db.command
async def _new_code(typed: str) -> messages.Message | None:
    known = await queries.known(typed)
    stored = None if known is None else await queries.stored_phone(known.id)
    if stored is None:
        return None
    sent = counter("sent", stored.blind_index.hex())
    await limits.spend(
        Limit(sent, 1, MINUTE, "code_too_soon"), Limit(sent, 5, DAY, "code_sent_today")
    )
    await db.execute(
        "UPDATE one_time_code SET used_at = leitai_clock() WHERE person = $1 AND used_at IS NULL",
        stored.person,
    )
    row, code = ids.new_id(), ids.new_code()
    await db.execute(
        "INSERT INTO one_time_code (id, person, code_hash, created_at, expires_at)"
        " SELECT $1, $2, $3, n, n + $4::interval FROM leitai_clock() AS n",
        row, stored.person, _code_hash(row, code), LASTS,
    )  # fmt: skip
    text = _("Leitai: your code is %(code)s. It lasts 5 minutes. Give it to nobody.", code=code)
    return messages.Message(stored.opened(), "one_time_code", text, code)


@db.command
async def _take_code(typed: str, code: str) -> UUID | None:
    """Return whose code this is and use it up; a wrong one costs a try."""
    known = await queries.known(typed)
    if known is None:
        return None
    waiting = await db.row(
        Waiting,
        "SELECT id, code_hash FROM one_time_code WHERE person = $1 AND used_at IS NULL"
        " AND tries < $2 AND expires_at > leitai_clock()"
        " ORDER BY created_at DESC LIMIT 1 FOR UPDATE",
        known.id, TRIES,
    )  # fmt: skip
    if waiting is None:
        return None
    right = hmac.compare_digest(waiting.code_hash, _code_hash(waiting.id, code))
    await db.execute(
        "UPDATE one_time_code SET tries = tries + 1,"
        " used_at = CASE WHEN $2 THEN leitai_clock() END WHERE id = $1",
        waiting.id, right,
    )  # fmt: skip
    return known.id if right else None


def _code_hash(row: UUID, code: str) -> bytes:
    # Six digits could be tried out against a plain hash; this one needs the key file.
    return crypto.blind_index(f"{row}|{code}")
