"""What is held of a person, as they may read it and take it away (promises.md § 4.8)."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from server.kit import db
from server.kit.i18n import Lazy, lazy
from server.leads.passport_words import STAGES
from server.people import queries, reveals
from server.people.auth import Caller
from server.people.reveals import Seen
from server.people.words import RANK_WORDS, role_words

HELD: Final = """
SELECT
  (SELECT count(*) FROM lead WHERE reporter = $1) AS leads,
  (SELECT count(*) FROM action WHERE person = $1) AS actions,
  (SELECT count(*) FROM customer_order WHERE customer = $1) AS orders,
  (SELECT count(*) FROM coupon WHERE holder = $1) AS coupons,
  (SELECT count(*) FROM entry e JOIN account a ON a.id = e.account WHERE a.owner = $1) AS entries,
  (SELECT count(*) FROM notice WHERE person = $1) AS notices,
  (SELECT count(*) FROM session WHERE person = $1 AND ended_at IS NULL
    AND expires_at > leitai_clock()) AS sessions,
  (SELECT count(*) FROM push_device WHERE person = $1) AS woken,
  (SELECT count(DISTINCT token) FROM sighting WHERE person = $1) AS sightings
"""
WORDS: Final[dict[str, tuple[Lazy, str]]] = {
    "leads": (lazy("leads you reported"), "/leads"),
    "actions": (lazy("actions you reported"), "/actions"),
    "entries": (lazy("lines of your wallet"), "/wallet"),
    "orders": (lazy("orders in our stores"), ""),
    "coupons": (lazy("coupons"), "/coupons"),
    "notices": (lazy("messages in your inbox"), "/inbox"),
    "sessions": (lazy("phones you are signed in on"), ""),
    "woken": (lazy("phones that news wakes"), "/me/notices"),
    "sightings": (
        lazy("devices and networks, as marks that can't be read, gone after 90 days"), "",
    ),
}  # fmt: skip
"""What is counted of a person, and the page that shows it."""
EMPLOYEES: Final = frozenset({"leads", "actions", "entries"})


class Held(msgspec.Struct, frozen=True):
    """How much of each is held."""

    leads: int
    actions: int
    orders: int
    coupons: int
    entries: int
    notices: int
    sessions: int
    woken: int
    sightings: int


class About(msgspec.Struct, frozen=True):
    """What colleagues noted of somebody as a customer."""

    id: UUID
    name: str
    tags: list[str]
    note: str
    stage: str
    received_at: datetime


async def held(caller: Caller) -> dict[str, Any]:
    """Return all that `me/data.html` shows, and `/me/data/copy` hands out."""
    key = await customer_key(caller.id)
    counts = await db.row(Held, HELD, caller.id)
    found = msgspec.structs.asdict(counts) if counts else {}
    unit = (await queries.person(caller.id)).unit
    return {
        "who": [
            {"title": str(title), "words": words}
            for title, words in (
                (lazy("name"), caller.name),
                (lazy("phone"), await queries.masked_phone(caller.id)),
                (lazy("company id"), caller.code if caller.kind == "employee" else ""),
                (lazy("unit"), unit),
                (lazy("rank"), str(RANK_WORDS[caller.rank]) if caller.rank else ""),
                (lazy("roles"), "、".join(role_words(caller.roles))),
            )
            if words
        ],
        "held": [
            {"title": str(title), "n": found[name], "href": href}
            for name, (title, href) in WORDS.items()
            if found.get(name) and (caller.kind == "employee" or name not in EMPLOYEES)
        ],
        "about": [
            msgspec.structs.asdict(each) | {"word": str(STAGES[each.stage])}
            for each in await about(key)
        ],
        "seen": [
            {"reason": each.reason, "at": each.at} for each in await _seen(caller.id, key)
        ],
    }  # fmt: skip


async def customer_key(person: UUID) -> str:
    """Return the key under which a person's phone is a customer's, "" without a phone."""
    index: bytes | None = await db.value(
        "SELECT blind_index FROM person_phone WHERE person = $1", person
    )
    return f"tel:{index.hex()}" if index else ""


async def about(key: str) -> list[About]:
    """Return what was noted of a customer, the latest first."""
    return await db.rows(
        About,
        "SELECT id, name, tags, note, stage, received_at FROM lead WHERE customer = $1"
        " ORDER BY received_at DESC, id DESC LIMIT 50",
        key,
    )


async def _seen(person: UUID, key: str) -> list[Seen]:
    found = [*await reveals.seen("person", str(person)), *await reveals.seen("customer", key)]
    return sorted(found, key=lambda one: one.at, reverse=True)
