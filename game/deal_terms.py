"""What a plan says of deals (D8, I4, I6), and how it is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

import msgspec

from game.faults import MISSING, Reader, _
from game.plan_pieces import Title, read_title

FORBIDDEN_MOST = 20
SCORE_MOST = 1000
DAYS_MOST = 365
PARTS_MOST = 10_000

_KEYS = ("forbidden", "calls")
_CALL_KEYS = (
    *("share", "watched_share", "watched_score", "new_days", "failed_days", "weekly"),
)  # fmt: skip
_SHARE = re.compile(r"([0-9]{1,5})/([0-9]{1,5})")


class Calls(msgspec.Struct, frozen=True):
    """Which deals are drawn for a call-back (I4)."""

    share: Fraction = Fraction(1, 10)
    """Of all deals."""
    watched_share: Fraction = Fraction(3, 10)
    """Of deals of a seller who is new or suspicious."""
    watched_score: int = 30
    """From this score of a suspicion on a seller is watched."""
    new_days: int = 14
    """Days for which a seller is new."""
    failed_days: int = 14
    """Days for which every deal is drawn of a seller whose customer denied one."""
    weekly: bool = True
    """Whether the lowest number of each seller's week is drawn: at least one a week."""


class DealTerms(msgspec.Struct, frozen=True):
    """What is looked for before a deal counts."""

    forbidden: tuple[Title, ...] = ()
    """Practices that a deal must not stand on (I6): who checks it rules each of them out."""
    calls: Calls = Calls()


def read_deals(reader: Reader, value: object) -> DealTerms | None:
    """Return what the plan says; None where it has no such table."""
    if value is None:
        return None
    table = reader.table(value, "deals", _KEYS)
    entries = reader.tables(table.get("forbidden", []), "deals.forbidden")
    if len(entries) > FORBIDDEN_MOST:
        sentence = _("at most %(most)s entries")
        reader.fault("deals.forbidden", sentence, entries, most=FORBIDDEN_MOST)
    return DealTerms(
        forbidden=tuple(
            read_title(reader, entry, f"deals.forbidden[{place}]")
            for place, entry in enumerate(entries)
        ),
        calls=_calls(reader, table.get("calls", {})),
    )


def _calls(reader: Reader, value: object) -> Calls:
    table, usual = reader.table(value, "deals.calls", _CALL_KEYS), Calls()
    weekly = table.get("weekly", usual.weekly)
    if not isinstance(weekly, bool):
        reader.fault("deals.calls.weekly", _("true or false"), weekly)
    return Calls(
        share=_share(reader, table, "share", usual.share),
        watched_share=_share(reader, table, "watched_share", usual.watched_share),
        watched_score=_whole(reader, table, "watched_score", usual.watched_score, SCORE_MOST),
        new_days=_whole(reader, table, "new_days", usual.new_days, DAYS_MOST),
        failed_days=_whole(reader, table, "failed_days", usual.failed_days, DAYS_MOST),
        weekly=weekly is True,
    )


def _whole(reader: Reader, table: Mapping[str, object], key: str, usual: int, most: int) -> int:
    return reader.whole(table.get(key, usual), f"deals.calls.{key}", most=most)


def _share(reader: Reader, table: Mapping[str, object], key: str, usual: Fraction) -> Fraction:
    """Return a part of all deals: "p/q" with 0 ≤ p ≤ q."""
    value = table.get(key, MISSING)
    if value is MISSING:
        return usual
    parts = _SHARE.fullmatch(value) if isinstance(value, str) else None
    if parts is None or not int(parts[1]) <= int(parts[2]) <= PARTS_MOST or not int(parts[2]):
        reader.fault(f"deals.calls.{key}", _('"p/q" up to 1, such as "1/10"'), value)
        return usual
    return Fraction(int(parts[1]), int(parts[2]))
