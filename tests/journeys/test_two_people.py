"""Two people on one phone: what one wrote waits for them alone (M4)."""

from collections.abc import Awaitable, Callable

from playwright.async_api import Page, expect

from server.kit import db
from tests.support.cast import person_id
from tests.support.field import open_plan
from tests.support.line import line_to
from tests.support.services import Clock
from tests.support.signals import open_kept, queue_on, sit_down, wake_worker

NewPhone = Callable[..., Awaitable[Page]]
REPORTERS = (
    "SELECT coalesce(array_agg(p.code ORDER BY a.received_at), '{}')"
    " FROM action a JOIN person p ON p.id = a.person"
)


async def write_offline(phone: Page) -> None:
    await open_kept(phone, "/actions/new")
    await phone.context.set_offline(offline=True)
    await phone.locator("[data-submit] button").tap()
    await expect(phone.get_by_role("button", name="1 条待提交")).to_be_visible()


async def test_the_next_one_on_this_phone_neither_sees_nor_sends_it(
    new_phone: NewPhone, live_server: str, clock: Clock
) -> None:
    await open_plan(clock)
    meis = await new_phone()
    await sit_down(meis, live_server, "MEI")
    await write_offline(meis)

    # 宝 signs in behind the back of 梅's page, which stays open.
    await sit_down(meis, live_server, "BAO")
    baos = await meis.context.new_page()
    await meis.context.set_offline(offline=False)
    await baos.goto("/actions/new")
    await wake_worker(baos)
    await expect(baos.locator("#banner")).to_be_hidden()
    async with meis.expect_response("**/actions") as asking:
        await meis.evaluate("dispatchEvent(new Event('online'))")
    assert (await asking.value).status == 401
    await meis.close()
    assert await db.value(REPORTERS) == []

    # His sign-out empties what can be read, and nothing that waits.
    await baos.goto("/me")
    await baos.get_by_role("button", name="退出登录").first.tap()
    await baos.wait_for_url("**/sign-in")
    assert (
        await baos.evaluate("caches.keys().then((all) => all.filter((one) => one === 'pages'))")
        == []
    )
    [kept] = await queue_on(baos)
    assert kept["owner"] == str(await person_id("MEI"))

    await sit_down(baos, live_server, "MEI")
    await baos.goto("/")
    await expect(baos.get_by_text("已提交：")).to_be_visible()
    assert await db.value(REPORTERS) == ["MEI"]
    assert await queue_on(baos) == []


async def test_whoever_signs_out_hears_what_stays(
    new_phone: NewPhone, live_server: str, clock: Clock
) -> None:
    await open_plan(clock)
    async with line_to(live_server) as line:
        phone = await new_phone(base_url=line.site)
        await sit_down(phone, line.site, "MEI")
        await open_kept(phone, "/me")
        await write_offline(phone)
        await phone.goto("/me")
        await phone.get_by_role("button", name="退出登录").first.tap()
        await expect(phone.get_by_role("alert")).to_contain_text("没有网络")

        # The report is lost on its way, again and again; she leaves all the same.
        line.loses = b"POST /actions"
        await phone.context.set_offline(offline=False)
        await phone.get_by_role("button", name="退出登录").first.tap()
        await phone.locator(".toast").get_by_role("button", name="退出登录").tap()
        await phone.wait_for_url("**/sign-in")
        assert len(await queue_on(phone)) == 1
