"""What a run reads: who has lines that nothing has stated, and those lines, as one snapshot."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Final
from uuid import UUID

import msgspec

from game.settlement_terms import Who
from game.settlements import Line
from server.kit import db

# What has moved since the last statement; a partner is settled as what kind of partner they are.
DUE: Final = """
SELECT p.id AS person, k.who, coalesce(s.closing, 0) AS opening, coalesce(s.carries, 0) AS carried,
  coalesce(s.wallet_version, 0) AS wallet_version, coalesce(s.debt_version, 0) AS debt_version
FROM account w JOIN person p ON p.id = w.owner LEFT JOIN partner r ON r.person = p.id
CROSS JOIN LATERAL (
  SELECT CASE p.kind WHEN 'partner' THEN coalesce(r.type, p.kind) ELSE p.kind END AS who) k
LEFT JOIN account d ON d.kind = 'debt' AND d.owner = w.owner AND d.asset = 'cash'
LEFT JOIN LATERAL (
  SELECT s.closing, s.carries, s.wallet_version, s.debt_version
  FROM statement s WHERE s.person = p.id ORDER BY s.settlement DESC LIMIT 1) s ON true
WHERE w.kind = 'wallet' AND w.asset = 'cash' AND k.who = ANY ($1)
  AND (w.version > coalesce(s.wallet_version, 0) OR d.version > coalesce(s.debt_version, 0))
ORDER BY p.id
"""

# One query for entries and for what is stated of them: what commits between two would be lost.
ENTRIES: Final = """
SELECT a.owner AS person, a.kind AS account, e.version, e.amount, t.id AS transfer, t.kind,
  t.booked_at AS at,
  EXISTS (SELECT FROM statement_line l WHERE l.transfer = t.id AND l.person = a.owner) AS is_stated
FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS c(person, wallet_version, debt_version)
JOIN account a ON a.kind IN ('wallet', 'debt') AND a.owner = c.person AND a.asset = 'cash'
JOIN entry e ON e.account = a.id
  AND e.version > CASE a.kind WHEN 'wallet' THEN c.wallet_version ELSE c.debt_version END
JOIN transfer t ON t.id = e.transfer
ORDER BY a.owner
"""

STATED: Final = """
SELECT l.person, a.kind AS account, e.version, e.amount, t.id AS transfer, t.kind,
  t.booked_at AS at, true AS is_stated
FROM statement s JOIN statement_line l ON l.statement = s.id
JOIN transfer t ON t.id = l.transfer JOIN entry e ON e.transfer = t.id
JOIN account a ON a.id = e.account AND a.owner = l.person AND a.kind IN ('wallet', 'debt')
WHERE s.settlement = $1
ORDER BY l.person
"""

# A transfer names what it takes back by `reverses`, a commission by its accrual.
CORRECTED: Final = """
SELECT DISTINCT ON (b.id, c.person) b.id AS transfer, c.person, r.period
FROM unnest($1::uuid[], $2::uuid[]) AS c(transfer, person) JOIN transfer b ON b.id = c.transfer
JOIN statement s ON s.person = c.person AND s.settlement < $3
JOIN settlement r ON r.id = s.settlement
JOIN statement_line l ON l.statement = s.id JOIN transfer t ON t.id = l.transfer
WHERE t.id = b.reverses OR t.facts ->> 'accrual' = b.facts ->> 'accrual'
ORDER BY b.id, c.person, r.ends DESC
"""


class Due(msgspec.Struct, frozen=True):
    """Somebody whose cash moved, and where their last statement left them."""

    person: UUID
    who: Who
    opening: int
    carried: int
    wallet_version: int
    debt_version: int


class Entry(msgspec.Struct, frozen=True):
    """One entry of a wallet or debt account."""

    person: UUID
    account: str
    version: int
    amount: int
    transfer: UUID
    kind: str
    at: datetime
    is_stated: bool


class Gathered(msgspec.Struct, frozen=True):
    """The lines of one person, and the versions up to which everything is stated with them."""

    due: Due
    lines: list[Line]
    wallet_version: int
    debt_version: int


async def due(whos: Sequence[str]) -> list[Due]:
    """Return everybody of these kinds whose cash moved since their last statement."""
    return await db.rows(Due, DUE, list(whos))


async def unstated(people: Sequence[Due], ends: datetime, settlement: UUID) -> list[Gathered]:
    """Return what nothing has stated yet of what was posted before `ends`."""
    entries = await db.rows(
        Entry, ENTRIES, [one.person for one in people],
        [one.wallet_version for one in people], [one.debt_version for one in people],
    )  # fmt: skip
    of = _by_person(entries)
    taken = {
        person: [each for each in entries if each.at < ends and not each.is_stated]
        for person, entries in of.items()
    }
    corrected = await _corrected(taken, settlement)
    return [
        Gathered(
            due=one,
            lines=_lines(taken[one.person], corrected),
            wallet_version=_mark(one.wallet_version, "wallet", of[one.person], ends),
            debt_version=_mark(one.debt_version, "debt", of[one.person], ends),
        )
        for one in people
        if one.person in of
    ]


async def stated(settlement: UUID) -> dict[UUID, list[Line]]:
    """Return the lines that a run has stated, read from the ledger again."""
    of = _by_person(await db.rows(Entry, STATED, settlement))
    corrected = await _corrected(of, settlement)
    return {person: _lines(entries, corrected) for person, entries in of.items()}


def _by_person(entries: Sequence[Entry]) -> dict[UUID, list[Entry]]:
    return {person: list(own) for person, own in groupby(entries, key=lambda one: one.person)}


def _mark(before: int, account: str, entries: Sequence[Entry], ends: datetime) -> int:
    """Return up to which version everything is stated; what is booked out of order ends it."""
    own = [each for each in entries if each.account == account]
    later = [each.version for each in own if each.at >= ends]
    return min(later) - 1 if later else max((each.version for each in own), default=before)


def _lines(entries: Sequence[Entry], corrected: dict[tuple[UUID, UUID], str]) -> list[Line]:
    """Return what each transfer moved, wallet and debt together."""
    sums: dict[UUID, int] = {}
    for each in entries:
        sums[each.transfer] = sums.get(each.transfer, 0) + each.amount
    one_of = {each.transfer: each for each in entries}
    return [
        Line(str(key), each.kind, each.at, sums[key], corrected.get((key, each.person), ""))
        for key, each in one_of.items()
    ]


async def _corrected(of: dict[UUID, list[Entry]], settlement: UUID) -> dict[tuple[UUID, UUID], str]:
    """Return which earlier period stated what a line takes back, by transfer and person."""
    back = list(_taking_back(of))
    if not back:
        return {}
    async with db.connection() as one:
        found = await one.fetch(
            CORRECTED, [each[0] for each in back], [each[1] for each in back], settlement
        )
    return {(each["transfer"], each["person"]): each["period"] for each in found}


def _taking_back(of: dict[UUID, list[Entry]]) -> Iterator[tuple[UUID, UUID]]:
    for person, entries in of.items():
        yield from {(each.transfer, person) for each in entries if each.kind.endswith("_back")}
