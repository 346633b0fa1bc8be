"""The customer's say (D1): a message with a link, behind which one tap ends it.

The token of the link is derived from the lead's id under the key file and never stored; the
database finds it by a keyed index. Only the job that sends the message opens the phone.
"""

import hashlib
import hmac
from typing import Any, Final
from uuid import UUID

import msgspec

from game.errors import RuleViolation
from game.lead_stages import following
from server.config import settings
from server.kit import clock, crypto, db, i18n, jobs, messages
from server.kit.crypto import Sealed
from server.kit.db import command
from server.kit.i18n import _
from server.leads import blacklist, stages
from server.people.rights import record

MESSAGE: Final = "lead_message"
KIND: Final = "lead_consent"
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TOKEN_LENGTH: Final = 26


class Asked(msgspec.Struct, frozen=True):
    """A lead as its customer sees it."""

    lead: UUID
    customer: str
    reporter_name: str
    stage: str
    is_over: bool
    """The customer has objected."""


class Sealing(msgspec.Struct, frozen=True):
    """A customer's phone as it is stored; None once it was erased."""

    customer: str
    reporter_name: str
    ciphertext: bytes | None
    wrapped_key: bytes | None
    is_over: bool


def token_of(lead: UUID) -> str:
    """Return the token that the link of a lead's customer carries: 128 bits."""
    digest = hmac.digest(crypto.keys().finding, f"lead objection|{lead}".encode(), hashlib.sha256)
    number = int.from_bytes(digest[:17])
    return "".join(ALPHABET[number >> shift & 31] for shift in range(0, 5 * TOKEN_LENGTH, 5))


def index_of(token: str) -> bytes:
    """Return what the database finds a token by."""
    return crypto.blind_index(f"lead|{token}")


async def leave_message(lead: UUID, origin: str = "") -> None:
    """Leave the message to the customer behind, in the transaction of the lead.

    `origin` is our own where a request says it; a link without one would lead nowhere.
    """
    ours = settings().leitai_origin or origin
    if not ours:
        return
    payload = {"lead": str(lead), "origin": ours.rstrip("/"), "locale": i18n.locale()}
    await jobs.enqueue(MESSAGE, payload, key=f"{MESSAGE}:{lead}")


async def send_message(payload: dict[str, Any]) -> None:
    """Send the message of the payload's lead, unless its customer has objected meanwhile."""
    lead = UUID(payload["lead"])
    one = await db.row(
        Sealing,
        "SELECT l.customer, p.name AS reporter_name, c.ciphertext, c.wrapped_key,"
        " l.objected_at IS NOT NULL AS is_over FROM lead l JOIN person p ON p.id = l.reporter"
        " JOIN customer c ON c.key = l.customer WHERE l.id = $1",
        lead,
    )
    if one is None or one.is_over or one.ciphertext is None or one.wrapped_key is None:
        return
    sealed = Sealed(one.ciphertext, one.wrapped_key)
    phone = crypto.unseal(sealed, "customer", "ciphertext", one.customer)
    token = token_of(lead)
    with i18n.speaking(payload["locale"]):
        said = _(
            "%(name)s gave us your number because you would like to hear from us."
            " You would rather not? One tap, and nobody calls: %(link)s",
            name=one.reporter_name,
            link=f"{payload['origin']}/l/o/{token}",
        )
    await messages.send(messages.Message(phone=phone, kind=KIND, text=said, code=token))


async def asked(token: str) -> Asked:
    """Return the lead that a link is about; refused as `objection_unknown`."""
    found = await db.row(
        Asked,
        "SELECT l.id AS lead, l.customer, p.name AS reporter_name, l.stage,"
        " EXISTS (SELECT FROM blacklist b WHERE b.customer = l.customer"
        "         AND b.cause = 'objection') AS is_over"
        " FROM lead l JOIN person p ON p.id = l.reporter WHERE l.objection_index = $1",
        index_of(token.upper()[: TOKEN_LENGTH + 1]),
    )
    if found is None:
        raise RuleViolation("objection_unknown")
    return found


@command
async def objected(token: str) -> None:
    """End a lead because its customer says so: nobody calls, nobody reports them again.

    Again is harmless. Refused as `objection_unknown`.
    """
    one = await asked(token)
    await stages.turn(one.lead)
    stage = await db.value("SELECT stage FROM lead WHERE id = $1", one.lead)
    await db.execute(
        "UPDATE lead SET objected_at = coalesce(objected_at, $2) WHERE id = $1",
        one.lead, await clock.now(),
    )  # fmt: skip
    reason = _("the customer asks not to be called")
    await blacklist.put(one.customer, "objection", reason, None)
    if "withdrawn" in following(stage):
        await stages.advance(one.lead, "withdrawn", None, reason)
        await record(None, "object", f"lead:{one.lead}")
