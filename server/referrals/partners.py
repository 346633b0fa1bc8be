"""Partners: allies, dealers and KOCs whom operations brings in; they sign in by code (A4, H9)."""

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from game.errors import RuleViolation
from server.kit import crypto, db
from server.kit.db import command
from server.people import rights, visitors
from server.referrals.words import PARTNER_TYPES

NAME_MOST: Final = 30
Type = Literal["ally", "dealer", "koc"]


class Partner(msgspec.Struct, frozen=True):
    """A partner, and what their codes brought: friends bound, deals that count, their sum in 分."""

    person: UUID
    name: str
    type: Type
    made_at: datetime
    accepted_at: datetime | None
    clicks: int
    bound: int
    deals: int
    amount: int


@command
async def make(name: str, phone: str, type_: str, by: UUID) -> UUID:
    """Bring a partner in; they sign in with the code sent to their phone.

    Refused as `partner_name_missing`, `partner_type_unknown`, `phone_unreadable`, `phone_taken`.
    """
    said = " ".join(name.split())[:NAME_MOST]
    if not said:
        raise RuleViolation("partner_name_missing")
    if type_ not in PARTNER_TYPES:
        raise RuleViolation("partner_type_unknown")
    found = await visitors.participant(crypto.normal_phone(phone), "partner", said)
    made = await db.value(
        "INSERT INTO partner (person, type, made_by) SELECT id, $2, $3 FROM person"
        " WHERE id = $1 AND kind = 'partner' ON CONFLICT DO NOTHING RETURNING person",
        found.id, type_, by,
    )  # fmt: skip
    if made is None:
        raise RuleViolation("phone_taken")
    await rights.record(by, "make_partner", rights.person_subject(found.id), facts={"type": type_})
    return found.id


async def partners() -> list[Partner]:
    """Return every partner, the newest first."""
    return await db.rows(
        Partner,
        "SELECT a.person, p.name, a.type, a.made_at,"
        " (SELECT max(accepted_at) FROM partner_agreement g WHERE g.person = a.person)"
        "   AS accepted_at,"
        " (SELECT coalesce(sum(clicks), 0)::bigint FROM invitation i WHERE i.person = a.person)"
        "   AS clicks,"
        " (SELECT count(*) FROM referral r WHERE r.referrer = a.person) AS bound,"
        " count(d.order_id) AS deals, coalesce(sum(d.amount), 0)::bigint AS amount"
        " FROM partner a JOIN person p ON p.id = a.person"
        " LEFT JOIN referral r ON r.referrer = a.person"
        " LEFT JOIN referral_deal d ON d.referral = r.id AND d.state = 'counted'"
        "   AND d.reversed_as IS NULL"
        " GROUP BY a.person, p.name ORDER BY a.made_at DESC, a.person",
    )
