"""What a form's answer tells a phone that sends without its page, and in whose name it may send."""

from urllib.parse import unquote
from uuid import UUID

import httpx

from server.kit import db, ids
from tests.support.cast import person_id
from tests.support.field import open_plan
from tests.support.services import Clock
from tests.support.visitor import NewClient, refusal, visit, words


async def report(
    client: httpx.AsyncClient, writer: UUID | None, customer: str = ""
) -> httpx.Response:
    form = {"kind": "field/call", "customer": customer, "idempotency_key": str(ids.new_id())}
    headers = {"Leitai-Viewer": str(writer)} if writer else {}
    return await client.post("/actions", data=form, headers=headers)


async def test_a_write_in_the_name_of_somebody_else_waits(
    new_client: NewClient, clock: Clock
) -> None:
    await open_plan(clock)
    mei, bao = await person_id("MEI"), await person_id("BAO")
    phone = (await visit(new_client, "BAO")).client

    other = await report(phone, mei)
    assert other.status_code == 401
    assert refusal("somebody_else") in words(other)
    assert await db.value("SELECT count(*) FROM action") == 0

    assert (await report(phone, bao)).status_code == 303
    assert (await report(phone, None)).status_code == 303
    assert await db.value("SELECT count(*) FROM action WHERE person = $1", bao) == 2


async def test_an_answer_says_that_it_is_ours_and_why_it_refused(
    new_client: NewClient, clock: Clock
) -> None:
    await open_plan(clock)
    mei = await person_id("MEI")
    phone = (await visit(new_client, "MEI")).client
    refused = await report(phone, mei, customer="@@@")
    assert refused.status_code == 422
    assert refused.headers["leitai-viewer"] == str(mei)
    assert unquote(refused.headers["leitai-refusal"]) == refusal("customer_unreadable")
    assert "leitai-refusal" not in (await phone.get("/actions/new")).headers

    stranger = await report(new_client(), mei)
    assert stranger.status_code == 401
    assert stranger.headers["leitai-viewer"] == ""


async def test_the_offline_page_is_nobodys(new_client: NewClient, clock: Clock) -> None:
    await open_plan(clock)
    phone = (await visit(new_client, "MEI")).client
    page = (await phone.get("/offline")).text
    assert str(await person_id("MEI")) not in page
    assert 'class="bottom"' not in page
