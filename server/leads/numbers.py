"""The number of a lead: short enough to be written on a contract, derived from its id (D8)."""

import re
from typing import Final
from uuid import UUID

from server.kit.ids import CROCKFORD

DIGITS: Final = 10
"""Hexadecimal digits of the id's random end; the index `lead_number` finds by them."""
_TYPED: Final = re.compile(f"[{CROCKFORD}]{{8}}")
_MISREAD: Final = str.maketrans("OIL", "011")


def number_of(lead: UUID) -> str:
    """Return the number of a lead: XXXX-XXXX, 40 bits in Crockford's characters."""
    bits = int(str(lead)[-DIGITS:], 16)
    letters = "".join(CROCKFORD[bits >> shift & 31] for shift in range(35, -1, -5))
    return f"{letters[:4]}-{letters[4:]}"


def digits_of(typed: str) -> str | None:
    """Return the last digits of the id that a typed number stands for; None where it is none."""
    letters = re.sub(r"[\s-]", "", typed.upper()).translate(_MISREAD)
    if not _TYPED.fullmatch(letters):
        return None
    bits = 0
    for letter in letters:
        bits = bits << 5 | CROCKFORD.index(letter)
    return f"{bits:0{DIGITS}x}"
