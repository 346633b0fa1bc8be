"""The code and the QR token of a coupon: derived from its id under the key file, never stored.

A code is 10 Crockford characters for the mouth and the keyboard (50 bits), a token 26 (128 bits)
for the QR code. The database holds keyed indexes of both: who has it can redeem nothing.
"""

import hashlib
import hmac
import re
import unicodedata
from typing import Final
from uuid import UUID

from server.kit import crypto

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH: Final = 10
TOKEN_LENGTH: Final = 26
_LOOKALIKES: Final = str.maketrans("OILU", "011V")
_NOISE: Final = re.compile(r"[\s\-‐-―_.·]+")


def code_of(coupon: UUID) -> str:
    """Return the code of a coupon, without its dashes."""
    return _derived("coupon code", coupon, CODE_LENGTH)


def token_of(coupon: UUID) -> str:
    """Return the token that the QR code of a coupon carries."""
    return _derived("coupon token", coupon, TOKEN_LENGTH)


def shown(code: str) -> str:
    """Write a code for the eye: XXXX-XXXX-XX."""
    return "-".join((code[:4], code[4:8], code[8:]))


def read_code(typed: str) -> str | None:
    """Return the code that was meant, whatever its case, dashes and look-alikes; None if none."""
    return _read(typed, CODE_LENGTH)


def read_token(typed: str) -> str | None:
    """Return the token that was meant, None if it can't be one."""
    return _read(typed, TOKEN_LENGTH)


def index_of(code_or_token: str) -> bytes:
    """Return what the database finds a code or a token by."""
    return crypto.blind_index(f"coupon|{code_or_token}")


def _read(typed: str, length: int) -> str | None:
    text = unicodedata.normalize("NFKC", typed)
    text = _NOISE.sub("", text).upper().translate(_LOOKALIKES)
    return text if len(text) == length and set(text) <= set(ALPHABET) else None


def _derived(purpose: str, coupon: UUID, length: int) -> str:
    digest = hmac.digest(crypto.keys().finding, f"{purpose}|{coupon}".encode(), hashlib.sha256)
    number = int.from_bytes(digest[:16])
    return "".join(ALPHABET[number >> shift & 31] for shift in range(0, 5 * length, 5))
