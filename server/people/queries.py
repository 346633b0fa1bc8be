"""What is known of people: reads only."""

from typing import Final
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


class Listed(msgspec.Struct, frozen=True):
    """A person as administrators see them; `unit` is a path, "" without one."""

    id: UUID
    code: str
    name: str
    rank: str
    unit: str
    side: str
    roles: list[str]
    active: bool
    opted_out: bool
    has_passcode: bool
    invited: bool

    @property
    def state(self) -> str:
        """Return the one word that matters: dismissed, opted_out, active, invited or no_invite."""
        if not self.active:
            return "dismissed"
        if self.opted_out:
            return "opted_out"
        if self.has_passcode:
            return "active"
        return "invited" if self.invited else "no_invite"


class Counts(msgspec.Struct, frozen=True):
    """How many people there are, in all and by how far they got."""

    people: int
    active: int
    invited: int
    opted_out: int


LISTED: Final = """
SELECT p.id, p.code, p.name, coalesce(p.rank, '') AS rank, coalesce(u.path, '') AS unit, p.side, p.active, p.opted_out,
       array(SELECT role FROM person_role WHERE person = p.id) AS roles,
       p.passcode_hash IS NOT NULL AS has_passcode,
       EXISTS (SELECT FROM invite i WHERE i.person = p.id AND i.used_at IS NULL
               AND i.expires_at > moment) AS invited
FROM person p LEFT JOIN unit u ON u.id = p.unit, leitai_clock() AS moment
"""


async def people(words: str, role: str, most: int) -> list[Listed]:
    """Return people by unit whose name, id or unit has these words in it, or whose phone it is.

    `role` keeps those who have it ("": everybody); at most `most`.
    """
    phone = _phone(words)
    return await db.rows(
        Listed,
        f"{LISTED} WHERE p.kind = 'employee' AND (p.name ILIKE $1 OR p.code ILIKE $1 OR u.path ILIKE $1 OR EXISTS"
        " (SELECT FROM person_phone f WHERE f.person = p.id AND f.blind_index = $2))"
        " AND ($3 = '' OR EXISTS (SELECT FROM person_role WHERE person = p.id AND role = $3))"
        " ORDER BY p.active DESC, u.path, p.sort_name, p.code LIMIT $4",
        _containing(words), phone and crypto.blind_index(phone), role, most,
    )  # fmt: skip


async def person(id_: UUID) -> Listed:
    """Return one person; refused as `person_unknown`."""
    found = await db.row(Listed, f"{LISTED} WHERE p.id = $1", id_)
    if found is None:
        raise RuleViolation("person_unknown")
    return found


async def masked_phone(id_: UUID) -> str:
    """Return a person's phone as it may be shown, "" without one.

    Under a wrong key file it is all stars: nobody loses their own page over it.
    """
    stored = await stored_phone(id_)
    try:
        return crypto.masked(stored.opened()) if stored else ""
    except RuleViolation:
        return "****"


async def counts() -> Counts:
    """Count the people who take part in the company."""
    found = await db.row(
        Counts,
        "SELECT count(*) AS people, count(*) FILTER (WHERE passcode_hash IS NOT NULL) AS active,"
        " count(*) FILTER (WHERE passcode_hash IS NULL AND EXISTS (SELECT FROM invite i"
        " WHERE i.person = p.id AND i.used_at IS NULL AND i.expires_at > moment)) AS invited,"
        " count(*) FILTER (WHERE opted_out) AS opted_out"
        " FROM person p, leitai_clock() AS moment WHERE p.active AND p.kind = 'employee'",
    )
    return found or Counts(0, 0, 0, 0)


async def company_name() -> str | None:
    """Return what the company is called, if it said so."""
    name: str | None = await db.value("SELECT value FROM setting WHERE name = 'company'")
    return name


def _containing(words: str) -> str:
    escaped = words.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
