"""Double-reward windows are part of the plan, so that live equals rehearsal (C6)."""

from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from game.plan import parse_plan
from game.points import points_for
from server.kit import db
from server.plans import commands as plans
from server.plans import queries
from tests.support.launch_day import MORNING, make_day, open_shop, plan_text
from tests.support.services import Clock
from tests.support.visitor import refusal, visit

NewClient = Callable[[], httpx.AsyncClient]
WINDOW = {
    "plan": "shop", "kinds": "visit", "starts": "", "until": "2026-11-23T12:00", "times": "2",
}  # fmt: skip


@pytest.fixture(autouse=True)
async def _shop(app: object, clock: Clock) -> None:
    await open_shop(clock)


async def test_a_window_is_the_next_version_of_the_plan(new_client: NewClient) -> None:
    desk = await visit(new_client, "OP")
    said = await desk.sent("/challenges/windows", WINDOW)
    assert "拜访 ×2" in said
    [(_, before), (since, plan)] = await queries.versions("shop", MORNING)
    assert (before.version, plan.version) == (1, 2)
    assert points_for(plan, "visit", since)[0] == 10
    assert points_for(plan, "visit", since + timedelta(hours=2))[0] == 5
    assert points_for(plan, "call", since)[0] == 2
    # Everything else is as it was: a challenge of it, and what a person reads.
    assert plan.challenges == before.challenges
    assert parse_plan((await queries.plan_version("shop", 2)).document) == plan

    day = await make_day()
    assert "×2 拜访" in await desk.read(f"/challenges/{day}")


@pytest.mark.parametrize(
    "change",
    [
        {"kinds": ""},
        {"kinds": "dance"},
        {"until": "2026-11-23T09:00"},
        {"until": ""},
        {"until": "noon"},
        {"starts": "2026-11-23T13:00"},
    ],
)
async def test_what_makes_no_window_is_refused(
    new_client: NewClient, change: dict[str, str]
) -> None:
    answer = await (await visit(new_client, "OP")).send("/challenges/windows", WINDOW | change)
    assert answer.status_code == 422
    assert refusal("window_unreadable") in answer.text
    assert await db.value("SELECT max(version) FROM plan") == 1


async def test_a_draft_is_never_launched_along(new_client: NewClient) -> None:
    await plans.draft(plan_text(version=2, amount=7), None)
    answer = await (await visit(new_client, "OP")).send("/challenges/windows", WINDOW)
    assert (answer.status_code, refusal("draft_waits") in answer.text) == (409, True)


async def test_only_operations_plan_one(new_client: NewClient) -> None:
    for code in ("SM", "MEI", "AD"):
        visitor = await visit(new_client, code)
        assert (await visitor.send("/challenges/windows", WINDOW)).status_code == 403
        assert "安排一段" not in await visitor.read("/challenges/windows")
