"""How the last hour of a battle went: what the first two sides won, five minutes at a time (E3)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from server.battles.queries import Battle
from server.kit import clock, db

SLOT: Final = timedelta(minutes=5)
SLOTS: Final = 12
_ZERO: Final = datetime(1970, 1, 1, tzinfo=UTC)

WON: Final = (
    "SELECT m.side, floor(extract(epoch FROM a.received_at - $6) / $7)::int AS slot,"
    " sum(a.points)::bigint AS points FROM action a"
    " JOIN battle_member m ON m.battle = $1 AND m.person = a.person"
    " WHERE a.plan = $2 AND a.kind = ANY ($3::text[]) AND a.outcome = 'scored'"
    " AND a.received_at >= greatest($4, $6) AND a.received_at < $5 GROUP BY m.side, slot"
)


class Won(msgspec.Struct, frozen=True):
    """The points of a side in the slot that begins `slot` × 5 minutes into the hour."""

    side: str
    slot: int
    points: int


def begins(until: datetime) -> datetime:
    """Return where the hour begins that ends with the five minutes of `until`: 13:50 for 14:46."""
    ended = -((_ZERO - until) // SLOT)
    return _ZERO + (ended - SLOTS) * SLOT


def drawn(
    sides: Sequence[Mapping[str, Any]], won: Iterable[Won], since: datetime
) -> dict[str, Any]:
    """Return the hour of the first two sides of a frame, for `battles/_momentum.html`."""
    shown = sides[:2]
    points = {(each.side, each.slot): each.points for each in won}
    slots: list[dict[str, Any]] = [
        {
            "at": since + slot * SLOT,
            "points": [points.get((side["name"], slot), 0) for side in shown],
        }
        for slot in range(SLOTS)
    ]
    totals = [sum(each["points"][nth] for each in slots) for nth in range(len(shown))]
    return {
        "sides": [
            {"name": side["name"], "place": side["place"], "total": total}
            for side, total in zip(shown, totals, strict=True)
        ],
        "slots": slots,
        "most": max(max(each["points"]) for each in slots) if shown else 0,
        "until": since + SLOTS * SLOT,
    }


async def momentum(one: Battle, frame: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return how the hour up to now, or up to the cut-off, went; None where nothing was fought."""
    if one.state in {"draft", "joining", "void"}:
        return None
    # Whatever was received at this very moment is in the hour.
    since = begins(min(await clock.now() + timedelta.resolution, one.cut_off))
    won = await db.rows(
        Won, WON, one.id, one.plan, one.kinds, one.starts, one.cut_off, since,
        SLOT.total_seconds(),
    )  # fmt: skip
    return drawn(frame["sides"], won, since)
