"""Campaigns: those of the plans in force, and the terms that a referral pinned."""

from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

import msgspec

from game.campaign_terms import CampaignRule, Role
from game.errors import RuleViolation
from game.plan import Plan
from server.kit import db
from server.plans import queries as plans

LAUNCHED: Final = (
    "SELECT DISTINCT ON (id) id, version, created_at FROM plan"
    " WHERE launched_at IS NOT NULL AND ($1 = '' OR id = $1) ORDER BY id, version DESC"
)


class Campaign(msgspec.Struct, frozen=True):
    """A campaign under one version of its plan."""

    plan: Plan
    id: str
    rule: CampaignRule

    @property
    def name(self) -> str:
        """What a URL calls it: `plan.campaign`."""
        return f"{self.plan.id}.{self.id}"


class _Version(msgspec.Struct, frozen=True):
    id: str
    version: int
    created_at: datetime


async def in_force() -> list[Campaign]:
    """Return every campaign of the plans in force, by plan and in the order of the plan."""
    return [
        Campaign(plan, name, rule)
        for plan in await _plans("")
        for name, rule in plan.campaigns.items()
    ]


async def campaign(plan: str, name: str) -> Campaign:
    """Return a campaign as it is in force; refused as `campaign_unknown`."""
    for found in await _plans(plan):
        if name in found.campaigns:
            return Campaign(found, name, found.campaigns[name])
    raise RuleViolation("campaign_unknown")


async def named(name: str) -> Campaign:
    """Return the campaign that a URL names, `plan.campaign`; refused as `campaign_unknown`."""
    plan, _dot, campaign_id = name.partition(".")
    return await campaign(plan, campaign_id)


class Pinned(Protocol):
    """What was made under a version of a plan."""

    @property
    def plan(self) -> str:
        """The plan's id."""

    @property
    def plan_version(self) -> int:
        """Its version."""

    @property
    def written_at(self) -> datetime:
        """When that version was written."""


class OfCampaign(Pinned, Protocol):
    """What was made under a campaign of it."""

    @property
    def campaign(self) -> str:
        """The campaign's id."""


async def pinned(one: OfCampaign) -> Campaign:
    """Return the campaign under which something was made, as its version of the plan had it."""
    found = await plan_of(one)
    return Campaign(found, one.campaign, found.campaigns[one.campaign])


async def plan_of(one: Pinned) -> Plan:
    """Return the version of a plan under which something was made."""
    return await plans.rules_of(one.plan, one.plan_version, one.written_at)


async def role_of(person: UUID) -> Role:
    """Return as what somebody takes part."""
    found: Role = await db.value("SELECT kind FROM person WHERE id = $1", person)
    return found


async def _plans(plan: str) -> list[Plan]:
    return [
        await plans.rules_of(each.id, each.version, each.created_at)
        for each in await db.rows(_Version, LAUNCHED, plan)
    ]
