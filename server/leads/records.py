"""Customer records: who follows a customer up, their tags, and all that happened (D7)."""

import re
import unicodedata
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from game.errors import RuleViolation
from server.actions.customers import LOOKS_LIKE_MOBILE
from server.kit import clock, crypto, db
from server.kit.db import command
from server.people.rights import record

LISTED_MOST: Final = 100
TAG_MAX: Final = 20
TAGS_MAX: Final = 12
SEE_ALL: Final = frozenset({"operations", "service"})
"""Who sees every record; the sales see those of customers they follow up."""


class Record(msgspec.Struct, frozen=True):
    """A customer as the company keeps them; what `lead` says is that of their newest lead."""

    id: UUID
    key: str
    shown: str
    name: str
    owner: UUID | None
    owner_name: str
    tags: list[str]
    lead: UUID
    needs: list[str]
    stage: str
    stage_at: datetime
    leads: int
    since: datetime


# A refused report makes nobody a customer; written out, so that the partial index is walked.
KEPT: Final = "('valid', 'assigned', 'contacted', 'visiting', 'deal', 'lost')"
# What the newest lead says stands for the customer.
RECORD: Final = f"""
SELECT c.id, c.key, c.shown, n.name, n.owner, coalesce(o.name, '') AS owner_name, n.id AS lead,
       n.tags AS needs, n.stage, n.stage_at,
       (SELECT count(*)::int FROM lead a WHERE a.customer = c.key AND a.stage IN {KEPT}) AS leads,
       (SELECT min(received_at) FROM lead a
        WHERE a.customer = c.key AND a.stage IN {KEPT}) AS since,
       array(SELECT tag FROM customer_tag WHERE customer = c.key ORDER BY at, tag) AS tags
FROM lead n JOIN customer c ON c.key = n.customer LEFT JOIN person o ON o.id = n.owner
WHERE n.stage IN {KEPT} AND NOT EXISTS (SELECT FROM lead e
  WHERE e.customer = n.customer AND e.stage IN {KEPT}
    AND (e.received_at, e.id) > (n.received_at, n.id))
"""
FOUND: Final = (
    "($2 = '' OR c.key = $2 OR n.name ILIKE $3"
    " OR EXISTS (SELECT FROM customer_tag t WHERE t.customer = c.key AND t.tag = $2))"
)


def _seen(viewer: UUID | None) -> str:
    """Return the condition of what somebody ($1) sees; two queries, each with a plan of its own."""
    if viewer is None:
        return "$1::uuid IS NULL"
    return "n.customer = ANY (array(SELECT m.customer FROM lead m WHERE m.owner = $1))"


async def records(viewer: UUID | None, words: str, tag: str) -> list[Record]:
    """Return the records that somebody sees (None: all), what moved last on top.

    `words` are a phone, a tag or a part of a name, "" all; `tag` one that each has, "" any.
    """
    typed = words.strip()
    return await db.rows(
        Record,
        f"{RECORD} AND {_seen(viewer)} AND {FOUND} AND ($4 = '' OR EXISTS (SELECT FROM customer_tag t"
        " WHERE t.customer = c.key AND t.tag = $4)) ORDER BY n.stage_at DESC, c.id LIMIT $5",
        viewer, key_of(typed) or typed, _containing(typed), tag, LISTED_MOST,
    )  # fmt: skip


async def record_of(id_: UUID, viewer: UUID | None) -> Record:
    """Return a record that somebody sees (None: any); refused as `customer_unknown`."""
    found = await db.row(Record, f"{RECORD} AND {_seen(viewer)} AND c.id = $2", viewer, id_)
    if found is None:
        raise RuleViolation("customer_unknown")
    return found


async def tags(viewer: UUID | None) -> list[str]:
    """Return the tags of the records that somebody sees, the most used first."""
    return await db.column(
        "SELECT t.tag FROM customer_tag t WHERE $1::uuid IS NULL OR EXISTS"
        " (SELECT FROM lead m WHERE m.customer = t.customer AND m.owner = $1)"
        " GROUP BY t.tag ORDER BY count(*) DESC, t.tag LIMIT $2",
        viewer, TAGS_MAX,
    )  # fmt: skip


async def leads_of(key: str) -> list[UUID]:
    """Return the leads of a customer that were not refused, the newest first."""
    return await db.column(
        f"SELECT id FROM lead WHERE customer = $1 AND stage IN {KEPT}"
        " ORDER BY received_at DESC, id DESC",
        key,
    )


@command
async def tag_on(id_: UUID, tag: str, by: UUID, viewer: UUID | None) -> None:
    """Put a tag on a customer; there already, it stays.

    Refused as `customer_unknown`, `customer_tag_missing`, `customer_tag_long`,
    `customer_tag_number`, `customer_tags_full`.
    """
    one, said = await record_of(id_, viewer), _tag(tag)
    if said in one.tags:
        return
    if len(one.tags) >= TAGS_MAX:
        raise RuleViolation("customer_tags_full", most=TAGS_MAX)
    await db.execute(
        "INSERT INTO customer_tag (customer, tag, by, at) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT DO NOTHING",
        one.key, said, by, await clock.now(),
    )  # fmt: skip
    await record(by, "tag_customer", f"customer:{id_}", facts={"on": said})


@command
async def tag_off(id_: UUID, tag: str, by: UUID, viewer: UUID | None) -> None:
    """Take a tag off a customer; gone already, nothing happens. Refused as `customer_unknown`."""
    one = await record_of(id_, viewer)
    gone = await db.execute(
        "DELETE FROM customer_tag WHERE customer = $1 AND tag = $2", one.key, tag
    )
    if gone != "DELETE 0":
        await record(by, "tag_customer", f"customer:{id_}", facts={"off": tag})


def key_of(typed: str) -> str | None:
    """Return the key of a customer whose phone was typed, None where it is none."""
    try:
        return f"tel:{crypto.blind_index(crypto.normal_phone(typed)).hex()}"
    except RuleViolation:
        return None


def _tag(typed: str) -> str:
    said = " ".join(unicodedata.normalize("NFKC", typed).split())
    if not said:
        raise RuleViolation("customer_tag_missing")
    if len(said) > TAG_MAX:
        raise RuleViolation("customer_tag_long", most=TAG_MAX)
    # A number belongs where it is sealed, never into a word that everybody reads.
    if LOOKS_LIKE_MOBILE.fullmatch(re.sub(r"\D", "", said)):
        raise RuleViolation("customer_tag_number")
    return said


def _containing(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
