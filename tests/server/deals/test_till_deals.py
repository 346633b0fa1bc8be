"""Orders of the till whose customer is a lead's become deals, and go back with them (D8)."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from server.deals import queries
from server.deals.queries import Deal
from server.kit import db
from tests.support.cast import Cast
from tests.support.deals import PHONE, check, deal, lead, open_desk, stage_of, told
from tests.support.services import Clock


@pytest.fixture
async def cast(client: httpx.AsyncClient, clock: Clock) -> Cast:
    await open_desk(clock)
    return Cast(client)


async def order(cast: Cast, receipt: str = "0457", **more: Any) -> UUID:
    said = {"receipt": receipt, "amount": 399_900, "customer": PHONE} | more
    answer = await cast.post("TILL", "/api/orders", said)
    assert answer.status_code == 201, answer.text
    return UUID(answer.json()["id"])


async def deal_of(one: UUID) -> Deal:
    found = await queries.deal_of_order(one)
    assert found is not None
    return await queries.deal(found)


async def test_an_order_of_a_lead_s_customer_waits_for_its_check(cast: Cast) -> None:
    came_from = await lead()
    one = await deal_of(await order(cast))
    assert (one.state, one.source, one.contract, one.amount) == (
        "reported",
        "order",
        "0457",
        399_900,
    )
    assert (one.lead, one.linked_as, one.reporter_name) == (came_from, "customer", "梅")
    assert (one.seller_name, one.store_name, one.is_first) == ("丁店员", "滨江店", True)
    done = await check(one.id)
    assert (done.state, await stage_of(came_from)) == ("counted", "deal")
    # The lead has come to its deal: what the customer buys next is no deal by itself.
    assert await queries.deal_of_order(await order(cast, "0458")) is None


async def test_what_is_nobody_s_lead_is_no_deal(cast: Cast) -> None:
    await lead("13812340002", valid=False)
    for receipt, customer in (("1", PHONE), ("2", "13812340002"), ("3", "C-1")):
        assert await queries.deal_of_order(await order(cast, receipt, customer=customer)) is None
    assert await db.value("SELECT count(*) FROM deal") == 0


async def test_a_receipt_that_was_reported_by_hand_is_no_second_deal(cast: Cast) -> None:
    await lead()
    await deal("0457")
    assert await queries.deal_of_order(await order(cast)) is None
    # And the other way round.
    await order(cast, "0460")
    said = {
        "plan": "sold", "contract": "0460", "customer": PHONE, "amount": 1,
        "made_at": "2026-11-25T09:00:00+08:00",
    }  # fmt: skip
    again = await cast.post("SAL", "/api/deals", said)
    assert (again.status_code, again.json()["error"]) == (409, "contract_taken")


async def test_a_refunded_order_takes_its_deal_back(cast: Cast) -> None:
    came_from = await lead()
    first = await order(cast)
    await check((await deal_of(first)).id)
    answer = await cast.post("OP", f"/api/orders/{first}/refund", {"reason": "退货"})
    assert answer.status_code == 201
    one = await deal_of(first)
    assert (one.state, one.reason, one.closed_name) == ("refunded", "退货", "林芳")
    assert await stage_of(came_from) == "lost"
    assert "deal_refunded" in await told("MEI")


async def test_an_order_that_was_undone_leaves_no_news(cast: Cast) -> None:
    await lead()
    first = await order(cast)
    answer = await cast.post("TILL", f"/api/orders/{first}/undo")
    assert answer.status_code == 201
    one = await deal_of(first)
    assert (one.state, one.reason) == ("refunded", "undone")
    assert await told("MEI") == []
    assert "undone" not in (await cast.get("MEI", f"/deals/{one.id}")).text.split("<main")[1]
    # A deal that was taken back on its page goes with its order, once.
    second = await order(cast, "0458")
    answer = await cast.post(
        "OP", f"/api/deals/{(await deal_of(second)).id}/refuse", {"reason": "x"}
    )
    assert answer.json()["state"] == "refused"
    assert (await cast.post("TILL", f"/api/orders/{second}/undo")).status_code == 201
    assert (await deal_of(second)).state == "refused"
