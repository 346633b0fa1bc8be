"""Stores: units that somebody with the role `store` or `store_manager` belongs to."""

from typing import Final
from uuid import UUID

import msgspec

from game.errors import RuleViolation
from server.kit import db


class Store(msgspec.Struct, frozen=True):
    """A store: the unit `id`, what it is called, and its path from the company down."""

    id: UUID
    name: str
    path: str


STORES: Final = """
SELECT u.id, u.name, u.path FROM unit u WHERE EXISTS (
  SELECT FROM person p JOIN person_role r ON r.person = p.id
  WHERE p.unit = u.id AND p.active AND r.role IN ('store', 'store_manager'))
"""


async def stores() -> list[Store]:
    """Return every store, by path."""
    return await db.rows(Store, f"{STORES} ORDER BY u.path")


async def store(id_: UUID) -> Store:
    """Return one store; a unit without store staff is refused as `store_unknown`."""
    found = await db.row(Store, f"{STORES} AND u.id = $1", id_)
    if found is None:
        raise RuleViolation("store_unknown")
    return found


async def store_of(person: UUID) -> Store | None:
    """Return the store that a person belongs to, None for whoever works in none."""
    return await db.row(
        Store, f"{STORES} AND u.id = (SELECT unit FROM person WHERE id = $1)", person
    )
