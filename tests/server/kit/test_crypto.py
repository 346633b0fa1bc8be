"""Phones: normalised, sealed for one place, found by a keyed index, shown masked."""

import asyncio
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from game.errors import RuleViolation
from server import config
from server.config import Settings
from server.kit import crypto

PHONE = "+8613812341234"
PLACE = ("person_phone", "ciphertext", "one")


@pytest.fixture(autouse=True)
def key_file(tmp_path: Path) -> Iterator[Path]:
    before = config.settings()
    path = tmp_path / "keys" / "leitai.key"
    config.use(Settings(leitai_key_file=path))
    yield path
    config.use(before)


def refusal(work: Callable[..., object], *arguments: object) -> str:
    with pytest.raises(RuleViolation) as caught:
        work(*arguments)
    return caught.value.code


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("13812341234", PHONE),
        (" 138 1234-1234 ", PHONE),
        ("+86 138 1234 1234", PHONE),
        ("008613812341234", PHONE),
        ("１３８１２３４１２３４", PHONE),
        ("010-6234 5678", "+861062345678"),
        ("+886 912 345 678", "+886912345678"),
        ("+852 9123 4567", "+85291234567"),
        ("+853 6612 3456", "+85366123456"),
    ],
)
def test_a_phone_is_one_number_however_it_is_typed(typed: str, normal: str) -> None:
    assert crypto.normal_phone(typed) == normal


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "梅",
        "12345",
        "1381234123",
        "138123412345",
        "+1 415 555 2671",
        "91234567",
        "+",
        "1" * 5000,
    ],
)
def test_what_is_no_phone_of_ours_is_refused(typed: str) -> None:
    assert refusal(crypto.normal_phone, typed) == "phone_unreadable"


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        (PHONE, "138****1234"),
        ("+886912345678", "+886 9****5678"),
        ("+85291234567", "+852 ****4567"),
        ("+861062345678", "10****5678"),
    ],
)
def test_a_phone_is_shown_masked(phone: str, shown: str) -> None:
    assert crypto.masked(phone) == shown


def test_a_phone_opens_at_its_place_only() -> None:
    sealed = crypto.seal(PHONE, *PLACE)
    assert crypto.unseal(sealed, *PLACE) == PHONE
    for other in [("customer", *PLACE[1:]), (PLACE[0], "key", PLACE[2]), (*PLACE[:2], "two")]:
        assert refusal(crypto.unseal, sealed, *other) == "phone_sealed_elsewhere"


def test_a_changed_byte_is_noticed() -> None:
    sealed = crypto.seal(PHONE, *PLACE)
    for field in sealed._fields:
        stored = bytearray(getattr(sealed, field))
        stored[-1] ^= 1
        changed = sealed._replace(**{field: bytes(stored)})
        assert refusal(crypto.unseal, changed, *PLACE) == "phone_sealed_elsewhere"


def test_one_phone_is_sealed_differently_each_time_and_found_the_same() -> None:
    first, second = crypto.seal(PHONE, *PLACE), crypto.seal(PHONE, *PLACE)
    assert first.ciphertext != second.ciphertext
    assert first.wrapped_key != second.wrapped_key
    assert PHONE.encode() not in first.ciphertext
    assert crypto.blind_index(PHONE) == crypto.blind_index(PHONE)
    assert crypto.blind_index(PHONE) != crypto.blind_index("+8613812341235")


def test_the_keys_are_made_once_for_their_owner_alone(key_file: Path) -> None:
    made = crypto.keys()
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert len(made.wrapping) == len(made.finding) == crypto.KEY_BYTES
    assert made.wrapping != made.finding
    assert [path.name for path in key_file.parent.iterdir()] == [key_file.name]
    crypto._keys.cache_clear()
    assert crypto.keys() == made


async def test_processes_that_start_together_agree_on_the_keys(key_file: Path) -> None:
    # Past the cache, as each process is.
    read = crypto._keys.__wrapped__
    found = await asyncio.gather(*(asyncio.to_thread(read, key_file) for _ in range(8)))
    assert len(set(found)) == 1


def test_phones_of_another_key_file_do_not_open(tmp_path: Path) -> None:
    sealed, index = crypto.seal(PHONE, *PLACE), crypto.blind_index(PHONE)
    config.use(Settings(leitai_key_file=tmp_path / "other.key"))
    assert refusal(crypto.unseal, sealed, *PLACE) == "phone_sealed_elsewhere"
    assert crypto.blind_index(PHONE) != index


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_file_that_others_can_read_is_refused(key_file: Path, mode: int) -> None:
    crypto.keys()
    crypto._keys.cache_clear()
    key_file.chmod(mode)
    assert refusal(crypto.keys) == "key_file_open"


KEY = "A" * 43 + "="


@pytest.mark.parametrize(
    "text",
    [
        "",
        "wrapping\n",
        f"wrapping {KEY}\nfinding {KEY}\n",
        f"wrapping {KEY}\nfinding AAAA\n",
        f"wrapping {KEY}\nfinding !!!!\n",
        f"finding {KEY}\nwrapping B{KEY[1:]}\n",
        "\udcff",
    ],
)
def test_what_is_no_key_file_is_refused(key_file: Path, text: str) -> None:
    key_file.parent.mkdir()
    key_file.write_bytes(os.fsencode(text))
    key_file.chmod(0o600)
    assert refusal(crypto.keys) == "key_file_broken"
