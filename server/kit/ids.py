"""The only place where ids and secrets are made."""

import hashlib
import secrets
from typing import Final
from uuid import UUID, uuid5

from uuid_utils.compat import uuid7

CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_id() -> UUID:
    """A UUIDv7: unique, and in the order of making."""
    return uuid7()


def derived_id(parent: UUID, name: str) -> UUID:
    """The id of an effect of `parent`: the same effect has the same id, however often it runs."""
    return uuid5(parent, name)


def new_token() -> str:
    """256 random bits for a cookie or a link, URL-safe."""
    return secrets.token_urlsafe(32)


def new_code(digits: int = 6) -> str:
    """A one-time code a person can type."""
    return f"{secrets.randbelow(10**digits):0{digits}d}"


def new_word(length: int) -> str:
    """Random characters a person can read out: Crockford's, without I, L, O and U."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(length))


def token_hash(token: str) -> bytes:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).digest()
