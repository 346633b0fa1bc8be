"""A farm of forty false leads from one device, an honest colleague beside it (I2, I3, I5)."""

from datetime import UTC, datetime
from uuid import UUID

import httpx
import pytest
from litestar.types import ASGIApp

from server.antispam import networks
from server.antispam.devices import token_of
from server.kit import db
from server.people import limits
from tests.conftest import ORIGIN
from tests.support.cast import DESK, bring_in, launch, person_id
from tests.support.leads import COLLEAGUES, PLAN, stage_of
from tests.support.services import Clock
from tests.support.visitor import NewClient, Visitor, visit, words

TUESDAY = datetime(2026, 11, 24, 2, tzinfo=UTC)
USUAL = PLAN[: PLAN.index("[leads.limits]")]
"""A plan that says nothing of limits: the usual ones count."""
FARM = 40


@pytest.fixture(autouse=True)
async def _company(app: ASGIApp, clock: Clock) -> None:
    await clock.set(TUESDAY)
    await bring_in([*COLLEAGUES, *DESK])
    await launch(USUAL.format(version=1, checks=20))


def elsewhere(app: ASGIApp, address: str) -> httpx.AsyncClient:
    """A browser on another network."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, client=(address, 1234)),
        base_url=ORIGIN, headers={"Origin": ORIGIN},
    )  # fmt: skip


async def report(who: Visitor, number: int) -> httpx.Response:
    form = {"plan": "leads", "name": f"客户{number}", "phone": f"199000{number:05d}",
            "agrees": "yes", "tags": "home"}  # fmt: skip
    answer = await who.send("/leads", form)
    assert answer.status_code == 303, words(answer)
    return answer


async def farm(new_client: NewClient) -> Visitor:
    """BAO reports forty customers that are none, one after the other, from one browser."""
    bao = await visit(new_client, "BAO")
    await bao.read("/leads/new")
    for number in range(FARM):
        await report(bao, number)
    return bao


async def test_five_are_reviewed_as_usual_and_the_rest_wait_with_their_reasons(
    new_client: NewClient, app: ASGIApp
) -> None:
    bao = await farm(new_client)
    assert await held_of("BAO") == [False] * 5 + [True] * 35
    # None is lost, and none of those that wait keeps its customer from anybody.
    assert await db.value("SELECT count(*) FROM lead WHERE protected IS NOT NULL") == 5
    reasons = await db.column(
        "SELECT codes FROM verdict WHERE subject LIKE 'lead:%' AND state = 'waiting'"
    )
    assert len(reasons) == 35
    assert all("device_day" in each for each in reasons)
    # Nothing is paid: not a point moved.
    assert await db.value("SELECT count(*) FROM entry") == 0
    told = await db.value("SELECT count(*) FROM notice WHERE kind = 'under_review'")
    assert told == 35
    verdict = await db.value("SELECT id FROM verdict WHERE codes[1] = 'device_day' LIMIT 1")
    assert "一天内同一台设备报了" in await bao.read(f"/suspicions/{verdict}")

    # An honest colleague, on a phone and a network of their own, notices nothing.
    async with elsewhere(app, "203.0.113.9") as client:
        mei = await visit(lambda: client, "MEI")
        await mei.read("/leads/new")
        await report(mei, 777)
    assert await held_of("MEI") == [False]


async def test_a_colleague_in_the_same_store_is_untouched_where_the_network_is_known(
    new_client: NewClient,
) -> None:
    here = token_of("network", limits.network("127.0.0.1"))
    await networks.register(here, "滨江店", await person_id("OP"))
    await farm(new_client)
    mei = await visit(new_client, "MEI")
    await mei.read("/leads/new")
    await report(mei, 777)
    assert await held_of("MEI") == [False]
    assert await held_of("BAO") == [False] * 5 + [True] * 35


async def test_the_desk_strikes_all_at_once_and_one_that_was_right_comes_back(
    new_client: NewClient,
) -> None:
    bao, desk = await farm(new_client), await visit(new_client, "OP")
    first = await db.value(
        "SELECT id FROM verdict WHERE codes[1] = 'device_day' AND state = 'waiting'"
        " ORDER BY id LIMIT 1"
    )
    assert "连同另外" in await desk.read(f"/suspicions/{first}")
    assert "你的决定也用于另外" in await desk.read(f"/suspicions/{first}?alike=1")
    struck = {"verdict": "refuse", "reason": "made_up", "note": "", "alike": "1"}
    await desk.sent(f"/suspicions/{first}/decision", struck)
    stages = await db.column("SELECT stage FROM lead WHERE is_held ORDER BY id")
    assert stages == ["invalid"] * 35

    # One was a customer after all: its reporter says so once, and somebody else decides.
    await bao.sent(f"/suspicions/{first}/appeal", {"text": "周女士当天来过店里"})
    assert "周女士当天来过店里" not in await desk.read("/suspicions")
    other = await visit(new_client, "OP2")
    clear = {"verdict": "clear", "reason": "", "note": "", "alike": ""}
    await other.sent(f"/suspicions/{first}/decision", clear)
    subject = await db.value("SELECT subject FROM verdict WHERE id = $1", first)
    lead = UUID(subject.removeprefix("lead:"))
    assert await stage_of(lead) == "submitted"
    assert not await db.value("SELECT is_held FROM lead WHERE id = $1", lead)
    assert await db.value("SELECT count(*) FROM lead WHERE protected IS NOT NULL") == 6


async def test_a_phone_without_our_cookie_is_known_by_its_session(new_client: NewClient) -> None:
    bao = await visit(new_client, "BAO")
    for number in range(7):
        await report(bao, number)
    assert await held_of("BAO") == [False] * 5 + [True] * 2
    codes = await db.column(
        "SELECT codes FROM verdict WHERE state = 'waiting' AND what IS NOT NULL"
    )
    assert all("device_day" in each for each in codes)


async def held_of(code: str) -> list[bool]:
    return await db.column(
        "SELECT is_held FROM lead WHERE reporter = $1 ORDER BY id", await person_id(code)
    )
