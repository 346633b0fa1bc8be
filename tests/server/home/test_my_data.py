"""A person sees, takes away, corrects and erases what is held of them; the ledger stays whole."""

import json
from uuid import UUID

import pytest

from game.ledger import Leg, Posting
from server.actions.customers import customer_key
from server.kit import crypto, db, ids
from server.ledger import commands as ledger
from server.ledger.commands import Transfer
from server.people import reveals, visitors
from tests.support.cast import person_id
from tests.support.leads import report, stage_of, take_leads
from tests.support.services import Clock
from tests.support.visitor import NewClient, Visitor, refusal, visit, words

PHONE = "19900000001"


@pytest.fixture
async def company(app: object, clock: Clock) -> None:
    await take_leads(clock)


async def customer(new_client: NewClient, phone: str = PHONE) -> tuple[UUID, Visitor]:
    """A customer with a phone, signed in."""
    found = await visitors.customer_of(crypto.normal_phone(phone))
    code = await db.value("SELECT code FROM person WHERE id = $1", found.id)
    return found.id, await visit(new_client, code)


async def test_a_customer_reads_what_was_noted_and_who_saw_the_number(
    company: None, new_client: NewClient
) -> None:
    await report("MEI", PHONE, note="想看两居室")
    key = await customer_key(PHONE)
    await db.execute("INSERT INTO person_role VALUES ($1, 'sales')", await person_id("MEI"))
    await reveals.reveal("customer", key, await person_id("MEI"), "约周三到店")
    _, one = await customer(new_client)
    said = await one.read("/me/data")
    for shown in ("199****0001", "想看两居室", "约周三到店"):
        assert shown in said, shown
    assert "梅" not in said
    assert "/me/data" in (await one.open("/me")).text


async def test_a_copy_holds_the_same(company: None, new_client: NewClient) -> None:
    await report("MEI", PHONE, note="想看两居室")
    _, one = await customer(new_client)
    copy = await one.open("/me/data/copy")
    assert copy.headers["content-disposition"].startswith("attachment")
    held = json.loads(copy.text)
    assert [each["note"] for each in held["about"]] == ["想看两居室"]
    assert PHONE not in copy.text


async def test_a_customer_corrects_a_name_an_employee_asks(
    company: None, new_client: NewClient
) -> None:
    person, one = await customer(new_client)
    assert "周小姐" in await one.sent("/me/data/name", {"name": " 周小姐 "})
    empty = await one.send("/me/data/name", {"name": " "})
    assert (empty.status_code, refusal("name_missing") in words(empty)) == (422, True)
    mei = await visit(new_client, "MEI")
    assert (await mei.send("/me/data/name", {"name": "别人"})).status_code == 403
    await mei.sent("/me/data/ask", {"kind": "correct", "said": "梅应写作湄"})
    again = await mei.send("/me/data/ask", {"kind": "correct", "said": "快点"})
    assert refusal("request_open") in words(again)

    desk = await visit(new_client, "AD")
    assert "梅应写作湄" in await desk.read("/people/data")
    asked = await db.value("SELECT id FROM data_request")
    await desk.sent(f"/people/data/{asked}", {"answer": "改好了"})
    assert "改好了" in await mei.read("/me/data")
    assert await db.value("SELECT name FROM person WHERE id = $1", person) == "周小姐"


async def test_a_customer_is_erased_and_the_ledger_stays_whole(
    company: None, new_client: NewClient
) -> None:
    got = await report("MEI", PHONE, note="想看两居室")
    person, one = await customer(new_client)
    await one.sent("/me/data/name", {"name": "周小姐"})
    unsure = await one.send("/me/data/erase", {})
    assert refusal("not_confirmed") in words(unsure)
    assert (await one.send("/me/data/erase", {"sure": "yes"})).status_code == 303
    assert (await one.open("/me/data")).status_code in {303, 401}

    assert await stage_of(got.lead) == "withdrawn"
    assert await db.value("SELECT count(*) FROM person_phone WHERE person = $1", person) == 0
    key = f"tel:{crypto.blind_index('+8619900000001').hex()}"
    assert await db.value("SELECT wrapped_key IS NULL FROM customer WHERE key = $1", key)
    for table in ("person", "lead", "lead_step", "notice", "customer", "verdict", "command"):
        for word in ("周小姐", "周女士", "想看两居室", "0001"):
            found = await db.column(
                f"SELECT t::text FROM {table} t WHERE to_jsonb(t)::text LIKE $1"
                " AND to_jsonb(t)::text NOT LIKE '%tel:%' || $2 || '%'",
                f"%{word}%", "0001",
            )  # fmt: skip
            assert found == [], (table, word)
    assert await db.value("SELECT coalesce(sum(amount), 0) FROM entry") == 0


async def test_who_was_forgotten_may_come_back(company: None, new_client: NewClient) -> None:
    await report("MEI", PHONE)
    _, one = await customer(new_client)
    await one.send("/me/data/erase", {"sure": "yes"})
    key = await customer_key(PHONE)
    assert await db.value("SELECT shown FROM customer WHERE key = $1", key) == "199****0001"
    again, _ = await customer(new_client)
    assert await db.value("SELECT active FROM person WHERE id = $1", again)


async def test_an_employee_is_erased_by_an_administrator_only(
    company: None, new_client: NewClient
) -> None:
    got = await report("MEI", PHONE)
    mei = await visit(new_client, "MEI")
    assert (await mei.send("/me/data/erase", {"sure": "yes"})).status_code == 403
    unsaid = await mei.send("/me/data/ask", {"kind": "erase", "why": " "})
    assert refusal("request_missing") in words(unsaid)
    await mei.sent("/me/data/ask", {"kind": "erase", "why": "我离职了"})
    assert (await mei.open("/people/data")).status_code == 403
    asked, person = await db.value("SELECT id FROM data_request"), await person_id("MEI")
    desk = await visit(new_client, "AD")
    form = {"verb": "erase", "answer": "", "sure": ""}
    assert refusal("not_confirmed") in words(await desk.send(f"/people/data/{asked}", form))
    await desk.sent(f"/people/data/{asked}", form | {"sure": "yes"})
    row = await db.value("SELECT to_jsonb(p) FROM person p WHERE id = $1", person)
    assert (row["name"], row["active"], row["code"][:2]) == ("—", False, "X-")
    # What they reported goes on.
    assert await stage_of(got.lead) == "submitted"
    assert (await mei.open("/me")).status_code in {303, 401}


async def test_nobody_is_erased_while_money_is_owed(company: None, new_client: NewClient) -> None:
    person, one = await customer(new_client)
    await owe(person)
    answer = await one.send("/me/data/erase", {"sure": "yes"})
    assert (answer.status_code, refusal("money_waiting") in words(answer)) == (409, True)
    assert await db.value("SELECT active FROM person WHERE id = $1", person)


async def owe(person: UUID) -> None:
    """Give somebody ¥200 in cash."""
    legs = (Leg("issuer", None, -20_000), Leg("wallet", str(person), 20_000))
    await ledger.post(
        Transfer(
            id=ids.new_id(), kind="honour", reference="1", actor=None, facts={},
            posting=Posting("cash", legs, {}),
        )
    )  # fmt: skip
