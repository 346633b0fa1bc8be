"""Turns the tables of a plan document into a Plan, or names every fault in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from game.action_terms import ActionRule, read_action
from game.badge_terms import read_badges
from game.budget_terms import read_budgets
from game.calendar_terms import read_calendar
from game.campaign_terms import read_campaigns
from game.challenge_terms import read_challenges
from game.commission_terms import read_commissions
from game.coupon_terms import read_coupons
from game.deal_terms import read_deals
from game.faults import MISSING, PlanFaults, Reader, _, key_path
from game.honour_terms import read_honours
from game.lead_terms import read_leads
from game.plan_paths import find
from game.plan_pieces import read_kinds, read_title, read_window
from game.plan_terms import (
    RANKS,
    BattleRule,
    Funder,
    Multiplier,
    Plan,
    Rank,
    Score,
    Share,
    Sponsor,
    Stake,
    StakeAsset,
    Tie,
)
from game.settlement_terms import read_settlement
from game.special_terms import read_special

ASSETS: tuple[StakeAsset, ...] = ("points", "cash")
FUNDERS: tuple[Funder, ...] = ("company", "member")
SCORES: tuple[Score, ...] = ("sum", "per_head", "best_n")
TIES: tuple[Tie, ...] = ("first_to_reach", "share")
SHARES: tuple[Share, ...] = ("equal", "by_points", "by_stake")

_PLAN_ID = re.compile(r"[a-z0-9-]+")
_TOP_KEYS = (
    *("plan", "actions", "multipliers", "battles"),
    *("badges", "honours", "challenges", "coupons", "campaigns"),
    *("calendar", "leads", "deals", "commissions", "settlement", "budgets", "special"),
)
_PLAN_KEYS = ("id", "version", "timezone", "title", "ask")
_MULTIPLIER_KEYS = ("actions", "from", "until", "times")
_BATTLE_KEYS = (
    *("id", "title", "sides", "actions", "starts", "cut_off"),
    *("score", "best_n", "tie", "share", "stake", "sponsor"),
)


def read_plan(document: Mapping[str, object]) -> Plan:
    """Return the plan that `document` holds; raises PlanFaults with all its faults."""
    reader = Reader()
    top = reader.table(document, "", _TOP_KEYS)
    head = reader.table(top.get("plan", MISSING), "plan", _PLAN_KEYS)
    actions = {
        kind: read_action(reader, value, key_path("actions", kind))
        for kind, value in reader.table(top.get("actions", {}), "actions").items()
    }
    multipliers = tuple(
        _multiplier(reader, value, f"multipliers[{place}]", actions)
        for place, value in enumerate(reader.tables(top.get("multipliers", []), "multipliers"))
    )
    battles = tuple(
        _battle(reader, value, f"battles[{place}]", actions)
        for place, value in enumerate(reader.tables(top.get("battles", []), "battles"))
    )
    _unique_battle_ids(reader, battles)
    coupons = read_coupons(reader, top.get("coupons", {}))
    plan = Plan(
        id=_plan_id(reader, head.get("id", MISSING)),
        version=reader.whole(head.get("version", MISSING), "plan.version", least=1),
        timezone=_timezone(reader, head.get("timezone", MISSING)),
        title=read_title(reader, head.get("title", MISSING), "plan.title"),
        ask=_ask(reader, head, document),
        actions=actions,
        multipliers=multipliers,
        battles=battles,
        badges=read_badges(reader, top.get("badges", {}), actions),
        honours=read_honours(reader, top.get("honours", {}), actions),
        challenges=read_challenges(
            reader,
            top.get("challenges", {}),
            {kind: rule.points for kind, rule in actions.items()},
        ),
        coupons=coupons,
        campaigns=read_campaigns(reader, top.get("campaigns", {}), coupons),
        calendar=read_calendar(reader, top.get("calendar")),
        leads=read_leads(reader, top.get("leads"), actions),
        deals=read_deals(reader, top.get("deals")),
        commissions=read_commissions(reader, top.get("commissions", {})),
        settlement=read_settlement(reader, top.get("settlement")),
        budgets=read_budgets(reader, top.get("budgets")),
        special=read_special(reader, top.get("special")),
    )
    if reader.faults:
        raise PlanFaults(reader.faults)
    return plan


def _plan_id(reader: Reader, value: object) -> str:
    if not isinstance(value, str) or not _PLAN_ID.fullmatch(value):
        reader.fault("plan.id", _("lower-case letters a-z, digits and hyphens"), value)
        return ""
    return value


def _timezone(reader: Reader, value: object) -> str:
    sentence = _("an IANA time zone such as Asia/Shanghai")
    if not isinstance(value, str):
        reader.fault("plan.timezone", sentence, value)
        return ""
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        reader.fault("plan.timezone", sentence, value)
    return value


def _ask(
    reader: Reader, head: Mapping[str, object], document: Mapping[str, object]
) -> tuple[str, ...]:
    if head.get("ask", []) == []:
        return ()
    paths = reader.names(head["ask"], "plan.ask")
    for place, path in enumerate(paths):
        if path and find(document, path) is MISSING:
            reader.fault(f"plan.ask[{place}]", _("the path of a value in this plan"), path)
    return paths


def _multiplier(
    reader: Reader, value: object, path: str, actions: Mapping[str, ActionRule]
) -> Multiplier:
    table = reader.table(value, path, _MULTIPLIER_KEYS)
    start, end = read_window(reader, table, path, "from", "until")
    return Multiplier(
        actions=read_kinds(reader, table.get("actions", MISSING), f"{path}.actions", actions),
        from_=start,
        until=end,
        times=reader.times(table.get("times", MISSING), f"{path}.times"),
    )


def _battle(
    reader: Reader, value: object, path: str, actions: Mapping[str, ActionRule]
) -> BattleRule:
    table = reader.table(value, path, _BATTLE_KEYS)
    starts, cut_off = read_window(reader, table, path, "starts", "cut_off")
    score = reader.one_of(table.get("score", MISSING), f"{path}.score", SCORES)
    stake = _stake(reader, table["stake"], f"{path}.stake") if "stake" in table else None
    return BattleRule(
        id=reader.name(table.get("id", MISSING), f"{path}.id"),
        title=read_title(reader, table.get("title", MISSING), f"{path}.title"),
        sides=reader.names(table["sides"], f"{path}.sides") if "sides" in table else None,
        actions=read_kinds(reader, table.get("actions", MISSING), f"{path}.actions", actions),
        starts=starts,
        cut_off=cut_off,
        score=score,
        best_n=_best_n(reader, table, path),
        tie=reader.one_of(table.get("tie", MISSING), f"{path}.tie", TIES),
        share=reader.one_of(table.get("share", MISSING), f"{path}.share", SHARES),
        stake=stake,
        sponsor=_sponsor(reader, table, path, stake),
    )


def _best_n(reader: Reader, table: Mapping[str, object], path: str) -> int | None:
    if table.get("score") == "best_n":
        return reader.whole(table.get("best_n", MISSING), f"{path}.best_n", least=1)
    if "best_n" in table and table.get("score") in SCORES:
        reader.fault(f"{path}.best_n", _('this key only with score = "best_n"'), table["best_n"])
    return None


def _stake(reader: Reader, value: object, path: str) -> Stake:
    table = reader.table(value, path, ("asset", "funded_by", "by_rank"))
    asset = reader.one_of(table.get("asset", MISSING), f"{path}.asset", ASSETS)
    funder = reader.one_of(table.get("funded_by", "company"), f"{path}.funded_by", FUNDERS)
    if funder == "member" and table.get("asset") == "cash":
        reader.fault(f"{path}.asset", _('"points" where members fund the stake'), "cash")
    ranks = reader.table(table.get("by_rank", MISSING), f"{path}.by_rank", RANKS)
    by_rank: dict[Rank, int] = {
        rank: reader.whole(ranks[rank], f"{path}.by_rank.{rank}") for rank in RANKS if rank in ranks
    }
    return Stake(asset=asset, funded_by=funder, by_rank=by_rank)


def _sponsor(
    reader: Reader, battle: Mapping[str, object], path: str, stake: Stake | None
) -> Sponsor | None:
    if "sponsor" not in battle:
        return None
    path = f"{path}.sponsor"
    table = reader.table(battle["sponsor"], path, ("asset", "amount"))
    amount = reader.whole(table.get("amount", MISSING), f"{path}.amount")
    if stake is None:
        return Sponsor(reader.one_of(table.get("asset", MISSING), f"{path}.asset", ASSETS), amount)
    asset = reader.one_of(table.get("asset", stake.asset), f"{path}.asset", ASSETS)
    if asset != stake.asset and table.get("asset") in ASSETS and _asset_was_read(battle):
        sentence = _('the asset of the stake, "%(asset)s"')
        reader.fault(f"{path}.asset", sentence, asset, asset=stake.asset)
    return Sponsor(asset, amount)


def _asset_was_read(battle: Mapping[str, object]) -> bool:
    stake = battle.get("stake")
    return isinstance(stake, dict) and stake.get("asset") in ASSETS


def _unique_battle_ids(reader: Reader, battles: tuple[BattleRule, ...]) -> None:
    for place, rule in enumerate(battles):
        if rule.id and rule.id in [other.id for other in battles[:place]]:
            reader.fault(f"battles[{place}].id", _("an id that no other battle has"), rule.id)
