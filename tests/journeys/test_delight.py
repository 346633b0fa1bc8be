"""Joy with manners: seen once, felt and heard only on request, still where somebody wants calm."""

from collections.abc import Awaitable, Callable

from playwright.async_api import Page, expect

from server.battles import commands as battles
from server.people import sessions
from tests.support.badges import open_badges
from tests.support.cast import person_id
from tests.support.eventually import eventually
from tests.support.field import act, begin, close, open_field
from tests.support.services import Clock

NewPhone = Callable[..., Awaitable[Page]]
# What a phone would have felt and heard; every canvas that was put over a page.
LISTENS = """
window.felt = []; window.heard = 0; window.thrown = 0;
navigator.vibrate = pattern => (window.felt.push(pattern), true);
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...at) { window.heard += 1; return start.apply(this, at); };
new MutationObserver(found => found.forEach(each => each.addedNodes.forEach(node =>
  window.thrown += node.nodeName === "CANVAS" ? 1 : 0))).observe(document, {childList: true, subtree: true});
"""


async def sit_down(new_phone: NewPhone, origin: str, code: str, **options: str) -> Page:
    page = await new_phone(**options)
    await page.add_init_script(LISTENS)
    opened = await sessions.start_session(await person_id(code))
    await page.context.add_cookies([{"name": "sid", "value": opened.token, "url": origin}])
    return page


async def until(page: Page, fact: str) -> None:
    """Wait until something holds in a page, whose policy lets no test evaluate text there."""
    await eventually(lambda: page.evaluate(fact), why=fact)


async def test_a_win_is_celebrated_once_and_by_its_winners(
    new_phone: NewPhone, live_server: str, clock: Clock
) -> None:
    battle = await open_field(clock)
    await begin(clock, battle)
    await act("MEI")
    await close(clock, battle)
    await battles.settle(battle, await person_id("AU"))
    mei = await sit_down(new_phone, live_server, "MEI")
    await mei.goto(f"/battles/{battle}")
    await until(mei, "window.thrown === 1")
    # The paper falls, and nothing of it stays.
    await until(mei, "!document.querySelector('canvas')")
    await mei.reload()
    await expect(mei.locator("[data-celebrate]")).to_have_count(1)
    chen = await sit_down(new_phone, live_server, "CHEN")
    calm = await sit_down(new_phone, live_server, "BAO", reduced_motion="reduce")
    for each in (chen, calm):
        await each.goto(f"/battles/{battle}")
    await expect(chen.locator("[data-celebrate]")).to_have_count(0)
    await until(calm, "localStorage.getItem('celebrated')")
    for each in (mei, chen, calm):
        assert await each.evaluate("[thrown, felt, heard]") == [0, [], 0]


async def test_sound_vibration_and_calm_are_switches_of_one_s_own(
    new_phone: NewPhone, live_server: str, clock: Clock
) -> None:
    await open_badges(clock, "caller")
    mei = await sit_down(new_phone, live_server, "MEI")
    await mei.goto("/me")
    for group in ("声音", "震动"):
        await expect(mei.get_by_role("group", name=group).get_by_label("关")).to_be_checked()
        async with mei.expect_response("**/face"):
            await mei.get_by_role("group", name=group).get_by_text("开", exact=True).click()
    # A tap is felt and heard at once: the switch shows what it does.
    await until(mei, "felt.length === 1 && heard > 0")
    async with mei.expect_response("**/face"):
        await mei.get_by_role("group", name="动画").get_by_text("减弱").click()

    await act("MEI")
    await mei.goto("/me")
    moment = mei.get_by_role("dialog", name="电话王 铜章")
    await expect(moment).to_be_visible()
    await until(mei, "felt.length === 1")
    assert await mei.evaluate("document.getAnimations().length") == 0, "calm is calm"
    await moment.get_by_role("link", name="分享").click()
    picture = mei.get_by_role("img", name="梅：电话王，铜章。")
    await expect(picture).to_be_visible()
    await until(mei, "document.querySelector('.share-picture').naturalWidth === 1080")
    async with mei.expect_download() as kept:
        await mei.get_by_role("link", name="保存图片").click()
    assert (await kept.value).suggested_filename == "leitai-badge.png"
    await mei.context.add_init_script(
        "navigator.canShare = () => true; navigator.share = async what => (window.sent = what.files[0].type)"
    )
    await mei.reload()
    await mei.get_by_role("button", name="分享").click()
    await until(mei, "window.sent === 'image/png'")
