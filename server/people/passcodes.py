"""Passcodes: argon2, away from the event loop, a few at a time."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Final

from pwdlib import PasswordHash

from game.errors import RuleViolation

LEAST: Final = 6
MOST: Final = 200
# One hash takes 64 MB and a core; a crowd at the door waits its turn.
AT_ONCE: Final = 2

_hasher: Final = PasswordHash.recommended()
_threads: Final = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="passcode")


def check_length(passcode: str) -> None:
    """Refuse a new passcode that is too short or too long as `passcode_length`."""
    if not LEAST <= len(passcode) <= MOST:
        raise RuleViolation("passcode_length", least=LEAST, most=MOST)


async def hashed(passcode: str) -> str:
    """Return what is stored of a new passcode; refused as `passcode_length`."""
    check_length(passcode)
    return await asyncio.get_running_loop().run_in_executor(_threads, _hasher.hash, passcode)


async def fits(passcode: str, stored: str | None) -> bool:
    """Say whether a passcode is the stored one; takes as long when there is none."""
    return await asyncio.get_running_loop().run_in_executor(
        _threads, _compare, passcode[:MOST], stored
    )


def _compare(passcode: str, stored: str | None) -> bool:
    same = _hasher.verify(passcode, stored or _nobodys())
    return same and stored is not None


@cache
def _nobodys() -> str:
    return _hasher.hash("nobody has this passcode")
