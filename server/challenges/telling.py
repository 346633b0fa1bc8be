"""Who is told what of a challenge: notices for the inbox, group chats, hints for open pages."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec

from game.challenge_terms import ChallengeRule
from game.challenges import Outcome
from server.challenges import queries
from server.challenges.queries import Challenge
from server.kit import formats
from server.notifications import hints, notices
from server.push import robots


def hint_word(challenge: UUID) -> str:
    """Return what open pages of a challenge listen for."""
    return f"challenge:{challenge}"


async def changed(one: Challenge) -> None:
    """Let whoever was asked look again; everybody else sees the next frame."""
    people = [each.person for each in await queries.asked(one.id)]
    await hints.hint(people, hint_word(one.id), "challenges")


async def invited(one: Challenge, rule: ChallengeRule, people: Iterable[UUID]) -> None:
    """Tell who was asked that it is on."""
    await _notify(one, rule, people, "challenge_invited", until=one.ends.isoformat())


async def started(one: Challenge, rule: ChallengeRule) -> None:
    """Tell the members that it has begun."""
    people = [each.person for each in await queries.members(one.id)]
    until = one.ends.isoformat()
    await _notify(one, rule, people, "challenge_starts", until=until)
    await _tell_groups(one, rule, people, "challenge_starts", until=until)
    await changed(one)


async def decided(one: Challenge, rule: ChallengeRule, ended: Outcome) -> None:
    """Tell each member how it ended, with their share of the bonus."""
    far = {"done": ended.progress.done, "total": ended.progress.total}
    members = await queries.members(one.id)
    if ended.state == "paid":
        people = [each.person for each in members]
        await _tell_groups(one, rule, people, "challenge_reached", **far)
    for member in members:
        paid = ended.payouts.get(str(member.person))
        if paid and one.asset:
            await _notify(
                one, rule, [member.person], "bonus_arrived",
                sum=formats.amount_in_all(paid, one.asset), **far,
            )  # fmt: skip
        else:
            kind = "challenge_reached" if ended.state == "paid" else "challenge_missed"
            await _notify(one, rule, [member.person], kind, **far)


async def _notify(
    one: Challenge, rule: ChallengeRule, people: Iterable[UUID], kind: str, **facts: Any
) -> None:
    told = {"title": msgspec.to_builtins(rule.title)} | facts
    await notices.notify(people, kind, f"challenge:{one.id}", told, f"/challenges/{one.id}")


async def _tell_groups(
    one: Challenge, rule: ChallengeRule, people: Sequence[UUID], kind: str, **facts: Any
) -> None:
    told = {"title": msgspec.to_builtins(rule.title)} | facts
    await robots.tell(people, kind, told, f"/challenges/{one.id}")
