"""Stakes and pots: into escrow at joining, out of it once, wholly (E4 to E6)."""

from typing import Any
from uuid import UUID

import msgspec

from game import ledger as postings
from game.battles import Outcome
from game.plan import BattleRule, Funder
from server.battles import queries
from server.battles.queries import Battle, RosterMember
from server.kit import ids
from server.ledger import commands as ledger
from server.ledger.commands import Transfer
from server.notifications import hints


def _facts(one: Battle, rule: BattleRule) -> dict[str, Any]:
    return {
        "battle": str(one.id),
        "title": msgspec.to_builtins(rule.title),
        "plan": one.plan,
        "version": one.plan_version,
    }


def funder(rule: BattleRule) -> Funder:
    """Who puts the stakes in; the company where there are none."""
    return "company" if rule.stake is None else rule.stake.funded_by


async def sponsor(one: Battle, rule: BattleRule, by: UUID | None) -> None:
    """Put what the company adds into the escrow of the battle (E5)."""
    if rule.sponsor is not None and rule.sponsor.amount:
        await ledger.post(
            Transfer(
                id=ids.derived_id(one.id, "sponsor"),
                kind="sponsor",
                reference=str(one.id),
                actor=by,
                facts=_facts(one, rule),
                posting=postings.sponsor(str(one.id), rule.sponsor.asset, rule.sponsor.amount),
            )
        )


async def hold(one: Battle, rule: BattleRule, member: RosterMember) -> UUID | None:
    """Put a member's stake into escrow (E4); returns its transfer, None without a stake."""
    if rule.stake is None or not member.stake:
        return None
    transfer = ids.new_id()
    await ledger.post(
        Transfer(
            id=transfer,
            kind="stake",
            reference=f"{one.id}:{transfer}",
            actor=member.person,
            facts=_facts(one, rule),
            posting=postings.stake(
                str(one.id), queries.as_member(member), rule.stake.asset, funder(rule)
            ),
            owners={member.code: member.person},
        )
    )
    await hints.hint([member.person], "wallet")
    return transfer


async def release(one: Battle, rule: BattleRule, member: RosterMember) -> None:
    """Give back the stake of somebody who leaves before the start."""
    if rule.stake is None or member.stake_transfer is None:
        return
    put = postings.stake(str(one.id), queries.as_member(member), rule.stake.asset, funder(rule))
    await ledger.post(
        Transfer(
            id=ids.derived_id(member.stake_transfer, "release"),
            kind="stake_back",
            reference=str(member.stake_transfer),
            actor=member.person,
            facts=_facts(one, rule),
            posting=postings.reversal(put),
            owners={member.code: member.person},
            reverses=member.stake_transfer,
        )
    )
    await hints.hint([member.person], "wallet")


async def pay(
    one: Battle,
    rule: BattleRule,
    roster: list[RosterMember],
    ended: Outcome,
    points: dict[str, int],
    by: UUID,
) -> None:
    """Empty the escrow by one transfer: the pot to the winners, or every stake back (E6)."""
    if not ended.pot.total:
        return
    is_final = ended.state == "final"
    posting = (
        postings.payout(str(one.id), ended)
        if is_final
        else postings.refund(str(one.id), ended, queries.as_members(roster), funder(rule))
    )
    by_code = {each.code: each.person for each in roster}
    await ledger.post(
        Transfer(
            id=ids.derived_id(one.id, "settle"),
            kind="payout" if is_final else "void",
            reference=str(one.id),
            actor=by,
            facts=_facts(one, rule)
            | {
                "pot": ended.pot.total,
                "share": rule.share,
                "shares": ended.shares,
                "points": {code: points[code] for code in ended.payouts},
                "sides": {each.code: each.side for each in roster if each.code in ended.payouts},
            },
            posting=posting,
            owners=by_code,
        )
    )
    await hints.hint([by_code[code] for code in posting.credits], "wallet")
