"""The turning points of a battle, told to those who fight in it and in their group chats (M3).

It begins, the lead changes (at most once an hour), the last hour, the verdict.
"""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from game import battles as rules
from server.battles import queries
from server.battles.queries import Battle
from server.kit import clock, db
from server.kit.db import command
from server.notifications.notices import notify
from server.push import robots

LAST: Final = timedelta(hours=1)
LONG: Final = timedelta(hours=3)
"""A shorter battle has no last hour worth a word."""


async def began(one: Battle) -> None:
    """Tell that a battle has begun."""
    await _tell(one, "battle_began", "began", {"until": one.cut_off.isoformat()})


@command
async def last_hour(battle: UUID) -> None:
    """Tell that the last hour has begun, if it has."""
    one = await queries.battle(battle)
    if one.state == "live" and await clock.now() >= one.cut_off - LAST:
        await _tell(one, "battle_last_hour", "last_hour", {"until": one.cut_off.isoformat()})


async def decided(one: Battle, winners: tuple[str, ...]) -> None:
    """Tell the verdict; without winners the battle is void."""
    if winners:
        await _tell(one, "battle_decided", "decided", {"side": " · ".join(winners)})
    else:
        await _tell(one, "battle_void", "decided", {})


@command
async def look_who_leads(battle: UUID) -> None:
    """Tell that another side is in front than was said last; the first to be so is no news."""
    said = await db.value("SELECT in_front FROM battle WHERE id = $1 FOR NO KEY UPDATE", battle)
    one = await queries.battle(battle)
    side = await _in_front(one)
    if not side or side == said:
        return
    await db.execute("UPDATE battle SET in_front = $2 WHERE id = $1", battle, side)
    if said:
        now = await clock.now()
        await _tell(one, "battle_lead", f"lead:{now:%Y-%m-%dT%H}", {"side": side})


async def _in_front(one: Battle) -> str:
    """Return the side that leads alone and with points, "" where none does."""
    rule = await queries.rule_of(one)
    members = queries.as_members(await queries.roster(one.id))
    ranked = rules.standings(rule, members, await queries.scored(one))
    leads = [each for each in ranked if each.rank == 1 and each.score > 0]
    return leads[0].side if len(leads) == 1 else ""


async def _tell(one: Battle, kind: str, topic: str, facts: dict[str, Any]) -> None:
    rule = await queries.rule_of(one)
    people = [each.person for each in await queries.roster(one.id) if not each.opted_out]
    told, href = {"title": msgspec.to_builtins(rule.title), **facts}, f"/battles/{one.id}"
    await notify(people, kind, f"battle:{one.id}:{topic}", told, href)
    await robots.tell(people, kind, told, href)
