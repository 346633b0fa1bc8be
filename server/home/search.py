"""Finding colleagues and leads, by what somebody may see (A4, D5): reads only."""

import asyncio
import re
from typing import Final
from uuid import UUID

import msgspec

from game.errors import RuleViolation
from server.kit import crypto, db
from server.leads import passports
from server.leads.follow import READERS
from server.leads.passports import Passport
from server.leads.records import key_of
from server.people.auth import Caller
from server.people.queries import StoredPhone

MOST: Final = 20
WORDS_MOST: Final = 60
NUMBER: Final = 5
"""So many digits are a number of somebody: it stands in no address and in no history."""
LAST_FOUR: Final = re.compile(r"\d{4}", re.ASCII)
PINYIN: Final = re.compile(r"[a-z ]+", re.ASCII)


class Colleague(msgspec.Struct, frozen=True):
    """Somebody of the company as a colleague finds them; never with a phone."""

    id: UUID
    name: str
    rank: str
    unit: str
    side: str
    active: bool


# An administrator finds everybody, others whom boards may name; by pinyin as a whole or initials.
COLLEAGUES: Final = """
SELECT p.id, p.name, coalesce(p.rank, '') AS rank, coalesce(u.path, '') AS unit, p.side, p.active
FROM person p LEFT JOIN unit u ON u.id = p.unit
WHERE p.kind = 'employee' AND p.erased_at IS NULL AND ($1 OR (p.active AND NOT p.opted_out))
  AND NOT EXISTS (SELECT FROM person_role WHERE person = p.id AND role = 'screen')
  AND (p.name ILIKE $2 OR p.code ILIKE $2 OR u.path ILIKE $2 OR p.id = ANY ($3)
    OR ($4 <> '' AND (starts_with(replace(p.sort_name, ' ', ''), $4)
      OR starts_with(regexp_replace(p.sort_name, '(\\S)\\S*\\s*', '\\1', 'g'), $4))))
ORDER BY p.active DESC, p.name ILIKE $2 DESC, p.sort_name, p.code LIMIT $5
"""
LEADS: Final = f"""
{passports.PASSPORT} WHERE ($1::uuid IS NULL OR l.reporter = $1 OR l.owner = $1)
  AND (l.name ILIKE $2 OR l.customer = $3 OR ($4 <> '' AND right(c.shown, 4) = $4))
ORDER BY l.received_at DESC, l.id LIMIT $5
"""
PHONES: Final = """
SELECT f.person, f.blind_index, f.ciphertext, f.wrapped_key
FROM person_phone f JOIN person p ON p.id = f.person WHERE p.kind = 'employee'
"""


def is_number(words: str) -> bool:
    """Tell whether what was typed may be somebody's number."""
    return sum(each.isdigit() for each in words) >= NUMBER


async def colleagues(words: str, caller: Caller) -> list[Colleague]:
    """Return whose name, id or unit has the words in it, or whose name is read so: "lxl", "linxiao".

    Administrators search by phone too.
    """
    is_admin = "admin" in caller.roles
    by_phone = await _by_phone(words) if is_admin else []
    read = words.casefold()
    sounds = read.replace(" ", "") if PINYIN.fullmatch(read) else ""
    return await db.rows(
        Colleague, COLLEAGUES, is_admin, containing(words), by_phone, sounds, MOST + 1
    )


async def leads(words: str, caller: Caller) -> list[Passport]:
    """Return leads by name or phone, the newest first: all for the desks, else the caller's own."""
    viewer = caller.id if caller.roles.isdisjoint(READERS) else None
    last = words if LAST_FOUR.fullmatch(words) else ""
    return await db.rows(
        Passport, LEADS, viewer, containing(words), key_of(words) or "", last, MOST + 1
    )


def containing(words: str) -> str:
    """Return the LIKE pattern of a text with these words in it."""
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


async def _by_phone(words: str) -> list[UUID]:
    """Return whose phone it is, or whose phone ends in these four digits."""
    if LAST_FOUR.fullmatch(words):
        sealed = await db.rows(StoredPhone, PHONES)
        # Phones are under seal, and stay so at rest: they are opened one by one, off the loop.
        return await asyncio.to_thread(_ending_in, sealed, words)
    try:
        index = crypto.blind_index(crypto.normal_phone(words))
    except RuleViolation:
        return []
    return await db.column("SELECT person FROM person_phone WHERE blind_index = $1", index)


def _ending_in(sealed: list[StoredPhone], last: str) -> list[UUID]:
    return [each.person for each in sealed if each.opened().endswith(last)]
