"""People to be suspicious of, and the words of what is held."""

from typing import Final
from uuid import UUID

from server.kit import db, ids

WHAT: Final = {"zh_Hans": "推荐奖励 ¥200", "zh_Hant": "推薦獎勵 ¥200", "en": "The ¥200 reward"}


async def customer(code: str, kind: str = "customer", *, hours: int = 100) -> UUID:
    """Make a customer (or partner) whose account is so many hours old."""
    made = ids.new_id()
    await db.execute(
        "INSERT INTO person (id, code, name, kind, created_at)"
        " VALUES ($1, $2, $2, $3, leitai_clock() - make_interval(hours => $4))",
        made, code, kind, hours,
    )  # fmt: skip
    return made
