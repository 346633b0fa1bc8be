"""What the pages of a battle show: its frame, my row in it, what its verdict means for me."""

from typing import Any
from uuid import UUID

import msgspec

from game.battles import stake_of
from game.plan import BattleRule
from server.battles import queries, stakes
from server.battles.queries import Battle, RosterMember
from server.boards import service as boards
from server.kit import clock, formats
from server.kit.i18n import _
from server.ledger import queries as wallets
from server.people.auth import Caller
from server.plans.words import as_builtins


async def frame_of(battle_id: UUID) -> dict[str, Any]:
    """Return the frame of a battle as it is now, as the hub sends it."""
    frame: dict[str, Any] = msgspec.to_builtins(await boards.current().frames.frame(battle_id))
    return frame


async def my_row(one: Battle, caller: Caller, member: RosterMember | None) -> dict[str, Any] | None:
    """Return where the caller stands, with their stake; None without a standing."""
    me = await boards.current().frames.me(one.id, caller.id)
    if me is None or member is None:
        return None
    row: dict[str, Any] = msgspec.to_builtins(me)
    return row | {"stake": member.stake, "asset": one.asset}


async def card(one: Battle, my_side: str | None) -> dict[str, Any]:
    """Return a battle as lists show it: its first two sides, its pot, my side."""
    frame = await frame_of(one.id)
    return {
        "id": one.id,
        "title": frame["title"],
        "state": frame["state"],
        "sides": frame["sides"][:2],
        "starts": one.starts,
        "cut_off": one.cut_off,
        "pot": frame["pot"],
        "my_side": my_side,
    }


async def joining(
    one: Battle, rule: BattleRule, caller: Caller, member: RosterMember | None
) -> dict[str, Any] | None:
    """Return what joining or leaving means for the caller; None where they may do neither."""
    is_over = one.state != "joining" or await clock.now() >= one.starts
    if is_over or caller.opted_out or "screen" in caller.roles:
        return None
    rank: Any = caller.rank
    funded_by = stakes.funder(rule)
    from_wallet = funded_by == "member" and member is None
    return {
        "side": None if member is None else member.side,
        "stake": stake_of(rule, rank) if member is None else member.stake,
        "asset": one.asset,
        "funded_by": funded_by,
        "available": await wallets.available(caller.id, "points") if from_wallet else None,
    }


def verdict_words(one: Battle, rule: BattleRule, member: RosterMember | None) -> str | None:
    """Say what the verdict means for a member; None to anybody else."""
    if member is None or one.result is None:
        return None
    stake = formats.amount(member.stake, one.asset)
    is_own = bool(member.stake) and stakes.funder(rule) == "member"
    if one.state == "void":
        return _("Your stake of %(sum)s is back in your wallet.", sum=stake) if is_own else None
    paid = one.result["payouts"].get(member.code)
    if paid:
        won = formats.amount(paid, one.asset)
        return _("Your share is %(sum)s. It stands in your wallet.", sum=won)
    rank = next(each["rank"] for each in one.result["sides"] if each["side"] == member.side)
    place = _("%(side)s is number %(rank)s this time.", side=member.side, rank=rank)
    return f"{place} {_stake_lost(stake, is_own=is_own, has_stake=bool(member.stake))}".rstrip()


def _stake_lost(stake: str, *, is_own: bool, has_stake: bool) -> str:
    if is_own:
        return _("Your stake of %(sum)s went into the pot.", sum=stake)
    return _("The company put up your stake: you lose nothing.") if has_stake else ""


async def title_of(one: Battle) -> dict[str, str]:
    """Return what a battle is called, by locale."""
    return as_builtins((await queries.rule_of(one)).title)
