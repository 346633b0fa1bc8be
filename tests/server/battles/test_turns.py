"""The turning points of a battle reach those who fight in it, once each, and their group chat."""

import json
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from server import config, wiring
from server.battles import commands, jobs, turns
from server.kit import db
from server.push import robots
from tests.support.cast import person_id
from tests.support.field import CUT_OFF, STARTS, act, begin, close, open_field
from tests.support.pushing import push_service, run_pushes, to_loopback
from tests.support.services import Clock

FIGHTERS = {"MEI", "BAO", "CHEN", "DAI"}


@pytest.fixture(autouse=True)
def _wired(pool: None, settings: config.Settings) -> Iterator[None]:
    wiring.wire()
    with to_loopback(settings):
        yield


async def told(kind: str) -> list[str]:
    """Who was told of a turning point, by code."""
    return await db.column(
        "SELECT p.code FROM notice n JOIN person p ON p.id = n.person WHERE n.kind = $1"
        " ORDER BY p.code",
        kind,
    )


async def leads() -> list[str]:
    return await db.column(
        "SELECT facts->>'side' FROM notice n JOIN person p ON p.id = n.person"
        " WHERE n.kind = 'battle_lead' AND p.code = 'MEI' ORDER BY n.at",
    )


async def test_that_it_begins_is_told_to_the_roster_and_to_nobody_else(clock: Clock) -> None:
    battle = await open_field(clock)
    await begin(clock, battle)
    assert set(await told("battle_began")) == FIGHTERS
    assert not await commands.start(battle)
    assert len(await told("battle_began")) == len(FIGHTERS)


async def test_a_lead_is_news_only_when_it_changes(clock: Clock) -> None:
    battle = await open_field(clock)
    await begin(clock, battle)
    await jobs.look({})
    await act("MEI")
    await jobs.look({})
    assert await leads() == [], "the first to lead, and nil all, are no change"
    await act("CHEN")
    await jobs.look({})
    assert await leads() == [], "level is no change"
    await clock.advance(minutes=10)
    await act("CHEN")
    await jobs.look({})
    await jobs.look({})
    assert await leads() == ["二队"]
    await clock.advance(minutes=10)
    await act("MEI", "visit", "A-1")
    await jobs.look({})
    assert await leads() == ["二队"], "once an hour is enough"
    await clock.set(STARTS + timedelta(hours=2))
    await act("CHEN", "visit", "A-2")
    await act("CHEN")
    await jobs.look({})
    assert await leads() == ["二队", "二队"]


async def test_the_last_hour_is_told_when_it_comes(clock: Clock) -> None:
    battle = await open_field(clock)
    await begin(clock, battle)
    await clock.set(CUT_OFF - turns.LAST - timedelta(seconds=1))
    await jobs.last_hour({"battle": str(battle)})
    assert await told("battle_last_hour") == []
    await clock.set(CUT_OFF - turns.LAST)
    for _ in range(2):
        await jobs.last_hour({"battle": str(battle)})
    assert set(await told("battle_last_hour")) == FIGHTERS
    assert len(await told("battle_last_hour")) == len(FIGHTERS)


@pytest.mark.parametrize(("reports", "kind"), [(1, "battle_decided"), (0, "battle_void")])
async def test_the_verdict_is_told(clock: Clock, reports: int, kind: str) -> None:
    battle = await open_field(clock)
    await begin(clock, battle)
    for _ in range(reports):
        await act("MEI")
    await close(clock, battle)
    await commands.settle(battle, await person_id("AU"))
    assert set(await told(kind)) == FIGHTERS


async def unit(path: str) -> UUID:
    return UUID(str(await db.value("SELECT id FROM unit WHERE path = $1", path)))


async def test_the_group_of_a_team_hears_what_concerns_it_without_names(clock: Clock) -> None:
    battle = await open_field(clock)
    async with push_service() as wecom:
        for path in ("总部", "总部/一队", "总部/运营"):
            address = f"{wecom.origin}/{path.replace('/', '-').encode().hex()}"
            await robots.place(await unit(path), address, await person_id("OP"))
        await begin(clock, battle)
        await run_pushes()
        said = {bytes.fromhex(path[1:]).decode(): json.loads(body) for path, _, body in wecom.got}
        assert set(said) == {"总部", "总部-一队"}, "nobody of operations fights"
        text = said["总部"]["text"]["content"]
        assert said["总部"]["msgtype"] == "text"
        assert text.startswith("擂台开始\n对决开始了，今天 17:00截止")
        assert "梅" not in text
        await robots.remove(await unit("总部"), await person_id("OP"))
        await close(clock, battle)
        await commands.settle(battle, await person_id("AU"))
        await run_pushes()
        assert len(wecom.got) == 3
