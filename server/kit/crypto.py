"""Phone numbers: stored under a data key each, found by a keyed index, shown masked.

The key file holds two independent keys: one wraps the data keys, one makes the blind index.
It lives outside the database and is made at the first use; without its backup no stored phone
can be read again. Erasing a wrapped data key erases the phone.
"""

import base64
import binascii
import hashlib
import hmac
import os
import re
import secrets
import stat
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import phonenumbers
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from game.errors import RuleViolation
from server.config import settings

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
HOME_REGION: Final = "CN"
REGIONS: Final = ("CN", "TW", "HK", "MO")
_KEY_FILE: Final = re.compile(r"wrapping (\S+)\nfinding (\S+)\n")


class Keys(NamedTuple):
    """The two master keys; neither can be had from the other."""

    wrapping: bytes
    finding: bytes


class Sealed(NamedTuple):
    """A phone as it is stored: the number under its data key, and that key wrapped."""

    ciphertext: bytes
    wrapped_key: bytes


def normal_phone(raw: str) -> str:
    """Return a phone number as E.164; a number without a country code is a mainland one.

    Refused as `phone_unreadable` when it is no number of the mainland, Taiwan, Hong Kong or Macau.
    """
    try:
        number = phonenumbers.parse(raw.strip()[:40], HOME_REGION)
    except phonenumbers.NumberParseException:
        raise RuleViolation("phone_unreadable") from None
    if (
        not phonenumbers.is_valid_number(number)
        or phonenumbers.region_code_for_number(number) not in REGIONS
    ):
        raise RuleViolation("phone_unreadable")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def masked(phone: str) -> str:
    """Return an E.164 number as it may be shown: `138****1234`, `+852 ****4567`."""
    number = phonenumbers.parse(phone)
    digits = str(number.national_number)
    shown = f"{digits[:-8]}****{digits[-4:]}"
    return shown if number.country_code == 86 else f"+{number.country_code} {shown}"


def spoken(phone: str) -> str:
    """Return an E.164 number as it is read out: `+86 138 0000 1234`."""
    number = phonenumbers.parse(phone)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def blind_index(phone: str) -> bytes:
    """Return the 32 bytes by which an E.164 number is found and told from others."""
    return hmac.digest(keys().finding, phone.encode(), hashlib.sha256)


def seal(phone: str, table: str, column: str, row: str) -> Sealed:
    """Encrypt a phone, or another short secret, for one place; elsewhere it doesn't open."""
    data_key = AESGCM.generate_key(KEY_BYTES * 8)
    place = _place(table, column, row)
    return Sealed(
        _encrypt(data_key, phone.encode(), place), _encrypt(keys().wrapping, data_key, place)
    )


def unseal(sealed: Sealed, table: str, column: str, row: str) -> str:
    """Return the E.164 number sealed for this place.

    Refused as `phone_sealed_elsewhere` when it was sealed for another place, under another key
    file, or changed since.
    """
    place = _place(table, column, row)
    try:
        data_key = _decrypt(keys().wrapping, sealed.wrapped_key, place)
        return _decrypt(data_key, sealed.ciphertext, place).decode()
    except InvalidTag:
        raise RuleViolation("phone_sealed_elsewhere") from None


def derived_key(purpose: str) -> bytes:
    """Return the 32 bytes of a key for one purpose; keys of other purposes don't tell it."""
    return hmac.digest(keys().finding, f"leitai|{purpose}".encode(), hashlib.sha256)


def keys() -> Keys:
    """Return the master keys of this installation; the file is made at the first call ever.

    Refused as `key_file_open` when others may read it, `key_file_broken` when it is no key file.
    """
    return _keys(settings().leitai_key_file)


@cache
def _keys(path: Path) -> Keys:
    try:
        if not path.exists():
            _make(path)
        mode, text = path.stat().st_mode, path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise RuleViolation("key_file_broken", path=str(path)) from None
    if stat.S_IMODE(mode) & 0o077:
        raise RuleViolation("key_file_open", path=str(path))
    found = _KEY_FILE.fullmatch(text)
    read = Keys(*map(_key, found.groups())) if found else Keys(b"", b"")
    if any(len(key) != KEY_BYTES for key in read) or read.wrapping == read.finding:
        raise RuleViolation("key_file_broken", path=str(path))
    return read


def _key(written: str) -> bytes:
    try:
        return base64.b64decode(written, validate=True)
    except binascii.Error:
        return b""


def _make(path: Path) -> None:
    """Write new keys whole or not at all; of several processes at once, one wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    wrapping, finding = (
        base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode() for _ in range(2)
    )
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"wrapping {wrapping}\nfinding {finding}\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _place(table: str, column: str, row: str) -> bytes:
    return f"{table}|{column}|{row}".encode()


def _encrypt(key: bytes, clear: bytes, place: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, clear, place)


def _decrypt(key: bytes, sealed: bytes, place: bytes) -> bytes:
    return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place)
