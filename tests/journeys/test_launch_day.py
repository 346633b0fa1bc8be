"""A launch day as store staff live it: made in three taps, joined, watched, paid."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from playwright.async_api import Page, expect

from server.actions import commands as actions
from server.actions.commands import Report
from server.challenges import jobs
from server.kit import db
from server.people import sessions
from server.people.auth import Caller
from server.screens import commands as screens
from tests.support.cast import person_id
from tests.support.launch_day import NIGHT, open_shop
from tests.support.live import connected
from tests.support.services import Clock

NewPhone = Callable[..., Awaitable[Page]]
WALL = {
    "viewport": {"width": 1920, "height": 1080}, "is_mobile": False, "has_touch": False,
    "device_scale_factor": 1,
}  # fmt: skip


async def sit_down(new_phone: NewPhone, live_server: str, code: str) -> Page:
    """Give somebody a phone on which they are signed in."""
    phone = await new_phone()
    opened = await sessions.start_session(await person_id(code))
    await phone.context.add_cookies([{"name": "sid", "value": opened.token, "url": live_server}])
    return phone


async def hang_up(new_phone: NewPhone) -> Page:
    """Open the link of the store's screen on its wall."""
    manager = Caller(
        id=await person_id("SM"), kind="employee", code="SM", name="林店长", rank="manager",
        side="", opted_out=False, locale="", roles=frozenset({"store_manager"}),
        session=UUID(int=1),
    )  # fmt: skip
    _, secret = await screens.make(manager, "门口", None)
    wall = await new_phone(**WALL)
    async with wall.expect_websocket():
        await wall.goto(f"/screens/{secret.lower()}")
    return wall


async def act(code: str, kind: str, customer: str = "") -> None:
    """Report an action, and have it accepted."""
    said = Report(plan="shop", kind=kind, customer=customer)
    reported = await actions.report(await person_id(code), said)
    await actions.decide(reported.action, await person_id("OP"), "accepted")


async def test_a_launch_day_from_three_taps_to_the_wallet(
    new_phone: NewPhone, live_server: str, clock: Clock
) -> None:
    await open_shop(clock)
    manager = await sit_down(new_phone, live_server, "SM")
    await manager.goto("/challenges")
    for tap in (
        manager.get_by_role("link", name="发起挑战"),
        manager.get_by_role("link", name="开业日挑战"),
        manager.get_by_role("button", name="发起挑战"),
    ):
        await tap.tap()
    await expect(manager.get_by_text("大家再走 3 步")).to_be_visible()
    day = await db.value("SELECT id FROM challenge")

    wall = await hang_up(new_phone)
    await expect(wall.get_by_role("heading", name="开业日挑战")).to_be_visible()

    mei, bao = (
        await sit_down(new_phone, live_server, "MEI"),
        await sit_down(new_phone, live_server, "BAO"),
    )
    for phone in (mei, bao):
        await phone.goto("/inbox")
        await phone.get_by_role("link", name="开业日挑战").first.tap()
        async with connected(phone):
            await phone.get_by_role("button", name="我要参加").tap()
    # Two visits and three calls together.
    await expect(mei.locator("[data-goal-total]")).to_have_text("5")
    await expect(wall.locator("[data-goal-total]")).to_have_text("5")

    await act("MEI", "visit", "A-1")
    for screen in (mei, bao, wall):
        await expect(screen.locator("[data-goal-done]")).to_have_text("1")
    mine = mei.locator(".steps li").first
    # What is mine is asked for at most every five seconds.
    await expect(mine).to_contain_text("1 / 1", timeout=15_000)
    await expect(mine.locator(".step-dot")).to_have_class("step-dot done")
    await expect(bao.locator(".steps li").first).to_contain_text("0 / 1")
    await expect(wall.locator("[data-goal-task]").first).to_have_text("1 / 2")
    await expect(wall.locator("[data-moment]").first).to_contain_text("梅：拜访 +5")

    await act("BAO", "visit", "A-2")
    for code in ("MEI", "MEI", "BAO"):
        await act(code, "call")
    for screen in (mei, wall):
        await expect(screen.locator("[data-goal-words]")).to_have_text("一起达成了")

    await clock.set(NIGHT)
    await jobs.end({"challenge": str(day)})
    await expect(mei.locator("[data-seal]")).to_have_text("已达成")
    await expect(wall.locator("[data-seal]").first).to_have_text("已达成")
    await expect(mei.get_by_text("56 分")).to_be_visible()

    await mei.goto("/wallet")
    await expect(mei.get_by_text("奖金：开业日挑战")).to_be_visible()
    await expect(mei.get_by_text("+56")).to_be_visible()
    await mei.get_by_text("奖金：开业日挑战").tap()
    await expect(mei.get_by_text("× 9 / 16")).to_be_visible()
