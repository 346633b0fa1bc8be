"""How cashiers work at their tills, and when that comes to the review queue."""

from typing import Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from game import antispam
from game.antispam import Signals
from server.antispam.commands import judge, judged_or_held
from server.config import settings
from server.kit import clock, db, ids

Kind = Literal["redeemed", "undone", "wrong_code"]

WRONG_CODES: Final = """
SELECT count(*) FROM incident
WHERE person = $1 AND kind = 'wrong_code' AND at > $2::timestamptz - interval '1 hour'
"""


@db.command
async def suspect(kind: Kind, person: UUID, found: int, customer: UUID | None = None) -> None:
    """Bring a cashier (`person`) to the review queue where `found` is over the usual, once a day.

    `redeemed` counts redemptions with one `customer` in 30 days, `undone` redemptions undone in a
    day, `wrong_code` codes typed wrong in an hour. Nothing is held by it.
    """
    signals = {
        "redeemed": Signals(pair_orders=found),
        "undone": Signals(till_undos=found),
        "wrong_code": Signals(wrong_codes=found),
    }[kind]
    if antispam.judge(signals).outcome == "clean":
        return
    day = (await clock.now()).astimezone(ZoneInfo(settings().company_timezone)).date()
    pair = f":{customer}" if customer else ""
    subject = f"till:{kind}:{person}{pair}:{day}"
    await judge(subject, person, signals, others=[customer] if customer else [])


@db.command
async def note_wrong_code(person: UUID, store: UUID | None) -> None:
    """Note that a cashier typed a code that is none; where noting fails, the till goes on."""
    await judged_or_held(lambda: _note(person, store))


async def _note(person: UUID, store: UUID | None) -> None:
    now = await clock.now()
    await db.execute(
        "INSERT INTO incident (id, kind, person, store, at) VALUES ($1, 'wrong_code', $2, $3, $4)",
        ids.new_id(), person, store, now,
    )  # fmt: skip
    await suspect("wrong_code", person, await db.value(WRONG_CODES, person, now))
