"""Leads and deals: how they arrived is counted and judged; what is unusual waits for a person."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from game import lead_spam
from game.antispam import Reason, Verdict
from game.lead_spam import DealSignals, LeadLimits, LeadSignals
from server.antispam import commands, devices, facts
from server.config import settings
from server.kit import db
from server.kit.db import command
from server.kit.i18n import Lazy, in_each, lazy

UNCHECKED: Final = Verdict("review", 60, (Reason("unchecked", 60),))
"""What is said where the check itself failed: a person has a look, and nothing is lost."""
HELD_LEAD: Final = lazy("the lead %(customer)s")
HELD_DEAL: Final = lazy("the reward of the deal with %(customer)s")

# In one order for everybody (kind, then token), so that two who report never wait for each other.
COUNT: Final = """
INSERT INTO lead_count (kind, token, day, count)
SELECT kind, token, $4::date, 1 FROM (VALUES ('device', $1::text), ('network', $2::text),
  ('person', $3::text)) AS counted (kind, token) WHERE token <> '' ORDER BY kind, token
ON CONFLICT (kind, token, day) DO UPDATE SET count = lead_count.count + 1
RETURNING kind, count
"""
ARRIVED: Final = """
INSERT INTO lead_arrival (lead, person, device, network, day, taken_at, received_at)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
"""
AROUND: Final = """
SELECT
  EXISTS (SELECT FROM registered_network WHERE token = $2 AND $2 <> '') AS is_registered,
  (SELECT count(DISTINCT person) FROM lead_arrival WHERE device = $1 AND device <> '' AND day = $4)
    AS device_people,
  EXISTS (SELECT FROM sighting WHERE kind = 'device' AND token = $1 AND role = 'till') AS is_till,
  coalesce((SELECT array_agg(taken_at) FROM lead_arrival WHERE person = $3 AND day = $4), '{}')
    AS moments,
  EXISTS (SELECT FROM sighting WHERE kind = 'device' AND token = $1 AND person = $3) AS is_theirs
"""
# Whose phone the customer's is, if anybody's here.
HOLDER: Final = """
SELECT p.id, p.kind = 'employee' AS is_staff
FROM person_phone f JOIN person p ON p.id = f.person WHERE f.blind_index = $1
"""
DEAL_SHARES: Final = """
SELECT
  EXISTS (SELECT FROM sighting a JOIN sighting b USING (kind, token) WHERE kind = 'device'
    AND a.person = ANY ($1) AND b.person = $2 AND NOT EXISTS (SELECT FROM sighting t
      WHERE t.kind = 'device' AND t.token = a.token AND t.role = 'till')) AS own_device,
  EXISTS (SELECT FROM sighting a JOIN sighting b USING (kind, token) WHERE kind = 'payer'
    AND a.person = ANY ($1) AND b.person = $2) AS same_payer
"""


class _Counted(msgspec.Struct, frozen=True):
    kind: str
    count: int


class _Around(msgspec.Struct, frozen=True):
    is_registered: bool
    device_people: int
    is_till: bool
    moments: list[datetime]
    is_theirs: bool


class _Holder(msgspec.Struct, frozen=True):
    id: UUID
    is_staff: bool


class _DealShares(msgspec.Struct, frozen=True):
    own_device: bool
    same_payer: bool


def lead_subject(lead: UUID) -> str:
    """Name a lead for antispam."""
    return f"lead:{lead}"


def deal_subject(deal: UUID) -> str:
    """Name a deal for antispam: nothing is paid for it unless `cleared` says so of this."""
    return f"deal:{deal}"


@command
async def judge_lead(
    lead: UUID,
    reporter: UUID,
    customer: str,
    device: str,
    network: str,
    at: datetime,
    *,
    limits: LeadLimits | None = None,
    zone: ZoneInfo | None = None,
    captured_at: datetime | None = None,
    by_customer: bool = False,
) -> Verdict:
    """Count and judge a lead that is just received, once; asked again, the first verdict (I2, I3).

    Call it inside the command that receives the lead, before its customer's place is taken, and
    hold the lead (`is_held`) where the outcome is not `clean`: its reporter is told here, and
    SuspicionDecided comes for `lead_subject(lead)`. `device` and `network` are hashes of
    devices.device_of and devices.network_of of whoever sent it, "" where there is none;
    `by_customer` says that this was the customer. `at` is the moment of receipt, `captured_at`
    what the phone said, `limits` and `zone` the plan's.
    """
    usual, where = limits or LeadLimits(), zone or ZoneInfo(settings().company_timezone)
    day = at.astimezone(where).date()
    subject, what = lead_subject(lead), await _held(HELD_LEAD, customer)

    async def work() -> Verdict:
        taken_at = min(captured_at or at, at)
        arrived = await db.execute(ARRIVED, lead, reporter, device, network, day, taken_at, at)
        if arrived.endswith(" 0"):
            return await commands.given(subject)
        signals = await _lead_signals(reporter, customer, device, network, day, by_customer)
        verdict = lead_spam.judge_lead(signals, usual)
        if not by_customer:
            await devices.note_sighting(device, reporter, "reporter", network)
        if lead_spam.wants_a_look(verdict, usual):
            await _look_at(reporter, day, verdict)
        return await commands.give(subject, reporter, verdict, what=what)

    verdict = await commands.judged_or_held(work)
    return verdict or await commands.give(subject, reporter, UNCHECKED, what=what)


@command
async def judge_deal(
    deal: UUID,
    customer: str,
    reporter: UUID | None,
    seller: UUID | None,
    *,
    pair_deals: int = 0,
    deals: int = 0,
    refunded: int = 0,
    limits: LeadLimits | None = None,
) -> Verdict:
    """Judge a deal before it pays, once; asked again, the first verdict (I3).

    Until `commands.cleared(deal_subject(deal))` nothing may be paid; SuspicionDecided comes when
    a person decided. What a slice above knows it adds: `pair_deals` of this seller and customer,
    `deals` of this seller and how many of those were `refunded`, all within 30 days, this one
    counted. Either reporter or seller must be there.
    """
    paid = [each for each in dict.fromkeys((reporter, seller)) if each]
    subject, what = deal_subject(deal), await _held(HELD_DEAL, customer)

    async def work() -> Verdict:
        signals = msgspec.structs.replace(
            await _deal_signals(customer, paid),
            pair_deals=pair_deals, deals=deals, refunded=refunded,
        )  # fmt: skip
        verdict = lead_spam.judge_deal(signals, limits or LeadLimits())
        return await commands.give(subject, paid[0], verdict, what=what, others=paid[1:])

    verdict = await commands.judged_or_held(work)
    return verdict or await commands.give(subject, paid[0], UNCHECKED, what=what, others=paid[1:])


@command
async def forget_words(subjects: Sequence[str]) -> None:
    """Blot out what verdicts say of a customer who is forgotten; the verdicts stay."""
    await db.execute(
        "DELETE FROM notice WHERE topic IN"
        " (SELECT 'verdict:' || id FROM verdict WHERE subject = ANY ($1))",
        subjects,
    )
    await db.execute(
        "UPDATE verdict SET what = $2 WHERE subject = ANY ($1) AND what IS NOT NULL",
        subjects, in_each(HELD_LEAD, customer="—"),
    )  # fmt: skip


async def _lead_signals(
    reporter: UUID, customer: str, device: str, network: str, day: date, by_customer: bool
) -> LeadSignals:
    counted = await db.rows(_Counted, COUNT, device, network, str(reporter), day)
    # Read after the count: whoever waited for a turn at it sees those before.
    around = await db.row(_Around, AROUND, device, network, reporter, day)
    if around is None:
        raise RuntimeError("a query without FROM gave no row")
    holder = await _holder(customer)
    found = {each.kind: each.count for each in counted}
    return LeadSignals(
        device_day=found.get("device", 0),
        network_day=found.get("network", 0),
        person_day=found.get("person", 0),
        is_registered=around.is_registered,
        device_people=around.device_people,
        is_till=around.is_till,
        moments=tuple(around.moments),
        own_device=by_customer and around.is_theirs and not around.is_till,
        own_phone=holder is not None and holder.id == reporter,
        staff_phone=holder is not None and holder.is_staff,
        ring_accounts=await _ring([reporter], holder),
    )


async def _deal_signals(customer: str, paid: Sequence[UUID]) -> DealSignals:
    holder = await _holder(customer)
    if holder is None:
        return DealSignals()
    if holder.id in paid:
        return DealSignals(own_phone=True, staff_phone=holder.is_staff)
    shares = await db.row(_DealShares, DEAL_SHARES, list(paid), holder.id)
    return DealSignals(
        own_device=shares is not None and shares.own_device,
        same_payer=shares is not None and shares.same_payer,
        staff_phone=holder.is_staff,
        ring_accounts=await _ring(paid, holder),
    )


async def _holder(customer: str) -> _Holder | None:
    kind, _, index = customer.partition(":")
    return await db.row(_Holder, HOLDER, bytes.fromhex(index)) if kind == "tel" else None


async def _ring(people: Sequence[UUID], holder: _Holder | None) -> int:
    """Return how many accounts are in it together; a customer with no account is in no ring."""
    if holder is None or holder.id in people:
        return 0
    return await facts.ring_size([*people, holder.id])


async def _look_at(person: UUID, day: date, verdict: Verdict) -> None:
    """Bring a reporter to the review queue once a day; nothing is held, and nobody is told."""
    looked_at = Verdict("review", verdict.score, verdict.reasons)
    await commands.give(f"pace:{person}:{day}", person, looked_at)


async def _held(what: Lazy, customer: str) -> Mapping[str, str]:
    shown = await db.value("SELECT shown FROM customer WHERE key = $1", customer)
    return in_each(what, customer=shown or customer)
