"""The battle page as theatre: the lead changes hands, the last minutes, the verdict, no jank (E3)."""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from playwright.async_api import Page, expect

from server.battles import commands as battles
from tests.journeys.test_launch_day import sit_down
from tests.support.cast import person_id
from tests.support.field import CUT_OFF, act, begin, close, open_field
from tests.support.live import connected
from tests.support.services import Clock

NewPhone = Callable[..., Awaitable[Page]]
MOVED = """() => {
  const moved = [];
  for (const kind of ["animationstart", "transitionrun"])
    document.addEventListener(kind, (event) => moved.push(`${kind} ${event.target.className}`), true);
  const animate = Element.prototype.animate;
  Element.prototype.animate = function (...how) {
    moved.push(`animate ${this.className}`);
    return animate.apply(this, how);
  };
  return moved;
}"""


async def take_a_seat(new_phone: NewPhone, live_server: str, battle: UUID, **options: Any) -> Page:
    """梅's phone with the battle open, and hearing of it."""

    async def phone() -> Page:
        return await new_phone(**options)

    page = await sit_down(phone, live_server, "MEI")
    async with connected(page):
        await page.goto(f"/battles/{battle}")
    return page


async def test_the_lead_changes_hands(new_phone: NewPhone, live_server: str, clock: Clock) -> None:
    battle = await open_field(clock)
    await begin(clock, battle)
    await act("MEI")
    phone = await take_a_seat(new_phone, live_server, battle)
    names = phone.locator(".duel [data-name]")
    await expect(names).to_have_text(["一队", "二队"])
    await act("CHEN", "visit", "A-1")
    await expect(names).to_have_text(["二队", "一队"])
    await expect(phone.locator(".duel [data-score]")).to_have_text(["5", "2"])
    await expect(phone.locator("[data-gap]")).to_have_text("3")
    await expect(phone.locator(".arena [data-moment]")).to_have_text("陈 拜访，二队夺得领先 +5")
    await expect(phone.locator("#said")).to_have_text("二队以 5 分夺得领先，领先 3")
    row = phone.locator("[data-standing='二队']")
    await expect(row.locator("[data-delta]")).to_have_text("▲1")
    await expect(phone.locator("[data-standing]").first).to_have_attribute("data-standing", "二队")


async def test_the_last_minutes_the_freeze_and_the_verdict(
    new_phone: NewPhone, live_server: str, clock: Clock
) -> None:
    battle = await open_field(clock)
    await begin(clock, battle)
    await act("MEI")
    calm = await take_a_seat(new_phone, live_server, battle, reduced_motion="reduce")
    moved = await calm.evaluate_handle(MOVED)
    band = calm.locator("[data-last-call]")
    await expect(band).to_be_hidden()
    await clock.set(CUT_OFF - timedelta(minutes=9))
    await act("BAO")
    await expect(band).to_contain_text("最后十分钟")
    await expect(band.locator("[data-until]")).to_have_text(re.compile(r"0[89]:\d\d"))
    await close(clock, battle)
    await expect(calm.locator(".top [data-seal]")).to_have_text("审核中")
    await expect(band).to_have_count(0)
    await battles.settle(battle, await person_id("AU"))
    verdict = calm.locator("[data-verdict]")
    for shown in ("一队", "你们拿下奖池", "¥7", "4:0", "梅 2"):
        await expect(verdict).to_contain_text(shown)
    assert await moved.json_value() == [], "with reduced motion everything simply changes"
