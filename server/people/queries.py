"""What is known of people: reads only."""

from uuid import UUID

import msgspec

from game.errors import RuleViolation
from server.kit import crypto, db


class Known(msgspec.Struct, frozen=True):
    """Who is meant by what was typed at the door."""

    id: UUID
    passcode_hash: str | None


class StoredPhone(msgspec.Struct, frozen=True):
    """A person's phone as it is stored."""

    person: UUID
    blind_index: bytes
    ciphertext: bytes
    wrapped_key: bytes

    def opened(self) -> str:
        """Return the number as E.164; refused as `phone_sealed_elsewhere`."""
        sealed = crypto.Sealed(self.ciphertext, self.wrapped_key)
        return crypto.unseal(sealed, "person_phone", "ciphertext", str(self.person))


def meant(typed: str) -> str:
    """Return one name for one person, however a phone was typed."""
    return _phone(typed) or typed.strip()[:200]


async def known(typed: str) -> Known | None:
    """Return the person of a company id or a phone, unless they no longer take part."""
    phone = _phone(typed)
    return await db.row(
        Known,
        "SELECT p.id, p.passcode_hash FROM person p LEFT JOIN person_phone f ON f.person = p.id"
        " WHERE p.active AND (p.code = $1 OR f.blind_index = $2)"
        " ORDER BY p.code = $1 DESC LIMIT 1",
        typed.strip(), phone and crypto.blind_index(phone),
    )  # fmt: skip


async def stored_phone(person: UUID) -> StoredPhone | None:
    """Return a person's phone as it is stored, if there is one."""
    return await db.row(
        StoredPhone,
        "SELECT person, blind_index, ciphertext, wrapped_key FROM person_phone WHERE person = $1",
        person,
    )


def _phone(typed: str) -> str | None:
    try:
        return crypto.normal_phone(typed)
    except RuleViolation:
        return None
