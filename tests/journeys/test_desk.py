"""The review desk fills by itself while its reviewer looks at it."""

from collections.abc import Awaitable, Callable

from playwright.async_api import Page, expect

from server.people import sessions
from tests.support.cast import person_id
from tests.support.field import act, open_plan
from tests.support.live import connected
from tests.support.services import Clock


async def test_a_report_turns_up_on_an_open_desk(
    new_phone: Callable[..., Awaitable[Page]], live_server: str, clock: Clock
) -> None:
    await open_plan(clock)
    desk = await new_phone()
    opened = await sessions.start_session(await person_id("OP"))
    await desk.context.add_cookies([{"name": "sid", "value": opened.token, "url": live_server}])
    async with connected(desk):
        await desk.goto("/reviews")
    await expect(desk.get_by_text("都审完了")).to_be_visible()

    await act("MEI", "visit", "A-1", by=None)

    await expect(desk.get_by_text("行动 1")).to_be_visible()
    await desk.get_by_role("button", name="通过，下一条").click()
    await expect(desk.get_by_text("已通过：梅 +5")).to_be_visible()
