"""A new version comes during a battle: offered, never forced, and nothing that waits is lost."""

import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from server.kit import db, statics
from server.kit.assets import BUILD
from tests.support.field import act, begin, open_field
from tests.support.line import line_to
from tests.support.services import Clock
from tests.support.signals import open_kept, queue_on, sit_down

NewPhone = Callable[..., Awaitable[Page]]
SCORE = "[data-duel='0'] [data-score]"
WAITING = "navigator.serviceWorker.getRegistration().then((one) => !!one.waiting)"


@pytest.fixture
def next_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let the site serve the worker of another version from now on."""
    copy = tmp_path / "build"
    shutil.copytree(BUILD, copy)
    monkeypatch.setattr(statics, "BUILD", copy)

    def publish() -> None:
        for smaller in copy.glob("service_worker.js.*"):
            smaller.unlink()
        with (copy / "service_worker.js").open("a") as worker:
            worker.write("\n/* the next version */\n")

    return publish


async def test_the_battle_goes_on_until_somebody_takes_the_new_version(
    new_phone: NewPhone, live_server: str, clock: Clock, next_build: Callable[[], None]
) -> None:
    battle = await open_field(clock)
    await begin(clock, battle)
    async with line_to(live_server) as line:
        phone = await new_phone(base_url=line.site)
        await sit_down(phone, line.site, "MEI")
        await open_kept(phone, "/actions/new")
        await phone.context.set_offline(offline=True)
        await phone.locator("[data-submit] button").tap()
        await expect(phone.get_by_role("button", name="1 条待提交")).to_be_visible()
        # Lost on its way each time: what waits has to outlive the new version.
        line.loses = b"POST /actions"
        await phone.context.set_offline(offline=False)

        await phone.goto(f"/battles/{battle}")
        await phone.evaluate("document.body.dataset.same = 'yes'")
        next_build()
        await phone.evaluate(
            "navigator.serviceWorker.getRegistration().then((one) => one.update())"
        )
        offer = phone.get_by_role("button", name="更新")
        await expect(offer).to_be_visible()
        await act("MEI")
        await expect(phone.locator(SCORE)).to_have_text("2")
        assert await phone.evaluate("document.body.dataset.same") == "yes", "nobody asked to reload"

        async with phone.expect_event("load"):
            await offer.tap()
        await expect(phone.get_by_role("button", name="1 条待提交")).to_be_visible()
        assert not await phone.evaluate(WAITING)
        await act("MEI")
        await expect(phone.locator(SCORE)).to_have_text("4")

        line.loses = b""
        await phone.evaluate("dispatchEvent(new Event('online'))")
        await expect(phone.locator("#banner")).to_be_hidden()
        assert await queue_on(phone) == []
        assert await db.value("SELECT count(*) FROM action") == 3
