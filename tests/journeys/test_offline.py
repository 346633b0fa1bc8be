"""A phone without a network: what it saw is readable, what it wrote waits and counts once."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import segno
from playwright.async_api import Error, Page, expect

from server.kit import db
from tests.support.eventually import eventually
from tests.support.field import act, open_field, open_plan
from tests.support.launch_day import make_day, open_shop
from tests.support.live import connected
from tests.support.services import Clock
from tests.support.signals import open_kept, queue_on, sit_down, wake_worker

NewPhone = Callable[..., Awaitable[Page]]
REPORTED = "SELECT coalesce(array_agg(kind ORDER BY received_at, id), '{}') FROM action"


@pytest.fixture
async def phone(new_phone: NewPhone, live_server: str, clock: Clock) -> Page:
    """梅's phone, on a plan that counts what she does."""
    await open_plan(clock)
    one = await new_phone()
    await sit_down(one, live_server, "MEI")
    return one


async def report(phone: Page, kind: str) -> None:
    await phone.get_by_text(kind).first.tap()
    await phone.locator("[data-submit] button").tap()
    await expect(phone.get_by_text("已存下，有网就自动提交。").last).to_be_visible()


async def test_what_was_written_survives_a_killed_tab_and_counts_once_in_order(
    phone: Page,
) -> None:
    await open_kept(phone, "/actions/new")
    await phone.context.set_offline(offline=True)
    await report(phone, "加微信")
    await report(phone, "电话")
    await expect(phone.get_by_role("button", name="2 条待提交")).to_be_visible()
    await phone.get_by_role("button", name="2 条待提交").tap()
    sheet = phone.get_by_role("dialog")
    await expect(sheet.get_by_role("listitem")).to_have_count(2)
    await expect(sheet.get_by_text("行动 · 加微信")).to_be_visible()
    await sheet.get_by_role("button", name="现在提交").tap()
    await expect(sheet.get_by_text("没有网络。有网后会自动提交。")).to_be_visible()

    with pytest.raises(Error, match="crash"):
        await phone.goto("chrome://crash")
    await phone.close()
    again = await phone.context.new_page()
    await again.context.set_offline(offline=True)
    await again.goto("/actions/new")
    await expect(again.get_by_role("button", name="2 条待提交")).to_be_visible()
    assert await db.value(REPORTED) == []

    await again.context.set_offline(offline=False)
    await expect(again.get_by_text("已提交：行动 · 电话")).to_be_visible()
    await expect(again.locator("#banner")).to_be_hidden()
    assert await db.value(REPORTED) == ["chat", "call"]


async def test_the_worker_sends_what_waits_when_no_page_is_open(phone: Page) -> None:
    await open_kept(phone, "/actions/new")
    await phone.context.set_offline(offline=True)
    await report(phone, "电话")
    await phone.goto("about:blank")
    await phone.context.set_offline(offline=False)
    await phone.goto("/healthz")
    await wake_worker(phone)

    async def is_sent() -> bool:
        return await db.value(REPORTED) == ["call"] and await queue_on(phone) == []

    await eventually(is_sent, why="the worker sent nothing")


async def test_what_was_refused_stays_with_its_reason_until_it_is_dropped(phone: Page) -> None:
    await open_kept(phone, "/actions/new")
    await phone.context.set_offline(offline=True)
    await phone.get_by_label("客户手机号或编号").fill("@@@")
    await report(phone, "拜访")
    await phone.context.set_offline(offline=False)
    await phone.get_by_role("button", name="看原因").tap()
    sheet = phone.get_by_role("dialog")
    await expect(sheet.get_by_role("heading", name="没有收下")).to_be_visible()
    await expect(sheet.get_by_text("请填客户手机号")).to_be_visible()
    await sheet.get_by_role("button", name="删除").tap()
    await sheet.get_by_role("button", name="删除").tap()
    await expect(sheet.get_by_role("listitem")).to_have_count(0)
    await sheet.get_by_role("button", name="关闭").tap()
    await expect(phone.locator("#banner")).to_be_hidden()
    assert await db.value(REPORTED) == []


async def test_what_was_refused_is_written_again_from_what_was_typed(
    phone: Page, tmp_path: Path
) -> None:
    picture = tmp_path / "visit.png"
    segno.make("visit").save(str(picture), scale=4)
    await open_kept(phone, "/actions/new")
    await phone.context.set_offline(offline=True)
    await phone.get_by_label("客户手机号或编号").fill("@@@")
    await phone.locator("input[type=file]").set_input_files(picture)
    await expect(phone.get_by_role("button", name="移除照片 1")).to_be_visible()
    await report(phone, "拜访")
    await phone.context.set_offline(offline=False)
    await phone.get_by_role("button", name="看原因").tap()
    await phone.get_by_role("link", name="重新填写").tap()
    await expect(phone.get_by_role("dialog")).to_have_count(0)
    await expect(phone.get_by_role("alert").filter(has_text="请填客户手机号")).to_be_visible()
    await expect(phone.get_by_role("radio", name="拜访")).to_be_checked()
    await expect(phone.get_by_label("客户手机号或编号")).to_have_value("@@@")
    await expect(phone.get_by_role("button", name="移除照片 1")).to_be_visible()

    await phone.get_by_label("客户手机号或编号").fill("A-1")
    await phone.locator("[data-submit] button").tap()

    async def is_there_once() -> bool:
        return await db.value(REPORTED) == ["visit"] and await queue_on(phone) == []

    await eventually(is_there_once, why="the mended report did not take the place of the other")


async def test_pages_last_seen_are_readable_with_their_time_and_come_back_by_themselves(
    phone: Page,
) -> None:
    await act("MEI")
    await open_kept(phone, "/wallet")
    await phone.context.set_offline(offline=True)
    await phone.goto("/wallet")
    await expect(phone.locator(".figure")).to_have_text("2")
    await expect(phone.locator("#banner")).to_contain_text("离线 · 数据截至")

    await phone.goto("/rewards")
    await expect(phone.get_by_role("heading", name="最近看过")).to_be_visible()
    await act("MEI")
    await phone.get_by_role("link", name="钱包").tap()
    await expect(phone.locator(".figure")).to_have_text("2")
    await phone.context.set_offline(offline=False)
    await expect(phone.locator(".figure")).to_have_text("4")
    await expect(phone.locator("#banner")).to_be_hidden()

    await phone.context.set_offline(offline=True)
    await phone.goto("/rewards")
    await phone.context.set_offline(offline=False)
    await expect(phone.get_by_role("heading", name="福利")).to_be_visible()


async def test_what_can_not_wait_says_so_and_keeps_what_was_chosen(
    new_phone: NewPhone, live_server: str, clock: Clock
) -> None:
    battle = await open_field(clock)
    phone = await new_phone()
    await sit_down(phone, live_server, "AN")
    await open_kept(phone, f"/battles/{battle}")
    await phone.context.set_offline(offline=True)
    await phone.get_by_role("radio", name="一队").check()
    await phone.locator("form[action$='/join'] button").tap()
    await expect(phone.get_by_role("alert")).to_contain_text("这一步不能等")
    await expect(phone.get_by_role("radio", name="一队")).to_be_checked()
    joined = (
        "SELECT count(*) FROM battle_member m JOIN person p ON p.id = m.person WHERE p.code = 'AN'"
    )
    assert await db.value(joined) == 0
    await phone.context.set_offline(offline=False)
    await expect(phone.get_by_role("alert")).to_be_hidden()
    await phone.locator("form[action$='/join'] button").tap()
    await expect(phone.get_by_text("你在一队")).to_be_visible()
    assert await db.value(joined) == 1


async def test_taking_part_in_a_challenge_may_wait(
    new_phone: NewPhone, live_server: str, clock: Clock
) -> None:
    await open_shop(clock)
    day = await make_day()
    phone = await new_phone()
    await sit_down(phone, live_server, "MEI")
    await open_kept(phone, f"/challenges/{day}")
    await phone.context.set_offline(offline=True)
    await phone.get_by_role("button", name="我要参加").tap()
    await expect(phone.get_by_role("button", name="等网络")).to_be_disabled()
    await phone.context.set_offline(offline=False)
    await expect(phone.get_by_text("已提交：开业日挑战")).to_be_visible()
    joined = "SELECT count(*) FROM challenge_member WHERE joined_at IS NOT NULL"
    assert await db.value(joined) == 1


async def test_a_blip_is_not_announced(phone: Page) -> None:
    await phone.clock.install()
    async with connected(phone):
        await phone.goto("/wallet")
    banner = phone.locator("#banner")
    await phone.context.set_offline(offline=True)
    await phone.clock.run_for(4_500)
    await expect(banner).to_be_hidden()
    await phone.context.set_offline(offline=False)
    await phone.clock.run_for(6_000)
    await expect(banner).to_be_hidden()
    await phone.context.set_offline(offline=True)
    await phone.clock.run_for(5_500)
    await expect(banner).to_contain_text("离线")
