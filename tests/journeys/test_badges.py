"""A badge is pressed on the phone of who earned it, seen by their side, and falls with its reason."""

from collections.abc import Awaitable, Callable

from playwright.async_api import Page, expect

from server.actions import commands as actions
from server.people import sessions
from tests.pwa.test_accessible import AXE, TAGS
from tests.support.badges import open_battle
from tests.support.cast import person_id
from tests.support.field import act, begin, close
from tests.support.live import connected
from tests.support.services import Clock

NewPhone = Callable[..., Awaitable[Page]]


async def sit_down(new_phone: NewPhone, origin: str, code: str, path: str, **options: str) -> Page:
    """Open a page as somebody, with its socket up."""
    page = await new_phone(**options)
    opened = await sessions.start_session(await person_id(code))
    await page.context.add_cookies([{"name": "sid", "value": opened.token, "url": origin}])
    async with connected(page):
        await page.goto(path)
    return page


async def test_a_badge_is_earned_seen_by_the_side_and_taken_back(
    new_phone: NewPhone, live_server: str, clock: Clock
) -> None:
    battle = await open_battle(clock, "caller", "fan")
    await begin(clock, battle)
    side = f"/battles/{battle}/sides/1"
    mei = await sit_down(new_phone, live_server, "MEI", side)
    bao = await sit_down(new_phone, live_server, "BAO", side)
    await expect(bao.get_by_text("这一队的徽章")).to_have_count(0)

    done = await act("MEI")

    moment = mei.get_by_role("dialog", name="电话王 铜章")
    await expect(moment).to_be_visible()
    await expect(mei.get_by_role("button", name="收下")).to_be_focused()
    await mei.evaluate(AXE.read_text())
    await mei.evaluate("Promise.all(document.getAnimations().map(each => each.finished))")
    assert await mei.evaluate(
        "tags => axe.run('dialog', {runOnly: tags}).then(found => found.violations)", TAGS
    ) == []  # fmt: skip
    await mei.keyboard.press("Escape")
    await expect(moment).to_have_count(0)

    badges = bao.locator("[data-side-badges]")
    await expect(badges.get_by_text("这一队的徽章")).to_be_visible()
    await expect(badges.get_by_text("电话王 · 铜章")).to_be_visible()
    await expect(bao.get_by_role("dialog")).to_have_count(0)

    async with mei.expect_response("**/badges/moment") as asked:
        await mei.goto("/badges/field/caller")
    assert (await asked.value).status == 204, "a moment is shown once"
    await expect(mei.get_by_role("heading", name="为什么是你的")).to_be_visible()

    await close(clock, battle)
    await actions.decide(done, await person_id("AU"), "struck", "没有这通电话", auditing=battle)

    await expect(mei.get_by_text("“电话”不再算数：没有这通电话")).to_be_visible()
    await expect(mei.get_by_text("还没得到")).to_be_visible()
    await expect(badges.get_by_text("电话王 · 铜章")).to_have_count(0)


async def test_a_calm_phone_shows_the_moment_without_moving(
    new_phone: NewPhone, live_server: str, clock: Clock
) -> None:
    battle = await open_battle(clock, "caller")
    await begin(clock, battle)
    await act("MEI")
    mei = await sit_down(new_phone, live_server, "MEI", "/me", reduced_motion="reduce")
    await expect(mei.get_by_role("dialog", name="电话王 铜章")).to_be_visible()
    assert await mei.evaluate("document.getAnimations().length") == 0
    await mei.get_by_role("link", name="看原因").click()
    await expect(mei).to_have_url(f"{live_server}/badges/field/caller")
