"""What is counted about the work at a till, and when that comes to the review queue."""

from typing import Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from game import antispam
from game.antispam import Signals
from server.antispam.commands import judge, judged_or_held
from server.config import settings
from server.kit import clock, db, ids

Kind = Literal["redeemed", "undone", "wrong_code"]

COUNTS: Final = """
SELECT
  count(*) FILTER (WHERE kind = 'redeemed' AND customer = $2) AS pair_orders,
  count(*) FILTER (WHERE kind = 'undone' AND at > $3::timestamptz - interval '1 day') AS till_undos,
  count(*) FILTER (WHERE kind = 'wrong_code' AND at > $3::timestamptz - interval '1 hour')
    AS wrong_codes
FROM incident WHERE person = $1 AND at > $3::timestamptz - interval '30 days'
"""


class Counts(msgspec.Struct, frozen=True):
    """How a cashier works: with one customer in 30 days, in a day, in an hour."""

    pair_orders: int
    till_undos: int
    wrong_codes: int


@db.command
async def note_incident(
    kind: Kind, person: UUID, store: UUID | None = None, *, customer: UUID | None = None
) -> None:
    """Note what a cashier (`person`) did; too much of it comes to the review queue, once a day.

    `redeemed` and `undone` name the customer where one is known. Nothing is held by it, and
    where noting fails, what it stands beside goes on. A `wrong_code` is noted outside the
    transaction that its refusal undoes.
    """
    await judged_or_held(lambda: _note(kind, person, store, customer))


async def _note(kind: Kind, person: UUID, store: UUID | None, customer: UUID | None) -> None:
    now = await clock.now()
    await db.execute(
        "INSERT INTO incident (id, kind, person, customer, store, at)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        ids.new_id(), kind, person, customer, store, now,
    )  # fmt: skip
    counts = await counted(person, customer)
    signals = {
        "redeemed": Signals(pair_orders=counts.pair_orders),
        "undone": Signals(till_undos=counts.till_undos),
        "wrong_code": Signals(wrong_codes=counts.wrong_codes),
    }[kind]
    if antispam.judge(signals).outcome == "clean":
        return
    day = now.astimezone(ZoneInfo(settings().company_timezone)).date()
    pair = f":{customer}" if kind == "redeemed" else ""
    await judge(
        f"till:{kind}:{person}{pair}:{day}", person, signals, others=[customer] if customer else []
    )


async def counted(person: UUID, customer: UUID | None = None) -> Counts:
    """Return the counts of a cashier, with one customer where that is asked for."""
    found = await db.row(Counts, COUNTS, person, customer, await clock.now())
    return found or Counts(0, 0, 0)
