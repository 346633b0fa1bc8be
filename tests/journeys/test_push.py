"""Pushes on a phone: offered after a good moment, shown by the worker, and a tap opens what it is about."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from playwright.async_api import BrowserContext, Page, expect

from server.kit import db
from server.people import sessions
from server.push.payloads import News, encoded
from tests.pwa.test_accessible import AXE, TAGS
from tests.support.cast import person_id
from tests.support.eventually import eventually
from tests.support.field import act, open_plan
from tests.support.live import connected
from tests.support.pushing import Handset, Service, run_pushes, tell_of
from tests.support.services import Clock

NewPhone = Callable[..., Awaitable[Page]]
REWARD = {"title": "冠军", "sum": "¥100"}

# What a browser with a vendor behind it does: the vendor's part is played by our service.
SUBSCRIBES = """described => {
  let made = null;
  const subscription = {
    endpoint: described.endpoint, toJSON: () => described, unsubscribe: async () => (made = null, true),
  };
  PushManager.prototype.subscribe = async options => {
    if (!options.userVisibleOnly || !options.applicationServerKey) throw new Error('refused');
    return (made = subscription);
  };
  PushManager.prototype.getSubscription = async () => made;
}"""


@pytest.fixture
async def phone(new_phone: NewPhone, live_server: str, clock: Clock) -> Page:
    """梅's phone, on which notifications are allowed."""
    await open_plan(clock)
    one = await new_phone()
    await sit(one.context, live_server)
    await one.context.grant_permissions(["notifications"], origin=live_server)
    return one


async def sit(context: BrowserContext, origin: str) -> None:
    opened = await sessions.start_session(await person_id("MEI"))
    await context.add_cookies([{"name": "sid", "value": opened.token, "url": origin}])


async def delivered(phone: Page, data: str) -> list[dict[str, Any]]:
    """Hand a push to the worker of this page, as the browser does with a decrypted message.

    Returns what then stands on the lock screen.
    """
    await phone.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    devtools = await phone.context.new_cdp_session(phone)
    loop = asyncio.get_running_loop()
    found: asyncio.Future[str] = loop.create_future()
    shown: asyncio.Future[bool] = loop.create_future()

    def registered(event: Any) -> None:
        for each in event["registrations"]:
            if not each["isDeleted"] and not found.done():
                found.set_result(each["registrationId"])

    def noted(event: Any) -> None:
        name = event["backgroundServiceEvent"]["eventName"]
        if name == "Notification displayed" and not shown.done():
            shown.set_result(True)

    devtools.on("ServiceWorker.workerRegistrationUpdated", registered)
    devtools.on("BackgroundService.backgroundServiceEventReceived", noted)
    await devtools.send("ServiceWorker.enable")
    service = {"service": "notifications"}
    await devtools.send("BackgroundService.startObserving", service)
    await devtools.send("BackgroundService.setRecording", service | {"shouldRecord": True})
    origin = await phone.evaluate("location.origin")
    said = {"origin": origin, "registrationId": await asyncio.wait_for(found, 30), "data": data}
    await devtools.send("ServiceWorker.deliverPushMessage", said)
    # Chromium forgets a notification whose list is asked for while it is being shown: no polling.
    await asyncio.wait_for(shown, 30)
    standing: list[dict[str, Any]] = await phone.evaluate(
        """async () => (await (await navigator.serviceWorker.ready).getNotifications())
          .map(({title, body, tag, lang, data}) => ({title, body, tag, lang, data}))"""
    )
    return standing


async def is_accessible(phone: Page) -> None:
    await phone.evaluate(AXE.read_text())
    await phone.evaluate("Promise.all(document.getAnimations().map(each => each.finished))")
    rules = "tags => axe.run({runOnly: tags}).then(found => found.violations.map(each => each.id))"
    assert await phone.evaluate(rules, TAGS) == []


async def test_a_push_is_shown_and_a_tap_opens_what_it_is_about(
    phone: Page, live_server: str
) -> None:
    notice = await tell_of("MEI", "reward_arrived", REWARD, "/wallet?asset=points")
    await phone.goto("/battles")
    news = News(notice, "reward_arrived", "money", 0, 1, "zh_Hans")
    [one] = await delivered(phone, encoded(news, live_server).decode())
    assert one == {
        "title": "奖励到账", "body": "打开看看是什么。", "tag": "money", "lang": "zh-Hans",
        "data": f"{live_server}/inbox/{notice}",
    }  # fmt: skip
    [worker] = phone.context.service_workers
    await worker.evaluate("""async () => {
      const [notification] = await self.registration.getNotifications();
      self.dispatchEvent(new NotificationEvent('notificationclick', {notification}));
    }""")
    await expect(phone).to_have_url(f"{live_server}/wallet?asset=points")
    assert await db.value("SELECT read_at IS NOT NULL FROM notice WHERE id = $1", notice)


@pytest.mark.parametrize("data", ["", "half {", "{}", '{"notification": {"title": 7}}'])
async def test_what_can_not_be_read_is_shown_too_and_leads_to_the_inbox(
    phone: Page, data: str
) -> None:
    await phone.goto("/battles")
    [one] = await delivered(phone, data)
    assert (one["title"], one["data"]) == ("擂台 Leitai", "/inbox")


async def test_nothing_is_asked_before_a_good_moment_and_then_once_in_two_weeks(
    new_phone: NewPhone, live_server: str, clock: Clock
) -> None:
    await open_plan(clock)
    phone = await new_phone()
    await sit(phone.context, live_server)
    async with phone.expect_response("**/push/offer") as asked:
        await phone.goto("/")
    assert (await asked.value).status == 204
    await act("MEI")
    async with phone.expect_response("**/push/offer"):
        await phone.goto("/")
    # One thing after the other: the first look around is not covered by a question.
    await phone.get_by_role("button", name="跳过").click()
    offer = phone.get_by_role("dialog", name="下一次，第一时间知道？")
    await expect(offer).to_contain_text("一天最多 2 条，21:00 到 09:00 不打扰")
    await is_accessible(phone)
    async with phone.expect_response("**/api/push/later"):
        await offer.get_by_role("button", name="以后再说").click()
    await expect(offer).to_have_count(0)
    async with phone.expect_response("**/push/offer") as asked:
        await phone.goto("/")
    assert (await asked.value).status == 204


async def test_turned_on_by_a_tap_and_off_by_another(
    phone: Page, service: Service, live_server: str
) -> None:
    handset = Handset("mei", service)
    await phone.add_init_script(f"({SUBSCRIBES})({json.dumps(handset.described())})")
    await phone.goto("/me/notices")
    async with connected(phone):
        await phone.get_by_role("button", name="在这台手机上开启").click()
    await expect(phone.get_by_text("会收到提醒的手机")).to_be_visible()
    assert await db.value("SELECT origin FROM push_device") == live_server
    await phone.close()

    async def is_pushed() -> bool:
        await tell_of("MEI", "reward_arrived", REWARD)
        await run_pushes()
        return bool(handset.heard())

    # Whoever has closed the last page counts as here for a few seconds more.
    await eventually(is_pushed, within=30, why="no push came")
    assert handset.heard()[0]["notification"]["title"] == "奖励到账"
    session: UUID = await db.value("SELECT session FROM push_device")
    await sessions.sign_out(session)
    assert await db.value("SELECT count(*) FROM push_device") == 0


async def test_a_phone_that_can_not_be_woken_is_told_so(phone: Page, clock: Clock) -> None:
    """Chromium here has no vendor to subscribe with, like most phones of the mainland."""
    await phone.goto("/me/notices")
    await phone.get_by_role("button", name="在这台手机上开启").click()
    await expect(phone.get_by_text("这里收不到提醒")).to_be_visible()
    await expect(phone.get_by_role("link", name="打开消息")).to_be_visible()
    await is_accessible(phone)
    await phone.reload()
    await expect(phone.get_by_text("这里收不到提醒")).to_be_visible()


async def test_the_icon_counts_what_is_unread(phone: Page) -> None:
    await phone.add_init_script(
        "window.badges = []; navigator.setAppBadge = async n => void window.badges.push(n);"
    )
    async with connected(phone):
        await phone.goto("/")
    assert await phone.evaluate("badges.at(-1)") == 0
    await tell_of("MEI", "reward_arrived", REWARD)
    await expect(phone.get_by_role("link", name="消息，1 条未读")).to_be_visible()
    assert await phone.evaluate("badges.at(-1)") == 1
