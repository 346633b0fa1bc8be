"""Finding colleagues and leads: what is found, by whom, and that no number gets into an address."""

from uuid import UUID

import pytest
from litestar.types import ASGIApp

from server.kit import crypto, db
from server.people import rights, sessions
from tests.support.cast import person_id
from tests.support.leads import report, take_leads
from tests.support.services import Clock
from tests.support.shop import customer
from tests.support.visitor import NewClient, Visitor, visit, words

PHONE = "13812340001"


@pytest.fixture
async def company(app: ASGIApp, clock: Clock) -> None:
    await take_leads(clock)


async def found(who: Visitor, typed: str) -> str:
    """What the page says after somebody typed this, wherever it is said."""
    answer = await who.client.post("/search", data={"words": typed})
    if answer.status_code == 303:
        return await who.read(answer.headers["location"])
    assert answer.status_code == 200
    return words(answer)


async def give_phone(person: UUID, phone: str) -> None:
    number = crypto.normal_phone(phone)
    sealed = crypto.seal(number, "person_phone", "ciphertext", str(person))
    await db.execute(
        "INSERT INTO person_phone (person, blind_index, ciphertext, wrapped_key)"
        " VALUES ($1, $2, $3, $4)",
        person, crypto.blind_index(number), sealed.ciphertext, sealed.wrapped_key,
    )  # fmt: skip


@pytest.mark.usefixtures("company")
async def test_colleagues_are_found_by_name_and_unit_without_a_phone(new_client: NewClient) -> None:
    mei = await visit(new_client, "MEI")
    said = await found(mei, "陈")
    assert "陈磊 华东/厨房" in said
    assert "/people/" not in (await mei.open("/search?q=陈")).text, "it is no page of hers"
    assert "宝" in await found(mei, "仓库")
    for sound in ("cl", "CL", "chenlei", "chen l", "chenl"):
        assert "陈磊" in await found(mei, sound), sound
    assert "陈磊" not in await found(mei, "lc")
    assert "没有找到" in await found(mei, "无此人")
    assert "没有找到" in await found(mei, "%")


@pytest.mark.usefixtures("company")
async def test_whoever_opted_out_is_found_by_administrators_only(new_client: NewClient) -> None:
    await rights.opt_out(await person_id("CHEN"))
    assert "没有找到" in await found(await visit(new_client, "MEI"), "陈磊")
    admin = await visit(new_client, "AD")
    assert "陈磊" in await found(admin, "陈磊")
    assert f"/people/{await person_id('CHEN')}" in (await admin.open("/search?q=陈磊")).text


@pytest.mark.usefixtures("company")
async def test_a_lead_is_found_by_its_reporter_and_the_desks(new_client: NewClient) -> None:
    await report("MEI", PHONE, name="周女士")
    mei, bao = await visit(new_client, "MEI"), await visit(new_client, "BAO")
    desk = await visit(new_client, "OP")
    for typed in ("周", "0001", PHONE, "138 1234 0001"):
        assert "周女士" in await found(mei, typed), typed
        assert "周女士" in await found(desk, typed), typed
        assert "周女士" not in await found(bao, typed), typed
    assert "没有找到" in await found(mei, "0002")


@pytest.mark.usefixtures("company")
async def test_whoever_follows_a_lead_up_finds_it(new_client: NewClient) -> None:
    lead = (await report("MEI", PHONE)).lead
    sales = await visit(new_client, "SAL")
    assert "没有找到" in await found(sales, "0001")
    await db.execute("UPDATE lead SET owner = $2 WHERE id = $1", lead, await person_id("SAL"))
    assert "周女士" in await found(sales, "0001")


@pytest.mark.usefixtures("company")
async def test_no_number_stands_in_an_address(new_client: NewClient) -> None:
    await report("MEI", PHONE)
    mei = await visit(new_client, "MEI")
    answer = await mei.client.post("/search", data={"words": PHONE})
    assert answer.status_code == 200, "shown at once, without an address"
    assert answer.headers["cache-control"] == "no-store"
    said = await mei.read(f"/search?q={PHONE}")
    assert "周女士" not in said, "one that was put there is not looked for"
    by_name = await mei.client.post("/search", data={"words": " 周 "})
    assert by_name.headers["location"] == "/search?q=%E5%91%A8"


@pytest.mark.usefixtures("company")
async def test_administrators_find_people_by_phone(new_client: NewClient) -> None:
    chen = await person_id("CHEN")
    await customer("13900005678")
    admin = await visit(new_client, "AD")
    assert "没有找到" in await found(admin, "5678"), "a customer is nobody of the house"
    await give_phone(chen, "13811115678")
    assert "陈磊" in await found(admin, "5678")
    assert "陈磊" in await found(admin, "13811115678")
    assert "没有找到" in await found(await visit(new_client, "MEI"), "5678")


@pytest.mark.usefixtures("company")
async def test_customers_search_nothing(new_client: NewClient) -> None:
    client = new_client()
    opened = await sessions.start_session(await customer())
    client.cookies.set("sid", opened.token)
    assert (await client.get("/search?q=陈")).status_code == 403
