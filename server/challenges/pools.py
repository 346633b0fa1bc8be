"""Bonus pools: the company's money waits in escrow from the start, and leaves it once (E8)."""

from typing import Any, Final
from uuid import UUID

import msgspec

from game import ledger as postings
from game.challenge_terms import ChallengeRule
from game.challenges import Outcome, bonus
from server.challenges.queries import Challenge
from server.kit import i18n, ids
from server.kit.i18n import lazy
from server.ledger import commands as ledger
from server.ledger.commands import Transfer
from server.notifications import hints

PUT_IN: Final = "pool"
TITLE: Final = lazy("Bonus: %(title)s")


def _facts(one: Challenge, rule: ChallengeRule) -> dict[str, Any]:
    return {
        "challenge": str(one.id),
        "title": i18n.in_each(TITLE, title=msgspec.to_builtins(rule.title)),
        "plan": one.plan,
        "version": one.plan_version,
    }


async def put_in(one: Challenge, rule: ChallengeRule, by: UUID | None) -> None:
    """Put the bonus into the challenge's escrow, so that it is there whatever comes."""
    if one.asset is None:
        return
    await ledger.post(
        Transfer(
            id=ids.derived_id(one.id, PUT_IN),
            kind=PUT_IN,
            reference=str(one.id),
            actor=by,
            facts=_facts(one, rule),
            posting=postings.sponsor(str(one.id), one.asset, one.pool),
        )
    )


async def pay(one: Challenge, rule: ChallengeRule, ended: Outcome) -> None:
    """Pay the whole pool by one transfer: its id is the challenge's, so it is paid once."""
    if one.asset is None or rule.pool is None:
        return
    shared = {person: ended.points[person] for person in ended.payouts}
    people = [UUID(person) for person in ended.payouts]
    await ledger.post(
        Transfer(
            id=ids.derived_id(one.id, "bonus"),
            kind="bonus",
            reference=str(one.id),
            actor=None,
            facts=_facts(one, rule)
            | {
                "pool": one.pool,
                "share": rule.pool.share,
                "points": shared,
                "whole": sum(ended.points.values()),
                "done": ended.progress.done,
                "total": ended.progress.total,
            },
            posting=bonus(str(one.id), one.asset, ended.payouts),
        )
    )
    await hints.hint(people, "wallet")


async def give_back(one: Challenge, rule: ChallengeRule, by: UUID | None) -> None:
    """Return the pool of a missed or called-off challenge to the company."""
    if one.asset is None:
        return
    put = postings.sponsor(str(one.id), one.asset, one.pool)
    await ledger.post(
        Transfer(
            id=ids.derived_id(one.id, "pool_back"),
            kind="pool_back",
            reference=str(one.id),
            actor=by,
            facts=_facts(one, rule),
            posting=postings.reversal(put),
            reverses=ids.derived_id(one.id, PUT_IN),
        )
    )
