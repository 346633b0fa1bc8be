"""What deals earned people: reads only; amounts in 分."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from game.commission_terms import CommissionRule, PartnerType
from game.commissions import Claim, Deal, Earner
from game.plan import Plan
from server.kit import db
from server.plans import queries as plans


class StoredDeal(msgspec.Struct, frozen=True):
    """A deal as it was told when it was checked, and where it stands."""

    deal: UUID
    plan: str
    plan_version: int
    from_lead: bool
    is_first: bool
    reporter: UUID | None
    seller: UUID | None
    solution: UUID | None
    store: UUID | None
    amount: int
    made_at: datetime
    checked_at: datetime
    standing: str
    reason: str


class Stored(msgspec.Struct, frozen=True):
    """An accrual as it is stored, with where its deal stands."""

    id: UUID
    deal: UUID
    plan: str
    version: int
    written_at: datetime
    """When this version of the plan was stored."""
    rule: str
    person: UUID
    starts: datetime | None
    ends: datetime | None
    base: int
    amount: int
    posted: int
    waived: int
    moves: int
    state: str
    waits_for: str
    explanation: dict[str, Any]
    made_at: datetime
    store: UUID | None
    standing: str
    reason: str


class _Person(msgspec.Struct, frozen=True):
    id: UUID
    kind: str
    path: str
    partner: PartnerType | None


DEAL: Final = (
    "SELECT deal, plan, plan_version, from_lead, is_first, reporter, seller, solution, store,"
    " amount, made_at, checked_at, standing, reason FROM commission_deal"
)
COLUMNS: Final = """
a.id, a.deal, a.plan, a.version, v.created_at AS written_at, a.rule, a.person, a.starts,
  a.ends, a.base, a.amount, a.posted, a.waived, a.moves, a.state, a.waits_for, a.explanation,
  a.made_at, d.store, d.standing, d.reason
"""
FROM: Final = """
FROM accrual a JOIN commission_deal d ON d.deal = a.deal
JOIN plan v ON v.id = a.plan AND v.version = a.version
"""
ACCRUAL: Final = f"SELECT {COLUMNS} {FROM}"


async def deal(id_: UUID) -> StoredDeal | None:
    """Return a checked deal."""
    return await db.row(StoredDeal, f"{DEAL} WHERE deal = $1", id_)


async def with_parts(stored: StoredDeal) -> Deal:
    """Return a deal as the rules read it, with who did what for it."""
    ids = {
        "reporter": stored.reporter,
        "seller": stored.seller,
        "solution": stored.solution,
    }
    people = await _earners([each for each in ids.values() if each is not None])
    return msgspec.convert(
        {
            "id": str(stored.deal),
            "amount": stored.amount,
            "made_at": stored.made_at,
            "is_first": stored.is_first,
            "from_lead": stored.from_lead,
            "parts": {part: people[id_] for part, id_ in ids.items() if id_ is not None},
        },
        Deal,
    )


async def _earners(people: Sequence[UUID]) -> dict[UUID, Earner]:
    found = await db.rows(
        _Person,
        "SELECT p.id, p.kind, coalesce(u.path, '') AS path, r.type AS partner"
        " FROM person p LEFT JOIN unit u ON u.id = p.unit LEFT JOIN partner r ON r.person = p.id"
        " WHERE p.id = ANY ($1)",
        people,
    )
    return {
        each.id: msgspec.convert(
            {
                "id": str(each.id),
                "who": each.kind,
                "units": [name for name in each.path.split("/") if name],
                "partner": each.partner,
            },
            Earner,
        )
        for each in found
    }


async def accruals_of(deal_: UUID) -> list[Stored]:
    """Return what a deal earns people."""
    return await db.rows(Stored, f"{ACCRUAL} WHERE a.deal = $1 ORDER BY a.rule", deal_)


async def earning(deal_: UUID) -> list[UUID]:
    """Return whom a deal earns something, in order."""
    return await db.column("SELECT DISTINCT person FROM accrual WHERE deal = $1 ORDER BY 1", deal_)


async def is_refused(subject: str) -> bool:
    """Say whether the verdict on a deal is that nothing is given."""
    found = await db.value("SELECT state = 'refused' FROM verdict WHERE subject = $1", subject)
    return found is True


async def counted_with(one: Stored) -> list[Stored]:
    """Return the accruals that are counted together with this one, itself too."""
    if one.starts is None:
        return [one]
    return await db.rows(
        Stored,
        f"{ACCRUAL} WHERE a.person = $1 AND a.plan = $2 AND a.rule = $3"
        " AND a.starts = $4 AND a.ends = $5",
        one.person, one.plan, one.rule, one.starts, one.ends,
    )  # fmt: skip


async def terms_of(one: Stored) -> CommissionRule:
    """Return the rule that an accrual was made under."""
    return (await plan_of(one)).commissions[one.rule]


async def plan_of(one: Stored) -> Plan:
    """Return the version of the plan that an accrual was made under."""
    return await plans.rules_of(one.plan, one.version, one.written_at)


async def claim_of(one: Stored) -> Claim:
    """Return an accrual as the rules read it."""
    period = (one.starts, one.ends) if one.starts and one.ends else None
    return Claim(
        deal=str(one.deal),
        rule=one.rule,
        person=str(one.person),
        base=one.base,
        made_at=one.made_at,
        terms=await terms_of(one),
        period=period,
    )


async def unjudged(most: int) -> list[UUID]:
    """Return deals that wait, though their verdict has come; the oldest first."""
    return await db.column(
        "SELECT d.deal FROM commission_deal d JOIN verdict v ON v.subject = 'deal:' || d.deal"
        " WHERE d.standing = 'waiting' AND v.state <> 'waiting' ORDER BY d.checked_at, d.deal"
        " LIMIT $1",
        most,
    )


async def without_room(most: int) -> list[Stored]:
    """Return what waits for room in a budget, the oldest deals first."""
    return await db.rows(
        Stored,
        f"{ACCRUAL} WHERE a.waits_for = 'budget' ORDER BY a.made_at, a.id LIMIT $1",
        most,
    )
