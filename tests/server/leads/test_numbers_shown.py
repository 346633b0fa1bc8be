"""The number of a customer: shown to whoever calls, with a reason, and kept nowhere in clear."""

from uuid import UUID

import pytest

from server.kit import db
from tests.support.cast import person_id
from tests.support.leads import report, take_leads
from tests.support.services import Clock
from tests.support.visitor import NewClient, Visitor, refusal, visit, words

PHONE = "19900000001"
WHY = {"reason": "call", "note": "约周三到店"}


@pytest.fixture
async def customer(app: object, clock: Clock) -> UUID:
    """The record of a customer whom SAL follows up."""
    await take_leads(clock)
    got = await report("MEI", PHONE)
    await db.execute(
        "UPDATE lead SET stage = 'assigned', owner = $2 WHERE id = $1",
        got.lead, await person_id("SAL"),
    )  # fmt: skip
    return await db.value("SELECT id FROM customer")


@pytest.fixture
async def sal(customer: UUID, new_client: NewClient) -> Visitor:
    return await visit(new_client, "SAL")


async def test_it_is_shown_once_a_reason_is_given(customer: UUID, sal: Visitor) -> None:
    record = await sal.read(f"/customers/{customer}")
    assert "199****0001" in record
    assert PHONE not in record
    answer = await sal.send(f"/customers/{customer}/number", WHY)
    assert answer.status_code == 200
    assert f"+86 {PHONE[:3]} {PHONE[3:7]} {PHONE[7:]}" in words(answer)
    assert "今天还可以查看 29 个号码" in words(answer)
    assert answer.headers["cache-control"] == "no-store"
    assert await db.column("SELECT reason FROM phone_reveal") == ["联系线索或成交的事：约周三到店"]
    assert await db.column("SELECT answer::text FROM command WHERE answer::text LIKE '%199%'") == []


async def test_without_a_reason_it_is_not(customer: UUID, sal: Visitor) -> None:
    answer = await sal.send(f"/customers/{customer}/number", {"reason": "other", "note": " "})
    assert answer.status_code == 422
    assert refusal("reason_missing") in words(answer)
    assert PHONE not in answer.text


@pytest.mark.parametrize(("code", "status"), [("MEI", 403), ("FI", 403), ("OP", 200)])
async def test_by_role(customer: UUID, new_client: NewClient, code: str, status: int) -> None:
    who = await visit(new_client, code)
    answer = await who.send(f"/customers/{customer}/number", WHY)
    assert answer.status_code == status
    assert (PHONE in answer.text) is (status == 200)


async def test_a_salesperson_sees_numbers_of_their_own_customers_only(
    customer: UUID, new_client: NewClient
) -> None:
    await db.execute("INSERT INTO person_role VALUES ($1, 'sales')", await person_id("BAO"))
    other = await visit(new_client, "BAO")
    answer = await other.send(f"/customers/{customer}/number", WHY)
    assert answer.status_code == 404
    assert PHONE not in answer.text
