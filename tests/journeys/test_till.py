"""A coupon shown in the store: scanned by a real camera page, redeemed once, refused in red."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

import segno
from playwright.async_api import Page, Route, expect

from server.coupons import codes
from server.kit import db
from server.people import sessions
from tests.support.camera import film, phone_with_camera
from tests.support.cast import person_id
from tests.support.live import connected
from tests.support.services import Clock
from tests.support.shop import customer, give, open_shop, state_of

NewPhone = Callable[..., Awaitable[Page]]


def link_of(site: str, coupon: UUID) -> str:
    return f"{site}/C/{codes.token_of(coupon)}".upper()


async def sit_down(page: Page, site: str, person: UUID) -> None:
    opened = await sessions.start_session(person)
    await page.context.add_cookies([{"name": "sid", "value": opened.token, "url": site}])


async def fill_in(till: Page, amount: str, receipt: str) -> None:
    await till.get_by_label("订单金额（元）").fill(amount)
    await till.get_by_label("小票号").fill(receipt)


async def test_scanned_once_it_is_green_and_the_second_time_red(
    new_phone: NewPhone, live_server: str, clock: Clock, tmp_path: Path
) -> None:
    await open_shop(clock)
    who = await customer()
    coupon = await give(who, giver="安", source="friend")
    hers = await new_phone()
    await sit_down(hers, live_server, who)
    async with connected(hers):
        await hers.goto(f"/coupons/{coupon}")
    await expect(hers.get_by_role("img", name="这张券的二维码")).to_be_visible()

    video = film(tmp_path / "qr.y4m", link_of(live_server, coupon))
    async with phone_with_camera(live_server, video) as till:
        elsewhere: list[str] = []
        till.on("request", lambda sent: elsewhere.append(sent.url))
        await sit_down(till, live_server, await person_id("TILL"))
        await till.goto("/till")
        await till.wait_for_url("**/till/check/*")
        await expect(till.get_by_text("周女士 138****1234")).to_be_visible()
        await fill_in(till, "1280", "0457")
        await expect(till.get_by_text("应收 ¥1,080")).to_be_visible()
        await till.get_by_role("button", name="核销").tap()
        await expect(till.get_by_role("heading", name="已核销")).to_be_visible()
        await expect(till.get_by_role("button", name="撤销")).to_be_visible()

        # Her ticket turns by itself; nobody touched her phone.
        await expect(hers.get_by_text("已用")).to_be_visible()
        await expect(hers.get_by_role("img", name="这张券的二维码")).to_be_hidden()

        await till.get_by_role("link", name="扫下一张").tap()
        await expect(till.get_by_role("heading", name="没有核销")).to_be_visible()
        await expect(till.get_by_text("于滨江店用过")).to_be_visible()
        assert all(each.startswith((live_server, "blob:", "data:")) for each in elsewhere)
    assert await db.value("SELECT count(*) FROM customer_order") == 1


async def test_a_photo_and_a_typed_code_lead_there_too(
    new_phone: NewPhone, live_server: str, clock: Clock, tmp_path: Path
) -> None:
    await open_shop(clock)
    first, second = await give(await customer()), await give(await customer("13900001111", "赵"))
    till = await new_phone()
    await sit_down(till, live_server, await person_id("TILL"))
    await till.goto("/till")
    picture = tmp_path / "ticket.png"
    segno.make(link_of(live_server, first), error="m").save(str(picture), scale=6, border=6)
    await till.get_by_label("选一张照片").set_input_files(picture)
    await till.wait_for_url("**/till/check/*")
    await expect(till.get_by_text("周女士")).to_be_visible()

    await till.goto("/till")
    await till.get_by_label("或输入券码").press_sequentially(codes.code_of(second).lower())
    await expect(till.get_by_label("或输入券码")).to_have_value(codes.shown(codes.code_of(second)))
    await till.get_by_role("button", name="查这张券").tap()
    await expect(till.get_by_text("赵")).to_be_visible()

    await till.goto("/till")
    await till.get_by_label("或输入券码").fill("0000000000")
    await till.get_by_role("button", name="查这张券").tap()
    await expect(till.get_by_role("alert").filter(has_text="核销不了")).to_be_visible()


async def test_a_photo_chosen_before_the_page_is_ready_counts(
    new_phone: NewPhone, live_server: str, clock: Clock, tmp_path: Path
) -> None:
    await open_shop(clock)
    coupon = await give(await customer())
    till = await new_phone(service_workers="block")
    await sit_down(till, live_server, await person_id("TILL"))
    chosen = asyncio.Event()

    async def wait(route: Route) -> None:
        await chosen.wait()
        await route.continue_()

    await till.route("**/*.js", wait)
    await till.goto("/till", wait_until="commit")
    picture = tmp_path / "ticket.png"
    segno.make(link_of(live_server, coupon), error="m").save(str(picture), scale=6, border=6)
    await till.get_by_label("选一张照片").set_input_files(picture)
    chosen.set()
    await till.wait_for_url("**/till/check/*")


async def test_without_a_network_nothing_is_redeemed_and_nothing_is_lost(
    new_phone: NewPhone, live_server: str, clock: Clock
) -> None:
    await open_shop(clock)
    coupon = await give(await customer())
    till = await new_phone()
    await sit_down(till, live_server, await person_id("TILL"))
    await till.goto(f"/till/check/{codes.token_of(coupon)}")
    await fill_in(till, "1280", "0457")
    await till.context.set_offline(True)
    await till.get_by_role("button", name="核销").tap()
    await expect(till.get_by_text("没有网络，没有核销。")).to_be_visible()
    await expect(till.get_by_label("小票号")).to_have_value("0457")
    assert await state_of(coupon) == "issued"

    await till.context.set_offline(False)
    await till.get_by_role("button", name="核销").tap()
    await expect(till.get_by_role("heading", name="已核销")).to_be_visible()

    await till.get_by_role("button", name="撤销").tap()
    await expect(till.get_by_role("heading", name="已撤销")).to_be_visible()
    assert await state_of(coupon) == "issued"
