"""What a cashier sees: the till, the check, green or red, the undo, the orders and their refund."""

import httpx
import pytest

from server.coupons import codes, commands
from server.kit import db, ids
from tests.support.services import Clock
from tests.support.shop import (
    OPTICS,
    customer,
    give,
    open_shop,
    qr,
    sale,
    state_of,
    the_store,
)  # fmt: skip
from tests.support.visitor import NewClient, Visitor, refusal, value_of, visit, words


@pytest.fixture
async def shop(clock: Clock, app: object) -> None:
    await open_shop(clock)


@pytest.fixture
async def till(shop: None, new_client: NewClient) -> Visitor:
    return await visit(new_client, "TILL")


async def redeemed(till: Visitor, path: str, receipt: str = "0457", amount: str = "1280") -> str:
    return await till.sent(path, {"amount": amount, "receipt": receipt})


async def test_from_the_link_of_the_qr_code_to_the_green_screen(till: Visitor) -> None:
    coupon = await give(await customer(), giver="安", source="friend")
    opened = await till.open(f"/C/{codes.token_of(coupon)}")
    check = opened.headers["location"]
    assert check == f"/till/check/{codes.token_of(coupon)}"
    said = await till.read(check)
    assert "¥200 新客见面礼" in said.replace("¥ 200", "¥200")
    assert "周女士 138****1234" in said
    assert "首单可用 · 任意门店 · 12月23日前" in said

    said = await redeemed(till, check)

    assert "已核销" in said
    assert "新客见面礼 ¥200 · 周女士 138****1234" in said
    assert "¥1,080" in said
    assert "应收 · 原价 ¥1,280 · 小票 0457" in said
    assert "新客见面礼¥1,080" in (await till.read("/till")).replace(" ", "")
    assert await state_of(coupon) == "redeemed"


async def test_the_second_scan_is_red_and_says_why(till: Visitor, clock: Clock) -> None:
    coupon = await give(await customer())
    check = f"/till/check/{codes.token_of(coupon)}"
    await redeemed(till, check)
    await clock.advance(minutes=5)
    answer = await till.open(check)
    assert answer.status_code == 409
    assert 'class="outcome bad"' in answer.text
    said = refusal("coupon_used", at="2026-11-23 10:00", store="滨江店")
    assert f"没有核销 {said}" in words(answer)
    sent = await till.send(check, {"amount": "1280", "receipt": "2"})
    assert (sent.status_code, 'class="outcome bad"' in sent.text) == (409, True)


async def test_every_final_no_fills_the_screen(till: Visitor, new_client: NewClient) -> None:
    west = await visit(new_client, "WEST")
    tenth = await give(await customer(), "tenth")
    answer = await west.open(f"/till/check/{codes.token_of(tenth)}")
    assert refusal("coupon_wrong_store", stores="华东") in words(answer)
    unknown = await till.open("/till/check/" + "0" * 26)
    assert (unknown.status_code, 'class="outcome bad"' in unknown.text) == (404, True)
    assert (await till.open("/till/check/nonsense")).status_code == 404


@pytest.mark.parametrize(
    ("fields", "code", "facts"),
    [
        ({"amount": "x", "receipt": "1"}, "amount_unreadable", {}),
        ({"amount": "499", "receipt": "1"}, "below_least_order", {"least": "¥500"}),
        ({"amount": "1280", "receipt": " "}, "receipt_missing", {}),
        ({"amount": "1280", "receipt": "0" * 41}, "receipt_unreadable", {"most": 40}),
    ],
)
async def test_a_slip_is_said_beside_its_field_and_what_was_typed_stays(
    till: Visitor, fields: dict[str, str], code: str, facts: dict[str, object]
) -> None:
    coupon = await give(await customer(), "thanks")
    check = f"/till/check/{codes.token_of(coupon)}"
    answer = await till.send(check, fields, key="k1")
    assert answer.status_code in {409, 422}
    assert refusal(code, **facts) in words(answer)
    assert value_of(answer, "amount") == fields["amount"]
    # The same key goes on: nothing was done under it.
    assert value_of(answer, "idempotency_key") == "k1"
    done = await till.send(check, {"amount": "1280", "receipt": "1"}, key="k1")
    assert done.status_code == 303


async def test_sent_twice_it_is_redeemed_once(till: Visitor) -> None:
    coupon = await give(await customer())
    check, key = f"/till/check/{codes.token_of(coupon)}", str(ids.new_id())
    fields = {"amount": "1280", "receipt": "1"}
    first = await till.send(check, fields, key=key)
    again = await till.send(check, fields, key=key)
    assert first.headers["location"] == again.headers["location"]
    assert await db.value("SELECT count(*) FROM customer_order") == 1


async def test_undone_within_two_minutes_the_coupon_is_good_again(
    till: Visitor, clock: Clock
) -> None:
    coupon = await give(await customer())
    sent = await till.send(
        f"/till/check/{codes.token_of(coupon)}", {"amount": "1280", "receipt": "1"}
    )
    done = sent.headers["location"]
    page = await till.open(done)
    assert 'data-undo-seconds="120"' in page.text
    await clock.advance(seconds=119)
    assert 'data-undo-seconds="1"' in (await till.open(done)).text
    assert "已撤销" in await till.sent(f"{done}/undo", {})
    assert await state_of(coupon) == "issued"
    assert "已撤销" in await till.read("/till")


async def test_after_two_minutes_no_undo_is_offered_nor_done(till: Visitor, clock: Clock) -> None:
    coupon = await give(await customer())
    sent = await till.send(
        f"/till/check/{codes.token_of(coupon)}", {"amount": "1280", "receipt": "1"}
    )
    done = sent.headers["location"]
    await clock.advance(minutes=2)
    assert "data-undo-seconds" not in (await till.open(done)).text
    answer = await till.send(f"{done}/undo", {})
    assert refusal("undo_too_late") in words(answer)
    assert await state_of(coupon) == "redeemed"


async def test_a_colleague_sees_it_but_cannot_undo_it(till: Visitor, new_client: NewClient) -> None:
    coupon = await give(await customer())
    order = await commands.redeem(qr(coupon), await sale("1"))
    other, west = await visit(new_client, "TILL2"), await visit(new_client, "WEST")
    assert "data-undo-seconds" not in (await other.open(f"/till/done/{order}")).text
    assert refusal("not_your_redemption") in words(await other.send(f"/till/done/{order}/undo", {}))
    assert (await west.open(f"/till/done/{order}")).status_code == 404
    assert (await west.open(f"/till/orders/{order}")).status_code == 404


async def test_a_manager_finds_an_order_by_its_receipt_and_refunds_it(
    till: Visitor, new_client: NewClient
) -> None:
    coupon = await give(await customer())
    order = await commands.redeem(qr(coupon), await sale("A-0457"))
    boss = await visit(new_client, "BOSS")
    assert f'href="/till/orders/{order}"' in (await boss.open("/till/orders?receipt=a-0457")).text
    assert str(order) not in (await boss.open("/till/orders?receipt=0458")).text
    assert "退款" not in await till.read(f"/till/orders/{order}")

    silent = await boss.send(f"/till/orders/{order}/refund", {"reason": ""})
    assert refusal("reason_missing") in words(silent)
    said = await boss.sent(f"/till/orders/{order}/refund", {"reason": "客户退货"})

    assert "已退款" in said
    assert "客户退货" in said
    assert "包店长" in said
    assert await state_of(coupon) == "issued"


async def test_operations_without_a_store_choose_one(shop: None, new_client: NewClient) -> None:
    coupon = await give(await customer())
    lin = await visit(new_client, "OP")
    check = f"/till/check/{codes.token_of(coupon)}"
    assert "滨江店" in await lin.read(check)
    fields = {"amount": "1280", "receipt": "1"}
    assert refusal("store_missing") in words(await lin.send(check, fields))
    store = str((await the_store(OPTICS)).id)
    said = await lin.sent(check, fields | {"store": store})
    assert "已核销" in said


async def test_what_is_handed_over_is_said(till: Visitor) -> None:
    pack = await give(await customer(), "pack")
    said = await redeemed(till, f"/till/check/{codes.token_of(pack)}")
    assert "请交付：收纳三件套" in said
    assert "¥1,280" in said


async def test_only_the_scanning_page_may_run_webassembly(till: Visitor) -> None:
    policy = "Content-Security-Policy"
    assert "'wasm-unsafe-eval'" in (await till.open("/till")).headers[policy]
    assert "wasm" not in (await till.open("/till/orders")).headers[policy]
    assert "'unsafe-eval'" not in (await till.open("/till")).headers[policy]


@pytest.mark.parametrize(
    ("path", "code", "status"),
    [
        ("/till", "FI", 403), ("/till", "AD", 403), ("/till", "AU", 403), ("/till", "OP", 200),
        ("/till", "BOSS", 200), ("/till/orders", "FI", 200), ("/till/orders", "AD", 403),
        ("/coupons", "FI", 200),
    ],
)  # fmt: skip
async def test_who_may_look(
    shop: None, new_client: NewClient, path: str, code: str, status: int
) -> None:
    assert (await (await visit(new_client, code)).open(path)).status_code == status


async def test_whoever_is_not_signed_in_signs_in_first(
    shop: None, client: httpx.AsyncClient
) -> None:
    answer = await client.get("/till")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/till")


@pytest.mark.parametrize(("locale", "said"), [("zh_Hant", "核銷"), ("en", "Coupon redeemed")])
async def test_in_three_languages(till: Visitor, locale: str, said: str) -> None:
    till.client.cookies.set("locale", locale)
    coupon = await give(await customer())
    assert said in await redeemed(till, f"/till/check/{codes.token_of(coupon)}")
