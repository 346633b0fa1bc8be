"""Robots of WeCom group chats: what a team shares, said where the team talks anyway (M3).

A robot stands for a unit and all below it. It says what concerns everybody there, in the
company's first language, and never the name of a customer. Its address holds its key, so it is sealed.
"""

import asyncio
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import httpx2
import msgspec
import structlog

from game.errors import RuleViolation
from server.config import settings
from server.kit import clock, crypto, db, i18n, jobs
from server.kit.crypto import Sealed
from server.kit.db import command
from server.notifications import telling
from server.notifications.words import WORDS
from server.people.rights import record

log = structlog.get_logger()

SAY: Final = "robot_say"
ADDRESS: Final = re.compile(
    r"https://qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=[0-9a-zA-Z-]{16,64}"
)
LOOPBACK: Final = re.compile(r"http://127\.0\.0\.1:\d+/[!-~]{1,100}")
TEXT_MAX: Final = 600
TIMEOUT_S: Final = 5.0
ENDING: Final = 4


class Robot(msgspec.Struct, frozen=True):
    """A robot: the unit it stands for, and the end of its address to tell it by."""

    unit: UUID
    path: str
    ending: str
    made_at: datetime


class Unit(msgspec.Struct, frozen=True):
    """A unit that a robot can stand for."""

    id: UUID
    path: str


async def robots() -> list[Robot]:
    """Return every robot, by the path of its unit."""
    return await db.rows(
        Robot,
        "SELECT r.unit, u.path, r.ending, r.made_at FROM robot r JOIN unit u ON u.id = r.unit"
        " ORDER BY u.path",
    )


async def units() -> list[Unit]:
    """Return every unit, by path."""
    return await db.rows(Unit, "SELECT id, path FROM unit ORDER BY path LIMIT 1000")


NEAR: Final = """
SELECT DISTINCT r.unit FROM robot r JOIN unit ru ON ru.id = r.unit
WHERE EXISTS (SELECT FROM person p JOIN unit pu ON pu.id = p.unit
  WHERE p.id = ANY ($1::uuid[]) AND (pu.path = ru.path OR starts_with(pu.path, ru.path || '/')))
"""


async def is_near(person: UUID) -> bool:
    """Tell whether a robot speaks in a group of this person's unit."""
    return bool(await db.column(NEAR, [person]))


@command
async def place(unit: UUID, address: str, by: UUID) -> None:
    """Let the robot of this address speak for a unit, in place of the one before.

    Refused as `robot_address_wrong` and `unit_unknown`.
    """
    if not _is_robot(address):
        raise RuleViolation("robot_address_wrong")
    if await db.value("SELECT id FROM unit WHERE id = $1", unit) is None:
        raise RuleViolation("unit_unknown")
    sealed = crypto.seal(address, *_place(unit))
    await db.execute(
        "INSERT INTO robot (unit, ciphertext, wrapped_key, ending, made_by)"
        " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (unit) DO UPDATE SET"
        " ciphertext = excluded.ciphertext, wrapped_key = excluded.wrapped_key,"
        " ending = excluded.ending, made_by = excluded.made_by, made_at = leitai_clock()",
        unit, sealed.ciphertext, sealed.wrapped_key, address[-ENDING:], by,
    )  # fmt: skip
    await record(by, "place_robot", f"unit:{unit}")


@command
async def remove(unit: UUID, by: UUID) -> None:
    """Let the robot of a unit say nothing more."""
    done = await db.execute("DELETE FROM robot WHERE unit = $1", unit)
    if not done.endswith(" 0"):
        await record(by, "remove_robot", f"unit:{unit}")


@command
async def tell(people: Sequence[UUID], kind: str, facts: Mapping[str, Any], href: str) -> None:
    """Have every robot near one of these people say what a notice says to each of them."""
    near = await db.column(NEAR, list(people))
    if not near:
        return
    text = _text(kind, facts, href, await clock.now())
    for unit in near:
        await jobs.enqueue(SAY, {"unit": str(unit), "text": text})


def _text(kind: str, facts: Mapping[str, Any], href: str, now: datetime) -> str:
    """Return a notice in the company's language, with the way to it."""
    with i18n.speaking(i18n.LOCALES[0]):
        shown = telling.said(facts, now, settings().company_timezone)
        words = WORDS[kind]
        lines = [words.title % shown, words.sentence % shown]
    origin = settings().leitai_origin
    return "\n".join([*lines, *([f"{origin}{href}"] if origin else [])])[:TEXT_MAX]


async def say(unit: UUID, text: str) -> bool:
    """Say a text in the group of a unit now; False when it could not be said. Never raises."""
    kept = await db.row(_Kept, "SELECT ciphertext, wrapped_key FROM robot WHERE unit = $1", unit)
    if kept is None:
        return False
    body = msgspec.json.encode({"msgtype": "text", "text": {"content": text}})
    try:
        sealed = Sealed(kept.ciphertext, kept.wrapped_key)
        return await _post(crypto.unseal(sealed, *_place(unit)), body)
    except (httpx2.HTTPError, OSError, RuleViolation, msgspec.DecodeError) as error:
        # Not the error itself: it may hold the address.
        log.warning("robot_silent", unit=str(unit), error=type(error).__name__)
        return False


class _Kept(msgspec.Struct, frozen=True):
    ciphertext: bytes
    wrapped_key: bytes


class _Answer(msgspec.Struct):
    errcode: int


async def _post(address: str, body: bytes) -> bool:
    async with (
        asyncio.timeout(TIMEOUT_S),
        httpx2.AsyncClient(timeout=TIMEOUT_S, follow_redirects=False) as client,
    ):
        answer = await client.post(
            address, content=body, headers={"Content-Type": "application/json"}
        )
        answer.raise_for_status()
        return msgspec.json.decode(answer.content, type=_Answer).errcode == 0


def _is_robot(address: str) -> bool:
    if settings().push_to_loopback and LOOPBACK.fullmatch(address):
        return True
    return ADDRESS.fullmatch(address) is not None


def _place(unit: UUID) -> tuple[str, str, str]:
    return ("robot", "ciphertext", str(unit))
