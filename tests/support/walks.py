"""Three walks that have to be short, as a thumb goes them: join a battle, report, redeem.

The journeys count their taps; `make bench` goes them at the speed of a person and takes the time.
"""

from uuid import UUID

from playwright.async_api import Locator, Page, expect

from server.people import sessions

PASSCODE = "haohao88"
PATIENCE_MS = 20_000
"""How long a page may take on a busy machine: a walk is measured, not judged, by the clock."""


class Hand:
    """A thumb on a phone: it counts its taps, and is as slow as it is told to be (in ms)."""

    def __init__(self, page: Page, *, tap_ms: float = 0, key_ms: float = 0) -> None:
        self.page = page
        self.taps = 0
        self._tap_ms = tap_ms
        self._key_ms = key_ms

    async def tap(self, what: Locator) -> None:
        """See something, move there, tap it."""
        await expect(what).to_be_visible(timeout=PATIENCE_MS)
        await self.page.wait_for_timeout(self._tap_ms)
        await what.tap()
        self.taps += 1

    async def type(self, text: str, keys: int | None = None) -> None:
        """Type; `keys` where the characters come from an input method of more keys than that."""
        more = (len(text) if keys is None else keys) - len(text)
        await self.page.wait_for_timeout(more * self._key_ms)
        await self.page.keyboard.type(text, delay=self._key_ms)


async def sit_down(page: Page, site: str, person: UUID) -> None:
    """Sign somebody in on a phone: a session goes on for weeks."""
    opened = await sessions.start_session(person)
    await page.context.add_cookies([{"name": "sid", "value": opened.token, "url": site}])


async def join_from_invite(hand: Hand, invite: str, side: str) -> None:
    """From an invite's link, tapped in a chat, to a side of the battle that is open."""
    page = hand.page
    await page.goto(invite)
    hand.taps += 1
    await hand.tap(page.get_by_label("口令，至少 6 位"))
    await hand.type(PASSCODE)
    await hand.tap(page.get_by_label("再输一次"))
    await hand.type(PASSCODE)
    await hand.tap(page.get_by_role("button", name="进入"))
    await hand.tap(page.get_by_role("link", name="选一个战队"))
    await hand.tap(page.get_by_text(side, exact=True).first)
    await hand.tap(page.get_by_role("button", name="加入"))
    await expect(page.get_by_text(f"你在{side}")).to_be_visible()


async def report_lead(hand: Hand, phone: str) -> None:
    """From opening the app to the thanks for a lead."""
    page = hand.page
    await page.goto("/")
    await hand.tap(page.locator("nav.bottom").get_by_role("link", name="报一条"))
    await hand.tap(page.get_by_label("客户手机号"))
    await hand.type(phone)
    await hand.tap(page.get_by_label("怎么称呼"))
    await hand.type("周女士", keys=10)
    await hand.tap(page.get_by_text("刚需买房"))
    await hand.tap(page.get_by_text("客户同意"))
    await hand.tap(page.get_by_role("button", name="发送"))
    await expect(page.locator("p.notice")).to_contain_text("周女士")


async def redeem(hand: Hand) -> None:
    """From opening the app to the green page; the customer holds a ticket into the camera."""
    page = hand.page
    await page.goto("/")
    await hand.tap(page.get_by_role("main").get_by_role("link", name="扫码核销"))
    await page.wait_for_url("**/till/check/*")
    await hand.tap(page.get_by_label("订单金额（元）"))
    await hand.type("1280")
    await hand.tap(page.get_by_label("小票号"))
    await hand.type("0457")
    await hand.tap(page.get_by_role("button", name="核销"))
    await expect(page.get_by_role("heading", name="已核销")).to_be_visible()
