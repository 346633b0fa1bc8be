"""Orders over JSON: with a coupon, without one, undone, refunded, and sent again."""

from typing import Any

import httpx
import pytest

from server.coupons import codes, queries
from server.kit import db
from tests.support.cast import Cast
from tests.support.services import Clock
from tests.support.shop import OPTICS, customer, give, open_shop, state_of, the_store

PHONE = "13812341234"


@pytest.fixture
async def cast(client: httpx.AsyncClient, clock: Clock) -> Cast:
    await open_shop(clock)
    return Cast(client)


def order(receipt: str = "0457", amount: int = 128000, **more: Any) -> dict[str, Any]:
    return {"receipt": receipt, "amount": amount} | more


async def test_an_order_redeems_its_coupon(cast: Cast) -> None:
    coupon = await give(await customer())
    answer = await cast.post("TILL", "/api/orders", order(coupon=codes.token_of(coupon)))
    assert answer.status_code == 201
    shown = answer.json()
    assert (shown["amount"], shown["off"], shown["payable"]) == (128000, 20000, 108000)
    assert (shown["coupon"], shown["is_first"]) == (str(coupon), True)
    assert (await cast.get("BOSS", f"/api/orders/{shown['id']}")).json() == shown
    # A lower-case QR text is the same token.
    again = await cast.post(
        "TILL", "/api/orders", order("2", coupon=codes.token_of(coupon).lower())
    )
    assert (again.status_code, again.json()["error"]) == (409, "coupon_used")
    assert again.json()["facts"] == {"at": "2026-11-23 10:00", "store": "滨江店"}


async def test_the_same_key_gets_the_first_answer_again(cast: Cast) -> None:
    coupon = await give(await customer())
    for presented in (codes.token_of(coupon), codes.code_of(coupon)):
        said = order(f"R-{len(presented)}", coupon=presented)
        first = await cast.post("TILL", "/api/orders", said, key="k1" + presented)
        again = await cast.post("TILL", "/api/orders", said, key="k1" + presented)
        assert first.json() == again.json()
        other = await cast.post("TILL", "/api/orders", said | {"amount": 1}, key="k1" + presented)
        if first.status_code == 201:
            assert (other.status_code, other.json()["error"]) == (422, "idempotency_mismatch")
            undone = await cast.post("TILL", f"/api/orders/{first.json()['id']}/undo")
            assert undone.json()["reversed_as"] == "undone"
    assert await db.value("SELECT count(*) FROM customer_order") == 2


async def test_an_order_of_a_phone_without_a_coupon(cast: Cast) -> None:
    who = await customer(PHONE)
    said = order(customer=f"+86 {PHONE}", payer="openid-1", device="phone-1")
    answer = (await cast.post("TILL", "/api/orders", said)).json()
    assert (answer["payable"], answer["coupon"], answer["is_first"]) == (128000, None, True)
    kept = await queries.order(answer["id"])
    assert kept.customer == who
    row = await db.value("SELECT o::text FROM customer_order o")
    assert "openid-1" not in row
    assert "phone-1" not in row
    assert len(await db.value("SELECT payer FROM customer_order")) == 32
    nobody = await cast.post("TILL", "/api/orders", order("2"))
    assert (nobody.status_code, nobody.json()["error"]) == (422, "customer_unreadable")
    second = (await cast.post("TILL", "/api/orders", order("3", customer=PHONE))).json()
    assert second["is_first"] is False


async def test_a_coupon_is_bound_to_its_customer(cast: Cast) -> None:
    coupon = await give(await customer(PHONE))
    token = codes.token_of(coupon)
    another = await cast.post("TILL", "/api/orders", order(coupon=token, customer="13900001111"))
    assert (another.status_code, another.json()["error"]) == (409, "coupon_of_another")
    own = await cast.post("TILL", "/api/orders", order(coupon=token, customer=PHONE))
    assert own.status_code == 201


async def test_operations_say_in_which_store(cast: Cast) -> None:
    await customer(PHONE)
    lost = await cast.post("OP", "/api/orders", order(customer=PHONE))
    assert (lost.status_code, lost.json()["error"]) == (422, "store_missing")
    there = str((await the_store(OPTICS)).id)
    done = await cast.post("OP", "/api/orders", order(customer=PHONE, store=there))
    assert done.json()["store"] == there
    # Store staff stand in their own, whatever they say.
    here = await cast.post("TILL", "/api/orders", order("2", customer=PHONE, store=there))
    assert here.json()["store"] == str((await the_store()).id)


@pytest.mark.parametrize(
    ("code", "path", "status"),
    [
        ("FI", "/api/orders", 403), ("AD", "/api/orders", 403), ("AU", "/api/orders", 403),
        ("TILL", "/api/orders/{}/refund", 403), ("AD", "/api/orders/{}/refund", 403),
        ("WEST", "/api/orders/{}/undo", 404), ("TILL2", "/api/orders/{}/undo", 403),
        ("BOSS", "/api/orders/{}/refund", 201), ("FI", "/api/orders/{}/refund", 201),
        ("OP", "/api/orders/{}/refund", 201), ("TILL", "/api/orders/{}/undo", 201),
    ],
)  # fmt: skip
async def test_who_may_do_what(cast: Cast, code: str, path: str, status: int) -> None:
    await customer(PHONE)
    placed = (await cast.post("TILL", "/api/orders", order(customer=PHONE))).json()
    body = {"reason": "客户退货"} if "refund" in path else order("2", customer=PHONE)
    sent = None if "undo" in path else body
    assert (await cast.post(code, path.format(placed["id"]), sent)).status_code == status


async def test_a_customer_is_no_till(client: httpx.AsyncClient, cast: Cast) -> None:
    who = await customer(PHONE)
    await db.execute("UPDATE person SET code = 'ZHOU' WHERE id = $1", who)
    assert (await cast.post("ZHOU", "/api/orders", order(customer=PHONE))).status_code == 403
    assert (await cast.get("ZHOU", "/till")).status_code == 403
    assert (await client.post("/api/orders", json=order())).status_code == 401


async def test_a_refund_takes_the_order_back(cast: Cast) -> None:
    coupon = await give(await customer())
    placed = (await cast.post("TILL", "/api/orders", order(coupon=codes.token_of(coupon)))).json()
    silent = await cast.post("BOSS", f"/api/orders/{placed['id']}/refund", {"reason": ""})
    assert (silent.status_code, silent.json()["error"]) == (422, "reason_missing")
    done = await cast.post("BOSS", f"/api/orders/{placed['id']}/refund", {"reason": "退货"})
    assert done.json()["reversed_as"] == "refunded"
    assert await state_of(coupon) == "issued"


async def test_what_an_order_comes_to_is_told_before(cast: Cast) -> None:
    token = codes.token_of(await give(await customer(), "thanks"))

    async def asked(amount: str) -> dict[str, Any]:
        path = f"/api/coupons/{token}/payable"
        answer = await cast.client.get(
            path, params={"amount": amount}, headers=await cast.cookies("TILL")
        )
        return dict(answer.json())

    assert await asked("1280") == {
        "off": 20000, "payable": 108000, "shown": {"payable": "¥1,080", "off": "¥200"},
    }  # fmt: skip
    assert (await asked("1,280.5"))["payable"] == 108050
    assert (await asked("１２８０元"))["payable"] == 108000
    assert (await asked("499.99"))["error"] == "below_least_order"
    assert "¥500" in (await asked("499.99"))["message"]
    for typed in ("", "x", "-1", "1.234", "1e3", "99999999"):
        assert (await asked(typed))["error"] == "amount_unreadable", typed
