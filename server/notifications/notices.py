"""Notices: news that waits in a person's inbox, published here and nowhere else (M3, G8)."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from server.kit import db, ids
from server.kit.db import command
from server.notifications.hints import hint
from server.notifications.words import WORDS


@command
async def notify(
    people: Iterable[UUID], kind: str, topic: str, facts: dict[str, Any], href: str
) -> None:
    """Put one notice into each inbox, in the transaction of its cause; told before, told once.

    `kind` is in WORDS; `topic` names what it is about (`"redemption:<id>"`), `href` the page
    of ours that shows it. Open pages get the hint `inbox`.
    """
    if kind not in WORDS:
        raise ValueError(f"no words for a notice of kind {kind}")
    for person in people:
        told = await db.value(
            "INSERT INTO notice (id, person, kind, topic, facts, href)"
            " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING id",
            ids.new_id(), person, kind, topic, facts, href,
        )  # fmt: skip
        if told is not None:
            await hint([person], "inbox")
