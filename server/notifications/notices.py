"""Notices: news that waits in a person's inbox, published here and nowhere else (M3, G8)."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from server.kit import db, events, ids
from server.kit.db import command
from server.notifications.events import PeopleNotified
from server.notifications.hints import hint
from server.notifications.words import WORDS


@command
async def notify(
    people: Iterable[UUID], kind: str, topic: str, facts: dict[str, Any], href: str
) -> None:
    """Put one notice into each inbox, in the transaction of its cause; told before, told once.

    `kind` is in WORDS and `facts` fill its sentence; `topic` names what it is about
    (`"redemption:<id>"`), `href` the page of ours that shows it. Open pages get the hint `inbox`.
    """
    if kind not in WORDS:
        raise ValueError(f"no words for a notice of kind {kind}")
    lacking = WORDS[kind].facts - facts.keys()
    if lacking:
        raise ValueError(f"a notice of kind {kind} lacks {sorted(lacking)}")
    # In one order everywhere: two that tell the same people wait for each other only one way.
    asked = sorted(set(people))
    told = await db.column(
        "INSERT INTO notice (id, person, kind, topic, facts, href)"
        " SELECT id, person, $3, $4, $5, $6 FROM unnest($1::uuid[], $2::uuid[]) n(id, person)"
        " ON CONFLICT DO NOTHING RETURNING person",
        [ids.new_id() for _ in asked], asked, kind, topic, facts, href,
    )  # fmt: skip
    if told:
        await hint(told, "inbox")
        await events.publish(PeopleNotified(tuple(told)))
