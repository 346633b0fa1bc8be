"""Pages stay true by themselves: a part is drawn anew when its word comes, and nobody is disturbed."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, expect

from server.kit import db, ids
from server.notifications.notices import notify
from server.people import sessions
from tests.support.cast import person_id
from tests.support.field import act, open_plan
from tests.support.services import Clock

NEWS = {"friend": "安", "what": "¥200"}
NewPhone = Callable[..., Awaitable[Page]]


@pytest.fixture
async def phone(new_phone: NewPhone, live_server: str, clock: Clock) -> Page:
    """梅's phone: somebody with points already."""
    await open_plan(clock)
    await act("MEI")
    one = await new_phone()
    opened = await sessions.start_session(await person_id("MEI"))
    await one.context.add_cookies([{"name": "sid", "value": opened.token, "url": live_server}])
    return one


async def look(phone: Page, path: str) -> None:
    """Open a page and wait until it hears."""
    async with phone.expect_websocket() as connecting:
        await phone.goto(path)
    await (await connecting.value).wait_for_event("framesent")


async def test_a_part_is_drawn_anew_and_what_had_the_focus_keeps_it(phone: Page) -> None:
    await look(phone, "/wallet")
    await phone.evaluate("document.body.dataset.same = 'yes'")
    await phone.get_by_role("link", name="现金").focus()
    await act("MEI")
    await expect(phone.locator(".figure")).to_have_text("4")
    await expect(phone.get_by_role("link", name="现金")).to_be_focused()
    await expect(phone.locator("#said")).to_have_text("本页刚刚更新。")
    assert await phone.evaluate("document.body.dataset.same") == "yes", "it was never loaded again"


async def test_what_somebody_types_is_left_alone_until_they_are_done(phone: Page) -> None:
    await look(phone, "/")
    await phone.evaluate(
        "document.querySelector('[data-refresh~=wallet]').insertAdjacentHTML('beforeend',"
        " '<input aria-label=note>')"
    )
    await phone.get_by_label("note").fill("half a sent")
    await act("MEI")
    await notify([await person_id("MEI")], "referral_reward", "x", NEWS, "/wallet")
    # The bell came after the points: had their part been drawn anew, it would have been by now.
    await expect(phone.get_by_role("link", name="消息，1 条未读")).to_be_visible()
    assert await phone.get_by_label("note").input_value() == "half a sent"
    await expect(phone.locator(".row-title")).to_have_count(1)
    await phone.get_by_label("note").fill("")
    await phone.get_by_label("note").blur()
    await expect(phone.locator(".row-title")).to_have_count(2)


async def test_after_a_silence_everything_is_asked_for_again(phone: Page) -> None:
    await look(phone, "/")
    mei = await person_id("MEI")
    # Written past everybody who would tell: as if the hint had been lost.
    await db.execute(
        "INSERT INTO notice (id, person, kind, topic, facts, href)"
        " VALUES ($1, $2, 'referral_reward', 'x', '{}', '/')",
        ids.new_id(), mei,
    )  # fmt: skip
    await phone.evaluate("dispatchEvent(new Event('online'))")
    await expect(phone.get_by_role("link", name="消息，1 条未读")).to_be_visible()
