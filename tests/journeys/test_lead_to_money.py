"""From a lead to its money: typed without a network, told kindly, and by five roles in turn."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID

import python_calamine
from PIL import Image
from playwright.async_api import Page, expect

from server.battles import commands as battles
from server.kit import db
from server.leads import watching
from server.ledger.verification import verify
from server.people import sessions
from tests.support.cast import person_id
from tests.support.company import FIFTH, LATER, MONDAY, open_company
from tests.support.eventually import eventually
from tests.support.live import connected
from tests.support.selling import cash
from tests.support.services import Clock

NewPhone = Callable[..., Awaitable[Page]]
PHONE = "13812340001"


async def sit_down(page: Page, site: str, code: str) -> Page:
    """Let somebody use this phone from now on."""
    opened = await sessions.start_session(await person_id(code))
    await page.context.add_cookies([{"name": "sid", "value": opened.token, "url": site}])
    return page


async def fill_in(page: Page, name: str = "周女士", phone: str = PHONE) -> None:
    await page.locator("[name=phone]").fill(phone)
    await page.locator("[name=name]").fill(name)
    await page.get_by_text("刚需买房").tap()
    await page.locator("[name=agrees]").check()


async def tap(page: Page, button: str) -> None:
    """Tap a button and wait for the page that it leads to."""
    async with page.expect_navigation():
        await page.locator(button).first.tap()


async def test_a_lead_typed_without_a_network_arrives_once(
    new_phone: NewPhone, live_server: str, clock: Clock
) -> None:
    await open_company(clock)
    phone = await sit_down(await new_phone(), live_server, "MEI")
    async with connected(phone):
        await phone.goto("/leads/new")
    await phone.context.set_offline(True)
    await fill_in(phone)
    await phone.locator("[data-submit] button").tap()
    await expect(phone.locator("[name=name]")).to_have_value("")
    assert await db.value("SELECT count(*) FROM lead") == 0
    await phone.context.set_offline(False)

    async def arrived() -> bool:
        return bool(await db.value("SELECT count(*) = 1 FROM lead"))

    await eventually(arrived, why="the lead never arrived")
    await phone.goto("/leads")
    await expect(phone.get_by_text("周女士").first).to_be_visible()
    assert await db.value("SELECT count(*) FROM lead") == 1
    assert await db.value("SELECT captured_at IS NOT NULL FROM lead")


async def test_two_colleagues_and_one_customer(
    new_phone: NewPhone, live_server: str, clock: Clock
) -> None:
    await open_company(clock)
    mei = await sit_down(await new_phone(), live_server, "MEI")
    await mei.goto("/leads/new")
    await fill_in(mei)
    await tap(mei, "[data-submit] button")
    await expect(mei.get_by_text("周女士").first).to_be_visible()

    bao = await sit_down(await new_phone(), live_server, "BAO")
    await bao.goto("/leads/new")
    await fill_in(bao, "周姐")
    await tap(bao, "[data-submit] button")
    await expect(bao.get_by_text("30 天").first).to_be_visible()
    assert "梅" not in await bao.locator("main").inner_text(), "never whose"
    await tap(bao, "form[action$='/watch'] button[type=submit]")

    await clock.set(MONDAY + timedelta(days=30, minutes=1))
    await watching.sweep({})
    await sit_down(bao, live_server, "BAO")
    await bao.goto("/inbox")
    await bao.get_by_role("link").filter(has_text="周姐").first.tap()
    await bao.wait_for_url("**/leads/again/**")
    await tap(bao, "form[action^='/leads/again/'] button")

    async def is_hers() -> bool:
        holder = (
            "SELECT p.code FROM lead l JOIN person p ON p.id = l.reporter"
            " WHERE l.protected @> leitai_clock()"
        )
        return bool(await db.value(holder) == "BAO")

    await eventually(is_hers, why="the customer never became hers")


async def test_five_roles_from_a_lead_to_its_money_and_back(
    new_phone: NewPhone, live_server: str, clock: Clock, tmp_path: Path
) -> None:
    battle = await open_company(clock)
    await clock.set(MONDAY + timedelta(minutes=31))
    assert await battles.start(battle)
    board = await sit_down(await new_phone(), live_server, "BAO")
    async with connected(board):
        await board.goto(f"/battles/{battle}")
    score = board.locator(".duel-score").first

    mei = await sit_down(await new_phone(), live_server, "MEI")
    await mei.goto("/leads/new")
    await fill_in(mei)
    await tap(mei, "[data-submit] button")

    desk = await sit_down(await new_phone(), live_server, "OP")
    await desk.goto("/leads/desk")
    await tap(desk, "button[name=verdict][value=valid]")
    await expect(score).to_have_text("1")

    sales = await sit_down(await new_phone(), live_server, "SAL")
    await sales.goto("/leads/follow")
    await sales.locator("[name=note]").first.fill("已联系，约周三到店")
    await tap(sales, "button[name=to][value=contacted]")
    lead = await db.value("SELECT id FROM lead")
    await sales.goto(f"/leads/{lead}")
    await tap(sales, "button[name=to][value=visiting]")
    await expect(score).to_have_text("6")
    await mei.goto(f"/leads/{lead}")
    await expect(mei.get_by_text("已联系，约周三到店").first).to_be_visible()

    await sales.goto(f"/leads/{lead}")
    await sales.locator("a[href^='/deals/new']").tap()
    await sales.locator("[name=contract]").fill("HT-2026-001")
    await sales.locator("[name=amount]").fill("128000")
    await sales.locator("[name=made_on]").fill("2026-11-23")
    picture = tmp_path / "contract.jpg"
    Image.new("RGB", (60, 80), "white").save(picture)
    await sales.locator("[name=photos]").set_input_files(picture)
    await tap(sales, "form[action='/deals'] button[type=submit]")
    deal = await db.value("SELECT id FROM deal")
    assert deal, await sales.locator("main").inner_text()

    await desk.goto(f"/deals/{deal}")
    await desk.locator("[name=practice][form=check]").check()
    await tap(desk, "form#check button")
    assert await cash("MEI") == 0, "its customer is called back first"
    service = await sit_down(await new_phone(), live_server, "SER")
    await service.goto("/deals/calls")
    await tap(service, "button[name=result][value=confirmed]")
    await expect(score).to_have_text("36")
    assert await cash("MEI") == 2_560_00

    await clock.set(FIFTH)
    await settled(await new_phone(), await new_phone(), live_server)
    await sit_down(mei, live_server, "MEI")
    await mei.goto("/statements")
    await mei.locator("a[href^='/statements/']").first.tap()
    await expect(mei.get_by_text("¥2,560").first).to_be_visible()

    await clock.set(LATER)
    await refunded(await sit_down(desk, live_server, "OP"), deal)
    assert await cash("MEI") == -2_560_00, "a correction of the open month"
    await sit_down(mei, live_server, "MEI")
    await mei.goto("/wallet")
    await expect(mei.get_by_text("−¥2,560").first).to_be_visible()
    assert await verify() == []


async def settled(first: Page, second: Page, live_server: str) -> None:
    """One of finance computes November; another approves it, takes the sheet, and pays."""
    await sit_down(first, live_server, "FI")
    await first.goto("/settlements")
    await tap(first, "form[action='/settlements'] button")
    run = await db.value("SELECT id FROM settlement")
    await sit_down(second, live_server, "FI2")
    await second.goto(f"/settlements/{run}")
    await tap(second, "form[action$='/approved'] button")
    sheet = await second.context.request.get(f"{live_server}/settlements/{run}/pay.xlsx")
    cells = python_calamine.load_workbook(BytesIO(await sheet.body())).get_sheet_by_index(0)
    assert any(2560.0 in row for row in cells.to_python()), "the sums agree with the ledger"
    await tap(second, "form[action$='/paid'] button")
    assert await cash("MEI") == 0


async def refunded(desk: Page, deal: UUID) -> None:
    """Operations take a deal back, a month after it was paid."""
    await desk.goto(f"/deals/{deal}")
    await desk.locator("details:has([name=why]) > summary").tap()
    await desk.locator("[name=why][value=refunded]").check()
    await desk.locator("form[action$='/reverse'] [name=reason]").fill("客户退房，全额退款")
    await tap(desk, "form[action$='/reverse'] button[type=submit]")
