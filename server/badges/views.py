"""What the pages of badges show: mine, one of them, those of a side, the moment of a new one."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from game.badge_terms import TIERS, BadgeRule, Tier
from game.badges import Fact, Mark, Progress, behind, marks, progress, reached
from game.errors import RuleViolation
from game.plan import Plan
from server.badges import facts, queries, words
from server.badges.queries import Held
from server.badges.titles import title_of
from server.kit import clock, formats
from server.people.auth import Caller
from server.plans.words import as_builtins

NEAR_SHOWN: Final = 3
BEHIND_SHOWN: Final = 10
HOLDERS_SHOWN: Final = 30
SIDE_SHOWN: Final = 20
EACH_SHOWN: Final = 3


class Mine(msgspec.Struct, frozen=True):
    """One badge as a person has it: its rule, what counts, how far they are, what they hold."""

    plan: Plan
    badge: str
    rule: BadgeRule
    found: list[Mark]
    progress: Progress
    held: dict[Tier, Held]


async def mine(person: UUID) -> list[Mine]:
    """Return every badge of the plans in force, and what is held of earlier versions."""
    now = await clock.now()
    listed: list[Mine] = []
    for plan in await facts.launched():
        listed += await _of_plan(plan, person, now)
    return listed


async def _of_plan(plan: str, person: UUID, now: datetime) -> list[Mine]:
    versions = await facts.versions_of(plan)
    if not facts.rules(versions):
        return []
    known = (await facts.facts_of([person], versions))[person]
    is_first = await facts.firsts_of([person], versions)
    held: dict[str, dict[Tier, Held]] = {}
    for each in await queries.held_by([person], plan):
        held.setdefault(each.badge, {})[each.tier] = each
    listed = []
    for badge, version in _shown(versions, held).items():
        rule, has = version.badges[badge], held.get(badge, {})
        found = marks(rule, version.zone, known, is_first)
        so_far = progress(rule, version.zone, found, now, has)
        listed.append(Mine(version, badge, rule, found, so_far, has))
    return listed


def _shown(versions: facts.Versions, held: dict[str, dict[Tier, Held]]) -> dict[str, Plan]:
    """Return the badges to show, each with the last version that has it: those in force, then
    those that are held and no longer given.
    """
    newest = {badge: plan for _, plan in versions for badge in plan.badges}
    in_force = list(versions[-1][1].badges)
    gone = [badge for badge in newest if badge not in in_force and badge in held]
    return {badge: newest[badge] for badge in (*in_force, *gone)}


async def one(person: UUID, plan: str, badge: str) -> Mine:
    """Return one badge as a person has it, or refuse with `badge_unknown`."""
    listed = await _of_plan(plan, person, await clock.now())
    found = next((each for each in listed if each.badge == badge), None)
    if found is None:
        raise RuleViolation("badge_unknown")
    return found


async def shelves(person: UUID) -> dict[str, list[dict[str, Any]]]:
    """Return a person's badges in three: earned, next within reach, not yet."""
    listed = await mine(person)
    earned = [each for each in listed if each.progress.tier]
    ahead = [each for each in listed if each.progress.next_tier and each.progress.have]
    near = sorted(ahead, key=lambda each: -each.progress.have / each.progress.needed)[:NEAR_SHOWN]
    rest = [each for each in listed if not each.progress.tier and each not in near]
    earned.sort(key=lambda each: max(has.reached_at for has in each.held.values()), reverse=True)
    return {
        "earned": [card(each) for each in earned],
        "near": [card(each) for each in near],
        "rest": [card(each) for each in rest],
    }


def card(each: Mine) -> dict[str, Any]:
    """Return a badge as lists show it, with the way to its next tier."""
    so_far = each.progress
    return {
        "href": f"/badges/{each.plan.id}/{each.badge}",
        "art": each.rule.art,
        "title": as_builtins(each.rule.title),
        "story": as_builtins(each.rule.story),
        "tier": so_far.tier,
        "tier_word": _tier_word(so_far.tier),
        "next_word": _tier_word(so_far.next_tier),
        "have": so_far.have,
        "needed": so_far.needed,
        "far": words.have_of(so_far.have, so_far.needed),
        "needed_words": words.count(each.rule, so_far.needed),
        "percent": min(100, so_far.have * 100 // so_far.needed),
    }


def _tier_word(tier: Tier | None) -> str:
    return str(words.TIERS[tier]) if tier else ""


async def detail(caller: Caller, plan: str, badge: str) -> dict[str, Any]:
    """Return all that the page of a badge says."""
    each = await one(caller.id, plan, badge)
    return {
        "badge": card(each) | {"best": words.count(each.rule, each.progress.best)}
        if each.rule.by == "streak"
        else card(each),
        "tiers": [
            _tier(each, tier) for tier in TIERS if tier in each.rule.tiers or tier in each.held
        ],
        "behind": await _behind(each),
        "revoked": [
            {"tier_word": _tier_word(lost.tier), "at": lost.revoked_at, **lost.why}
            for lost in await queries.revoked(caller.id, plan, badge)
        ],
        "holders": [
            {"name": holder.name, "tier": holder.tier, "tier_word": _tier_word(holder.tier)}
            for holder in await queries.holders(caller.id, plan, badge, HOLDERS_SHOWN)
        ],
    }


def _tier(each: Mine, tier: Tier) -> dict[str, Any]:
    """Return a tier with what it takes, and since when it is held."""
    has, least = each.held.get(tier), each.rule.tiers.get(tier)
    have = each.progress.have
    return {
        "tier": tier,
        "word": _tier_word(tier),
        "takes": words.count(each.rule, least) if least else "",
        "at": has.reached_at if has else None,
        "far": words.have_of(have, least) if least else "",
        "percent": min(100, have * 100 // least) if least else 100,
    }


async def _behind(each: Mine) -> dict[str, Any]:
    """Return what the highest tier rests on: the newest facts, and how many more there are."""
    tiers = reached(each.rule, each.found)
    highest = next((tiers[tier] for tier in reversed(TIERS) if tier in tiers), None)
    if highest is not None:
        basis = behind(each.found, highest)
    else:
        basis = [mark.fact for mark in each.found]
    shown = list(reversed(basis))[:BEHIND_SHOWN]
    return {
        "is_held": bool(each.held),
        "facts": [await _fact(each, fact) for fact in shown],
        "more": formats.number(len(basis) - len(shown)) if len(basis) > len(shown) else "",
    }


async def _fact(each: Mine, fact: Fact) -> dict[str, Any]:
    title = await title_of(fact.source, fact.id)
    points = formats.signed(fact.points) if each.rule.by == "points" else ""
    return {"title": title.words, "href": title.href, "at": fact.at, "points": points}


async def of_side(battle: UUID, place: int) -> list[dict[str, Any]]:
    """Return who of a side holds badges, whoever was last awarded first, each with their latest."""
    held, names = await queries.held_on_side(battle, place)
    by_person: dict[UUID, list[Held]] = {}
    for each in held:
        by_person.setdefault(each.person, []).append(each)
    listed = list(by_person.items())[:SIDE_SHOWN]
    return [
        {
            "person": person,
            "name": names[person],
            "badges": [
                await queries.face_of(each) for each in queries.highest(theirs)[:EACH_SHOWN]
            ],
            "more": max(0, len(queries.highest(theirs)) - EACH_SHOWN),
        }
        for person, theirs in listed
    ]


async def moment(person: UUID) -> dict[str, Any] | None:
    """Return what is to be shown once: the highest award large, the others beside it."""
    new = await queries.unseen(person)
    if not new:
        return None
    rule = await queries.rule_of(new[0])
    first = await queries.face_of(new[0]) | {"story": as_builtins(rule.story)}
    others = [await queries.face_of(each) for each in new[1:]]
    return {
        "first": first,
        "others": others[:EACH_SHOWN],
        "more": max(0, len(others) - EACH_SHOWN),
        "awards": [str(each.id) for each in new],
    }
