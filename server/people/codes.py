"""One-time codes: six digits to a person's own phone, five tries in five minutes, once."""

import hmac
from datetime import timedelta
from typing import Final, NamedTuple
from uuid import UUID

import msgspec
import structlog

from game.errors import RuleViolation
from server.kit import crypto, db, ids, messages
from server.kit.i18n import _
from server.people import limits, queries
from server.people.limits import Limit, Spent, counter
from server.people.sessions import Opened, start_session

log = structlog.get_logger()

MINUTE: Final = timedelta(minutes=1)
DAY: Final = timedelta(days=1)
LASTS: Final = timedelta(minutes=5)
TRIES: Final = 5


class Holder(NamedTuple):
    """Whose phone a code goes to: a person's, or one that is nobody's yet."""

    person: UUID | None
    phone_index: bytes | None
    phone: str


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


async def send_code(typed: str, *, to_anybody: bool = False) -> None:
    """Send a new one-time code to whom is meant, if there is one; earlier codes are void.

    With `to_anybody` a phone that is nobody's yet gets one too. Runs after the answer was given,
    so that its time tells nothing.
    """
    try:
        message = await _new_code(typed, to_anybody=to_anybody)
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
    spent = await count_try(address)
    known = await queries.known(typed)
    if known is None or not await take_code(known.id, None, code):
        raise RuleViolation("code_refused")
    opened = await start_session(known.id, "code", ended)
    await limits.forgive(spent)
    return opened


async def count_try(address: str) -> Spent:
    """Count that a code was typed; refused as `too_many_tries` past 50 an hour from one address."""
    return await limits.spend(
        Limit(counter("door", limits.network(address)), 50, limits.HOUR, "too_many_tries")
    )


@db.command
async def _new_code(typed: str, *, to_anybody: bool) -> messages.Message | None:
    holder = await _holder(typed, to_anybody=to_anybody)
    if holder is None:
        return None
    sent = counter("sent", crypto.blind_index(holder.phone).hex())
    await limits.spend(
        Limit(sent, 1, MINUTE, "code_too_soon"), Limit(sent, 5, DAY, "code_sent_today")
    )
    await db.execute(
        "UPDATE one_time_code SET used_at = leitai_clock()"
        " WHERE (person = $1 OR phone_index = $2) AND used_at IS NULL",
        holder.person, holder.phone_index,
    )  # fmt: skip
    row, code = ids.new_id(), ids.new_code()
    await db.execute(
        "INSERT INTO one_time_code (id, person, phone_index, code_hash, created_at, expires_at)"
        " SELECT $1, $2, $3, $4, n, n + $5::interval FROM leitai_clock() AS n",
        row, holder.person, holder.phone_index, _code_hash(row, code), LASTS,
    )  # fmt: skip
    text = _("Leitai: your code is %(code)s. It lasts 5 minutes. Give it to nobody.", code=code)
    return messages.Message(holder.phone, "one_time_code", text, code)


async def _holder(typed: str, *, to_anybody: bool) -> Holder | None:
    known = await queries.known(typed)
    stored = None if known is None else await queries.stored_phone(known.id)
    if stored is not None:
        return Holder(stored.person, None, stored.opened())
    if known is not None or not to_anybody:
        return None
    phone = crypto.normal_phone(typed)
    index = crypto.blind_index(phone)
    # Whoever was dismissed is somebody still: their phone is not free.
    if await db.value("SELECT EXISTS (SELECT FROM person_phone WHERE blind_index = $1)", index):
        return None
    return Holder(None, index, phone)


@db.command
async def take_code(person: UUID | None, phone_index: bytes | None, code: str) -> bool:
    """Use up the code that was sent to a person or a phone; a wrong one costs a try."""
    waiting = await db.row(
        Waiting,
        "SELECT id, code_hash FROM one_time_code WHERE (person = $1 OR phone_index = $2)"
        " AND used_at IS NULL AND tries < $3 AND expires_at > leitai_clock()"
        " ORDER BY created_at DESC LIMIT 1 FOR UPDATE",
        person, phone_index, TRIES,
    )  # fmt: skip
    if waiting is None:
        return False
    right = hmac.compare_digest(waiting.code_hash, _code_hash(waiting.id, code.strip()))
    await db.execute(
        "UPDATE one_time_code SET tries = tries + 1,"
        " used_at = CASE WHEN $2 THEN leitai_clock() END WHERE id = $1",
        waiting.id, right,
    )  # fmt: skip
    return right


def _code_hash(row: UUID, code: str) -> bytes:
    # Six digits could be tried out against a plain hash; this one needs the key file.
    return crypto.blind_index(f"{row}|{code}")
