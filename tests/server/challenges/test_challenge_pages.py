"""Pages of challenges: made in three taps, joined in one, seen by every colleague."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import httpx
import pytest

from server.challenges import jobs
from server.kit import db
from tests.support.cast import bring_in, launch
from tests.support.launch_day import (
    MORNING,
    NIGHT,
    STAFF,
    join,
    make_day,
    open_shop,
    plan_text,
    state_of,
)
from tests.support.services import Clock
from tests.support.visitor import refusal, value_of, visit, words

NewClient = Callable[[], httpx.AsyncClient]
NEW = "/challenges/new?plan=shop&rule=launch_day"


@pytest.fixture(autouse=True)
async def _shop(app: object, clock: Clock) -> None:
    await open_shop(clock)


async def made() -> UUID:
    return UUID(str(await db.value("SELECT id FROM challenge")))


def filled(answer: httpx.Response) -> dict[str, str]:
    """What the form of a template has filled in."""
    names = ("plan", "rule", "store", "starts", "ends")
    return {name: value_of(answer, name) for name in names}


async def test_a_manager_makes_one_as_it_is_offered(
    new_client: NewClient, pages_at: Callable[[datetime], None]
) -> None:
    pages_at(MORNING)
    manager = await visit(new_client, "SM")
    assert "发起挑战" in await manager.read("/challenges")
    offered = await manager.read("/challenges/new")
    assert "开业日挑战" in offered
    assert "电话赛" not in offered, "a contest is for operations"
    form = await manager.open(NEW)
    assert form.text.count('name="people"') == form.text.count(" checked") == 3
    assert filled(form)["ends"] == "2026-11-23T21:00"
    people = [each.split('"')[0] for each in form.text.split('name="people" value="')[1:]]
    answer = await manager.send("/challenges", filled(form) | {"people": people})  # type: ignore[dict-item]
    day = await made()
    assert (answer.status_code, answer.headers["location"]) == (303, f"/challenges/{day}")
    assert await state_of(day) == "live"
    assert await db.value("SELECT count(*) FROM challenge_member") == 3

    mei = await visit(new_client, "MEI")
    assert "开业日挑战 到 今天 21:00 结束" in await mei.read("/inbox")
    assert "还没有人参加" not in await mei.sent(f"/challenges/{day}/join", {})
    await mei.sees(f"/challenges/{day}", "0 / 4", "照现在我能分到 0 分", "我的部分")


async def test_operations_choose_the_store(new_client: NewClient) -> None:
    desk = await visit(new_client, "OP")
    assert "新区店" in await desk.read(NEW)
    store = await db.value("SELECT id FROM unit WHERE path = '总部/新区店'")
    form = await desk.open(f"{NEW}&store={store}")
    await desk.sent("/challenges", filled(form))
    assert await db.value("SELECT store FROM challenge") == store


async def test_a_contest_asks_everybody(new_client: NewClient) -> None:
    desk = await visit(new_client, "OP")
    form = await desk.open("/challenges/new?plan=shop&rule=contest")
    people = [each.split('"')[0] for each in form.text.split('name="people" value="')[1:]]
    assert len(people) == 10
    contest = {"plan": "shop", "rule": "contest", "people": people}
    await desk.send("/challenges", contest)  # type: ignore[arg-type]
    # Sides are ranked: 安 is on none.
    assert await db.column("SELECT DISTINCT side FROM challenge_member ORDER BY side") == [
        "一队", "二队",
    ]  # fmt: skip
    an = await visit(new_client, "AN")
    answer = await an.send(f"/challenges/{await made()}/join", {})
    assert answer.status_code == 409
    assert refusal("challenge_no_side") in answer.text


@pytest.mark.parametrize(
    ("who", "change", "code"),
    [
        ("SM", {"ends": "2026-11-23T09:00"}, "challenge_in_the_past"),
        ("SM", {"starts": "2026-11-23T22:00"}, "challenge_in_the_past"),
        ("SM", {"ends": "2027-11-23T09:00"}, "challenge_too_long"),
        ("SM", {"ends": "morgen"}, "challenge_in_the_past"),
        ("SM", {"rule": "contest"}, "not_allowed"),
        ("OP", {"store": "0196f0a4-0000-7000-8000-000000000000"}, "store_unknown"),
    ],
)
async def test_a_refusal_keeps_what_was_typed(
    new_client: NewClient, who: str, change: dict[str, str], code: str
) -> None:
    somebody = await visit(new_client, who)
    form = filled(await somebody.open(NEW)) | change
    answer = await somebody.send("/challenges", form)
    assert answer.status_code in {403, 404, 409, 422}
    facts = {"challenge_too_long": {"days": 49}}.get(code, {})
    assert refusal(code, **facts) in words(answer)
    assert await db.value("SELECT count(*) FROM challenge") == 0


async def test_no_manager_starts_one_in_another_store(new_client: NewClient) -> None:
    manager = await visit(new_client, "SM")
    other = await db.value("SELECT id FROM unit WHERE path = '总部/新区店'")
    form = filled(await manager.open(NEW)) | {"store": str(other)}
    answer = await manager.send("/challenges", form)
    assert refusal("not_allowed") in answer.text
    assert await db.value("SELECT count(*) FROM challenge") == 0


async def test_a_template_is_used_so_often_and_no_oftener(new_client: NewClient) -> None:
    for _ in range(2):
        await make_day("SM")
    manager = await visit(new_client, "SM")
    answer = await manager.send("/challenges", filled(await manager.open(NEW)))
    assert answer.status_code == 409
    assert refusal("challenge_too_often", most=2) in words(answer)
    # Another store has its own count.
    await make_day("CHEN")


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        (None, "/challenges", 303),
        ("AN", "/challenges", 200),
        ("AN", "/challenges/{day}", 200),
        ("AN", "/challenges/new", 403),
        ("MEI", "/challenges/new", 403),
        ("SM", "/challenges/new", 200),
        ("OP", "/challenges/new", 200),
        ("AN", "/kick-off", 200),
        ("AN", "/challenges/windows", 200),
        ("MEI", "/screens", 403),
        ("SM", "/screens", 200),
        ("AD", "/screens", 200),
    ],
)
async def test_who_may_see_what(
    new_client: NewClient, client: httpx.AsyncClient, who: str | None, path: str, status: int
) -> None:
    day = await make_day()
    browser = client if who is None else (await visit(new_client, who)).client
    answer = await browser.get(path.format(day=day))
    assert answer.status_code == status


async def test_no_customer_sees_a_challenge(new_client: NewClient) -> None:
    day = await make_day()
    await db.execute("UPDATE person SET kind = 'customer', rank = NULL WHERE code = 'AN'")
    for path in ("/challenges", f"/challenges/{day}", "/kick-off"):
        assert (await (await visit(new_client, "AN")).open(path)).status_code == 403
    answer = await (await visit(new_client, "AN")).send(f"/challenges/{day}/join", {})
    assert answer.status_code == 403


async def test_an_opted_out_colleague_is_named_nowhere(new_client: NewClient) -> None:
    day = await make_day()
    await join(day, "BAO")
    await db.execute("UPDATE person SET opted_out = true WHERE code = 'BAO'")
    said = await (await visit(new_client, "MEI")).read(f"/challenges/{day}")
    assert "宝" not in said
    mine = await (await visit(new_client, "BAO")).open(f"/challenges/{day}")
    assert f"/challenges/{day}/join" not in mine.text


async def test_the_first_week_in_three_steps(new_client: NewClient) -> None:
    mei, desk = await visit(new_client, "MEI"), await visit(new_client, "OP")
    assert "开始第一周" in await desk.read("/kick-off")
    assert "开始第一周" not in await mei.read("/kick-off")
    form = await desk.open("/challenges/new?plan=shop&rule=week_one")
    people = [each.split('"')[0] for each in form.text.split('name="people" value="')[1:]]
    week = {"plan": "shop", "rule": "week_one", "people": people}
    await desk.send("/challenges", week)  # type: ignore[arg-type]
    one = await made()
    assert "我的第一步" in await mei.read("/kick-off")
    await mei.sent(f"/challenges/{one}/join", {})
    await mei.sees("/kick-off", "我的第一步", "一次拜访", "0 / 1")


async def test_over_it_shows_what_was_missed_and_offers_no_task(
    new_client: NewClient, clock: Clock
) -> None:
    day = await make_day()
    await join(day, "MEI", "BAO")
    mei = await visit(new_client, "MEI")
    page = f"/challenges/{day}"
    assert "大家再走 5 步" in await mei.read(page)
    assert "/actions/new?kind=shop/call" in (await mei.open(page)).text
    await clock.set(NIGHT)
    await jobs.end({"challenge": str(day)})
    assert await state_of(day) == "missed"
    over = await mei.open(page)
    assert "差 5 步" in words(over)
    assert "再走" not in words(over)
    assert "/actions/new?kind=" not in over.text
    assert over.text.count('class="step-dot ended"') == 2


async def test_calling_off_asks_for_a_reason(new_client: NewClient) -> None:
    day = await make_day()
    manager = await visit(new_client, "SM")
    answer = await manager.send(f"/challenges/{day}/call-off", {"reason": ""})
    assert (answer.status_code, await state_of(day)) == (422, "live")
    await manager.sent(f"/challenges/{day}/call-off", {"reason": "停电"})
    assert await state_of(day) == "void"
    assert "已取消" in await manager.read(f"/challenges/{day}")


async def test_the_plan_of_a_running_challenge_stays_its_own(new_client: NewClient) -> None:
    day = await make_day()
    await launch(plan_text(version=2, amount=900))
    assert "100 分" in await (await visit(new_client, "MEI")).read(f"/challenges/{day}")
    again = await make_day("CHEN")
    assert await db.value("SELECT pool FROM challenge WHERE id = $1", again) == 900


async def test_people_of_a_screen_are_asked_by_nobody(new_client: NewClient) -> None:
    await bring_in([*STAFF, ("TV", "大屏", "staff", "总部/老城店", "", "screen")])
    form = await (await visit(new_client, "SM")).open(NEW)
    assert "大屏" not in form.text
