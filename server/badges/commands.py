"""Badges: award and revoke, by folding people's facts again (F1).

A fold is exact however often and in whatever order it runs: whoever changes a fact of a person
folds that person anew in the same transaction, one after the other (`badge_turns`).
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

import msgspec

from game.badge_terms import TIERS, Tier
from game.badges import Award, fold
from server.badges import facts, queries, words
from server.badges.events import BadgeAwarded
from server.badges.queries import Held
from server.badges.titles import title_of
from server.kit import db, events, i18n, ids
from server.kit.db import command
from server.notifications.hints import hint
from server.notifications.notices import notify
from server.plans.words import as_builtins

Key = tuple[str, Tier]


class Why(msgspec.Struct, frozen=True):
    """Which fact of a person fell, and for which reason; both by locale, or as typed."""

    what: dict[str, str] | str
    reason: dict[str, str] | str


UNKNOWN = Why("", "")


@command
async def refold(
    plan: str, people: Collection[UUID], why: Mapping[UUID, Why] | None = None
) -> None:
    """Make what these people hold of a plan what the fold over all their facts says.

    `why` tells of each person whose fact fell which one it was; only employees hold badges.
    """
    versions = await facts.versions_of(plan)
    if not facts.rules(versions):
        return
    who = await db.column(
        "SELECT id FROM person WHERE id = ANY ($1) AND kind = 'employee' ORDER BY id", list(people)
    )
    await db.execute("SELECT badge_turns($1, $2::uuid[])", plan, who)
    known = await facts.facts_of(who, versions)
    is_first = await facts.firsts_of(who, versions)
    held: dict[UUID, dict[Key, Held]] = {person: {} for person in who}
    for each in await queries.held_by(who, plan):
        held[each.person][each.badge, each.tier] = each
    for person in who:
        earned = {
            (award.badge, award.tier): award for award in fold(versions, known[person], is_first)
        }
        await _revoke(
            [has for key, has in held[person].items() if key not in earned],
            (why or {}).get(person, UNKNOWN),
        )
        await _award(person, plan, held[person], earned)


async def _award(
    person: UUID, plan: str, held: Mapping[Key, Held], earned: Mapping[Key, Award]
) -> None:
    """Award what is new, and let what is held tell by which fact it is reached now."""
    new = []
    for key, award in earned.items():
        has = held.get(key)
        if has is None:
            new.append(await _insert(person, plan, award))
        elif _basis(award) != (has.plan_version, has.reached_at, has.fact_source, has.fact):
            await db.execute(
                "UPDATE badge_award SET plan_version = $2, reached_at = $3, fact_source = $4,"
                " fact = $5 WHERE id = $1",
                has.id, *_basis(award),
            )  # fmt: skip
    if not new:
        return
    await _tell_earned(person, _highest(new))
    for one in new:
        await events.publish(BadgeAwarded(person, plan, one.badge, one.tier, one.reached_at))
    await _show(person)


def _basis(award: Award) -> tuple[Any, ...]:
    return award.version, award.at, award.fact.source, award.fact.id


async def _insert(person: UUID, plan: str, award: Award) -> Held:
    made = await db.row(
        Held,
        "INSERT INTO badge_award (id, person, plan, badge, tier, plan_version, reached_at,"
        " fact_source, fact) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING *",
        ids.new_id(), person, plan, award.badge, award.tier, *_basis(award),
    )  # fmt: skip
    if made is None:
        raise AssertionError("INSERT … RETURNING gave no row")
    return made


def _highest(new: Iterable[Held]) -> list[Held]:
    """Return of each badge the highest tier, as one news."""
    by_badge: dict[str, Held] = {}
    for each in sorted(new, key=lambda one: TIERS.index(one.tier)):
        by_badge[each.badge] = each
    return list(by_badge.values())


async def _tell_earned(person: UUID, new: list[Held]) -> None:
    """Tell of a badge by its name, of several at once in one sentence."""
    told = [await _named(each) for each in new]
    if len(new) == 1:
        await notify([person], "badge_earned", f"badge:{new[0].id}", told[0], _href(new[0]))
        return
    names = [i18n.in_each(words.NAMED, **each) for each in told]
    several = {"n": len(new), "badges": words.join_in_all(names)}
    await notify([person], "badges_earned", f"badge:{new[0].id}", several, "/badges")


async def _revoke(fallen: list[Held], why: Why) -> None:
    """Take back what no longer rests on enough facts, and say which one fell."""
    for has in fallen:
        named = await _named(has)
        told = {
            "what": why.what or (await title_of(has.fact_source, has.fact)).words,
            "reason": why.reason or i18n.in_each(words.GONE),
        }
        await db.execute(
            "UPDATE badge_award SET revoked_at = leitai_clock(), revoked_why = $2 WHERE id = $1",
            has.id, told,
        )  # fmt: skip
        topic = f"badge:{has.id}"
        await notify([has.person], "badge_revoked", topic, named | told, _href(has))
    if fallen:
        await _show(fallen[0].person)


async def _named(has: Held) -> dict[str, dict[str, str]]:
    title = as_builtins((await queries.rule_of(has)).title)
    return {"badge": title, "tier": words.tier(has.tier)}


def _href(has: Held) -> str:
    return f"/badges/{has.plan}/{has.badge}"


async def _show(person: UUID) -> None:
    """Let the person's open pages follow, and those of their side, unless they opted out."""
    await hint([person], "badges")
    if not await db.value("SELECT opted_out FROM person WHERE id = $1", person):
        await hint(await queries.side_of(person), "side-badges")


@command
async def mark_seen(person: UUID, awards: Collection[UUID] | None = None) -> None:
    """Note that a person was shown these awards (None: all of them), with their lower tiers."""
    await db.execute(
        "UPDATE badge_award w SET seen_at = leitai_clock() WHERE person = $1 AND seen_at IS NULL"
        " AND ($2::uuid[] IS NULL OR EXISTS (SELECT FROM badge_award s WHERE s.id = ANY ($2)"
        " AND s.person = $1 AND s.plan = w.plan AND s.badge = w.badge"
        " AND s.awarded_at >= w.awarded_at))",
        person, None if awards is None else list(awards),
    )  # fmt: skip
