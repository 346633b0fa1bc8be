"""What must be true after the last fault has healed."""

from typing import Any
from uuid import UUID

import httpx

from game import battles as rules
from server.battles import queries
from server.kit import db
from server.ledger.verification import verify
from tests.soak.clients import Model
from tests.support.eventually import eventually
from tests.support.phones import Phone

MOMENTARY = {"at": 0, "as_of": 0}


async def ledger(model: Model) -> None:
    """Acknowledged ⊆ ledger ⊆ sent, one effect a key, every promise of the ledger (P1 to P5)."""
    await eventually(lambda: db.value("SELECT true"), why="PostgreSQL is not back")
    async with db.connection() as one:
        found = await one.fetch("SELECT id::text, note, verdict, outcome, points FROM action")
    stored = {row["note"]: row for row in found}
    assert len(stored) == len(found), "a key had two effects (P4)"
    assert stored.keys() == model.reports.keys(), "acknowledged and stored differ (P5)"
    for key, said in model.reports.items():
        assert stored[key]["id"] == said["action"], f"{key} was told another action (P4)"
    by_id = {row["id"]: row for row in found}
    for action, said in model.verdicts.items():
        assert by_id[action]["verdict"] == said["verdict"], f"{action}: a verdict was lost (P5)"
    decided = {action for action, row in by_id.items() if row["verdict"] != "pending"}
    assert decided == model.verdicts.keys(), "a verdict nobody was told of (P5)"
    kept = await db.column("SELECT key FROM command")
    assert len(kept) == len(set(kept))
    assert set(kept) <= model.sent, "a command nobody sent (P5)"
    faults = await verify()
    assert faults == [], f"the ledger does not add up (P1, P2): {faults}"


async def pot(battle: UUID) -> None:
    """The pot is paid wholly, by the rules, and nothing is left (P6)."""
    one = await queries.battle(battle)
    rule = await queries.rule_of(one)
    members = queries.as_members(await queries.roster(battle))
    ended = rules.outcome(rule, members, await queries.scored(one))
    assert one.state == ended.state
    assert one.result
    assert one.result["payouts"] == {who: sum_ for who, sum_ in ended.payouts.items() if sum_}
    left = await db.value(
        "SELECT coalesce(sum(posted), 0)::bigint FROM account WHERE kind = 'escrow' AND owner = $1",
        battle,
    )
    assert left == 0, f"{left} left in escrow (P6)"


async def board(site: str, cookie: str, battle: UUID, phones: list[Phone]) -> bool:
    """Whether the board, fetched, is what SQL says, and every phone shows it (P10, P11)."""
    async with httpx.AsyncClient(headers={"Cookie": cookie}, timeout=5) as http:
        frame = (await http.get(f"{site}/api/boards/{battle}")).json()
    told = await official(battle)
    shown = {
        "sides": [(side["rank"], side["name"], side["score"]) for side in frame["sides"]],
        "people": sorted(person["points"] for person in frame["top"]),
    }
    same = all(phone.frame and phone.frame | MOMENTARY == frame | MOMENTARY for phone in phones)
    if frame["delayed"] or shown != told or not same:
        raise AssertionError(f"delayed={frame['delayed']} {shown} {told} phones={same}")
    return True


async def official(battle: UUID) -> dict[str, Any]:
    """The score straight from the actions."""
    one = await queries.battle(battle)
    rule = await queries.rule_of(one)
    members = queries.as_members(await queries.roster(battle))
    scored = await queries.scored(one)
    return {
        "sides": [
            (place.rank, place.side, str(place.score))
            for place in rules.standings(rule, members, scored)
        ],
        "people": sorted(rules.person_points(rule, members, scored).values()),
    }
