"""What badges do about what others tell (see server/wiring.py)."""

from collections.abc import Collection
from uuid import UUID

from server.actions.events import Outcome, OutcomesChanged
from server.badges import commands, facts, jobs, words
from server.badges.commands import Why
from server.badges.facts import Versions
from server.badges.titles import title_of
from server.battles.events import BattleSettled
from server.challenges.events import ChallengeFinished
from server.kit import db, i18n
from server.plans.events import PlanLaunched
from server.plans.words import as_builtins
from server.referrals.events import ReferralReversed, ReferralRewarded
from server.rewards.events import RewardFulfilled


async def recount_actions(event: OutcomesChanged) -> None:
    """Fold anew whose actions came to another outcome, and whose firsts these may touch."""
    versions = await facts.versions_of(event.plan)
    if not facts.rules(versions):
        return
    people = {each.person for each in event.outcomes}
    why = {each.person: _why(each, versions) for each in event.outcomes if each.before == "scored"}
    firsts = facts.first_rules(versions, {each.kind for each in event.outcomes})
    if firsts:
        await db.execute("SELECT badge_firsts($1)", event.plan)
        others = await facts.rivals(event.plan, firsts, event.outcomes) - people
        why |= {person: Why("", i18n.in_each(words.PASSED)) for person in others}
        people |= others
    await commands.refold(event.plan, people, why)


def _why(outcome: Outcome, versions: Versions) -> Why:
    """Say which action fell: struck for the reviewer's reason, or its customer counts elsewhere."""
    plan = next(plan for _, plan in reversed(versions) if outcome.kind in plan.actions)
    struck = outcome.now == "struck"
    return Why(
        as_builtins(plan.actions[outcome.kind].title),
        outcome.reason if struck else i18n.in_each(words.BACK),
    )


async def recount_battle(event: BattleSettled) -> None:
    """Fold anew the members of a decided battle."""
    await _recount_everywhere(event.members)


async def recount_challenge(event: ChallengeFinished) -> None:
    """Fold anew the members of a challenge that was reached."""
    if event.reached:
        await _recount_everywhere(event.members)


async def recount_reward(event: RewardFulfilled) -> None:
    """Fold anew who was handed a reward."""
    await _recount_everywhere([event.person])


async def recount_referral(event: ReferralRewarded) -> None:
    """Fold anew whose referral counts."""
    await _recount_everywhere([event.referrer])


async def take_back_referral(event: ReferralReversed) -> None:
    """Fold anew whose referral counts no longer, and tell of the order that was undone."""
    friend = (await title_of("referral", str(event.referral))).words
    why = Why(friend, i18n.in_each(words.REVERSED[event.why]))
    await _recount_everywhere([event.referrer], why)


async def _recount_everywhere(people: Collection[UUID], why: Why | None = None) -> None:
    """Fold people under every plan: what is not of one plan counts for the badges of all."""
    for plan in await facts.launched():
        await commands.refold(plan, people, dict.fromkeys(people, why) if why else None)


async def recount_everybody(event: PlanLaunched) -> None:
    """Let a job fold everybody under the rules just launched: they count what was done before."""
    await jobs.plan_recount(event.plan, event.version)
