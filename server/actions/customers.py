"""Customers: a normalised phone or the company's own number, never a free name."""

import re

from game.errors import RuleViolation
from server.kit import crypto, db
from server.people.events import PersonErased

OWN_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}", re.ASCII)
LOOKS_LIKE_MOBILE = re.compile(r"\+?(86)?1\d{10}", re.ASCII)


async def customer_key(raw: str) -> str:
    """Return the key of a customer, kept with its phone encrypted; '' for none.

    Refused as `customer_unreadable` where it is neither a phone nor a company's number.
    """
    typed = re.sub(r"[\s()-]", "", raw) if raw.strip()[:1] in "+0123456789" else raw.strip()
    if not typed:
        return ""
    try:
        phone = crypto.normal_phone(typed)
    except RuleViolation:
        return await _own_number(raw.strip())
    key = f"tel:{crypto.blind_index(phone).hex()}"
    if not await db.value("SELECT wrapped_key IS NOT NULL FROM customer WHERE key = $1", key):
        sealed = crypto.seal(phone, "customer", "ciphertext", key)
        await _keep(key, crypto.masked(phone), sealed.ciphertext, sealed.wrapped_key)
    return key


async def forget(event: PersonErased) -> None:
    """Forget the phone of a customer: its data key goes, the key by which it is counted stays."""
    await db.execute(
        "UPDATE customer SET shown = '—', ciphertext = NULL, wrapped_key = NULL WHERE key = $1",
        event.customer,
    )


async def _own_number(number: str) -> str:
    if not OWN_NUMBER.fullmatch(number) or LOOKS_LIKE_MOBILE.fullmatch(number):
        raise RuleViolation("customer_unreadable")
    key = f"id:{number}"
    await _keep(key, number, None, None)
    return key


async def _keep(key: str, shown: str, ciphertext: bytes | None, wrapped: bytes | None) -> None:
    await db.execute(
        "INSERT INTO customer (key, shown, ciphertext, wrapped_key) VALUES ($1, $2, $3, $4)"
        # Whoever was forgotten and comes back is kept anew.
        " ON CONFLICT (key) DO UPDATE SET shown = excluded.shown,"
        " ciphertext = excluded.ciphertext, wrapped_key = excluded.wrapped_key"
        " WHERE customer.wrapped_key IS NULL AND excluded.wrapped_key IS NOT NULL",
        key,
        shown,
        ciphertext,
        wrapped,
    )
