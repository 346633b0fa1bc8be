"""Invite, claim, accept an agreement (H1, H2, H4, H9)."""

from datetime import datetime
from uuid import UUID

import msgspec

from game import referrals as rules
from game.errors import RuleViolation
from server.antispam import commands as antispam
from server.antispam import devices
from server.coupons import commands as coupons
from server.coupons import queries as orders
from server.coupons.counter import spoken
from server.kit import clock, db, ids
from server.kit.db import command
from server.people import rights
from server.referrals import campaigns, news, queries
from server.referrals.campaigns import Campaign
from server.referrals.queries import Invitation


class Seen(msgspec.Struct, frozen=True):
    """The browser that somebody uses: keyed hashes, "" unknown."""

    device: str = ""
    network: str = ""


@command
async def invite(person: UUID, plan: str, campaign: str, seen: Seen) -> Invitation:
    """Return somebody's link in a campaign, made at the first time (H1).

    Refused as `campaign_unknown`, `campaign_not_begun`, `campaign_over`, `may_not_invite`,
    `agreement_first`.
    """
    one = await campaigns.campaign(plan, campaign)
    with spoken():
        rules.check_open(one.rule, await clock.now())
    role = await campaigns.role_of(person)
    terms = rules.terms_of(one.rule, role)
    rules.check_agreement(terms, await queries.accepted(person, plan, campaign))
    await devices.note_sighting(seen.device, person, "referrer", seen.network)
    found = await queries.invitation_of(person, plan, campaign)
    while found is None:
        await db.execute(
            "INSERT INTO invitation (id, code, plan, campaign, person, role, made_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, leitai_clock()) ON CONFLICT DO NOTHING",
            ids.new_id(), ids.new_word(queries.CODE_LENGTH), plan, campaign, person, role,
        )  # fmt: skip
        found = await queries.invitation_of(person, plan, campaign)
    return found


@command
async def accept_agreement(person: UUID, plan: str, campaign: str, version: int) -> None:
    """Accept the agreement of a campaign in the version that was shown (A4, H9).

    Refused as `campaign_unknown`, `may_not_invite`, `agreement_changed` where another version
    is in force by now.
    """
    one = await campaigns.campaign(plan, campaign)
    agreement = rules.terms_of(one.rule, await campaigns.role_of(person)).agreement
    if agreement is None or agreement.version != version:
        raise RuleViolation("agreement_changed")
    await db.execute(
        "INSERT INTO partner_agreement (person, plan, campaign, version, words, accepted_at)"
        " VALUES ($1, $2, $3, $4, $5, leitai_clock()) ON CONFLICT DO NOTHING",
        person, plan, campaign, version, msgspec.to_builtins(agreement.text),
    )  # fmt: skip
    facts = {"version": version}
    await rights.record(person, "accept_agreement", f"campaign:{one.name}", facts=facts)


@command
async def claim(code: str, friend: UUID, seen: Seen) -> UUID:
    """Bind a new customer to who invited them, and give them their coupons, or neither.

    Returns the referral. Refused as `game.referrals.check_bind` says, `link_unknown`,
    `campaign_unknown`.
    """
    invitation = await queries.invitation(code)
    one = await campaigns.campaign(invitation.plan, invitation.campaign)
    # Behind the friend's other claims and their orders: nobody is bound twice, or too late.
    now: datetime = await db.value("SELECT customer_turn(customer_key_of($1))", friend)
    role, has_ordered = await campaigns.role_of(friend), await orders.has_ordered(friend)
    before = await queries.bound(friend, invitation.plan, invitation.campaign)
    with spoken():
        until = rules.check_bind(
            one.rule, now, friend=str(friend), role=role, referrer=str(invitation.person),
            has_ordered=has_ordered, before=before,
        )  # fmt: skip
    referral = await _bind(invitation, one, friend, seen, now, until)
    for rule in one.rule.friend:
        await coupons.issue(
            friend, one.plan.id, one.plan.version, rule,
            source="friend", reference=str(referral), giver=invitation.name,
        )  # fmt: skip
    await news.claimed(invitation, referral, friend)
    return referral


async def _bind(
    invitation: Invitation, one: Campaign, friend: UUID, seen: Seen, now: datetime, until: datetime
) -> UUID:
    await db.execute(
        "UPDATE referral SET replaced = true"
        " WHERE friend = $1 AND plan = $2 AND campaign = $3 AND NOT replaced",
        friend, invitation.plan, invitation.campaign,
    )  # fmt: skip
    referral = ids.new_id()
    await db.execute(
        "INSERT INTO referral (id, invitation, plan, campaign, plan_version, referrer, friend,"
        " device, network, bound_at, until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        referral, invitation.id, one.plan.id, one.id, one.plan.version, invitation.person, friend,
        seen.device, seen.network, now, until,
    )  # fmt: skip
    await antispam.link(invitation.person, friend)
    await devices.note_sighting(seen.device, friend, "friend", seen.network)
    return referral


async def click(invitation: Invitation) -> None:
    """Count that a link was opened."""
    await db.execute("UPDATE invitation SET clicks = clicks + 1 WHERE id = $1", invitation.id)
