"""Settlement over HTTP: finance computes, approves, exports and pays; everybody sees their own."""

import csv
import io
import re
from collections.abc import Callable
from uuid import UUID

import httpx
import pytest
from python_calamine import CalamineWorkbook

from server.kit import db, ids
from server.settlements import exports, queries
from tests.support.cast import person_id
from tests.support.door import enter, says
from tests.support.services import Clock
from tests.support.settling import (
    JULY,
    JUNE,
    bytes_of,
    earn,
    held,
    open_company,
    partner,
    settle,
    statement_id,
)

Browsers = Callable[[], httpx.AsyncClient]


@pytest.fixture
async def finance(new_client: Browsers, clock: Clock) -> httpx.AsyncClient:
    """The finance colleague's browser, on the first of July; June's cash of three people is there."""
    await open_company(clock)
    dealer = await partner("dealer")
    await earn(await person_id("S1"), 123_456)
    await earn(await person_id("S1"), -3_456, "commission_back")
    await earn(await person_id("S2"), 51_839, "payout")
    await earn(dealer, 80_000)
    await clock.set(JULY)
    return await browser_of(new_client, "FI")


async def browser_of(new_client: Browsers, code: str) -> httpx.AsyncClient:
    made = visitor(new_client)
    await enter(made, code)
    return made


def visitor(new_client: Browsers) -> httpx.AsyncClient:
    """Somebody's browser in English, signed in as nobody."""
    made = new_client()
    made.headers["Accept-Language"] = "en"
    return made


async def press(browser: httpx.AsyncClient, path: str, **fields: str) -> httpx.Response:
    return await browser.post(path, data={"idempotency_key": str(ids.new_id()), **fields})


async def test_from_computing_to_paid_all_in_the_app(
    finance: httpx.AsyncClient, new_client: Browsers
) -> None:
    shown = await finance.get("/settlements")
    assert "¥2,518.39" in shown.text
    made = await press(finance, "/settlements", every="month")
    assert made.status_code == 303
    path = made.headers["location"]
    shown = await finance.get(path)
    assert "¥1,718.39" in shown.text
    assert says(await press(finance, f"{path}/approved")).startswith("You computed this settlement")

    second = await browser_of(new_client, "FI2")
    approved = await press(second, f"{path}/approved")
    assert approved.headers["location"] == f"{path}?done=approved"
    assert "Approved." in (await second.get(approved.headers["location"])).text
    mine = await statement_id(UUID(path.rsplit("/", 1)[1]), await person_id("S1"))
    assert "Mark ¥1,200 as paid" in (await second.get(f"/statements/{mine}")).text
    assert (await press(second, f"{path}/paid", statement=str(mine))).status_code == 303
    assert await held(await person_id("S1")) == (0, 0)
    assert says(await press(second, f"{path}/paid", statement=str(mine))).startswith(
        "This was marked"
    )
    assert (await press(second, f"{path}/paid")).status_code == 303
    assert "paid ¥1,718.39" in re.sub("<[^>]+>", "", (await second.get(path)).text)


async def test_the_same_press_sent_again_does_it_once(finance: httpx.AsyncClient) -> None:
    answers = [
        await finance.post("/settlements", data={"every": "month", "idempotency_key": "one"})
        for _ in range(3)
    ]
    assert len({each.headers["location"] for each in answers}) == 1
    other = await finance.post("/settlements", data={"every": "quarter", "idempotency_key": "one"})
    assert other.status_code == 422
    assert says(await press(finance, "/settlements", every="week")) == (
        "Choose the month or the quarter."
    )


async def test_a_run_thrown_away_says_why(finance: httpx.AsyncClient) -> None:
    path = (await press(finance, "/settlements", every="month")).headers["location"]
    assert says(await press(finance, f"{path}/discarded", reason=" ")) != ""
    gone = await press(finance, f"{path}/discarded", reason="the refunds of June are missing")
    assert "the refunds of June are missing" in (await finance.get(gone.headers["location"])).text
    again = (await press(finance, "/settlements", every="month")).headers["location"]
    assert again != path


@pytest.mark.parametrize("code", ["S1", "OP", "AD", "AU"])
async def test_only_finance_computes_approves_exports_and_pays(
    finance: httpx.AsyncClient, new_client: Browsers, code: str
) -> None:
    june = await settle()
    other, path = await browser_of(new_client, code), f"/settlements/{june}"
    for answer in (
        await press(other, "/settlements", every="quarter"),
        await press(other, f"{path}/approved"),
        await press(other, f"{path}/discarded", reason="no"),
        await press(other, f"{path}/paid"),
        await other.get(f"{path}/pay.xlsx"),
        await other.get(f"{path}/pay.csv"),
    ):
        assert answer.status_code == 403
    reads = [(await other.get(each)).status_code for each in ("/settlements", path)]
    assert reads == [200, 200] if code == "AU" else [403, 403]


async def test_a_statement_is_its_owner_s_once_it_is_approved(
    finance: httpx.AsyncClient, new_client: Browsers
) -> None:
    path = (await press(finance, "/settlements", every="month")).headers["location"]
    run = UUID(path.rsplit("/", 1)[1])
    mine = f"/statements/{await statement_id(run, await person_id('S1'))}"
    mei, bao = await browser_of(new_client, "S1"), await browser_of(new_client, "S2")
    assert (await mei.get(mine)).status_code == 404
    assert "2026-06" not in (await mei.get("/statements")).text
    await press(await browser_of(new_client, "FI2"), f"{path}/approved")
    shown = await mei.get(mine)
    assert "¥1,200" in shown.text
    assert "Commission taken back" in shown.text
    assert "Mark " not in shown.text
    assert "2026-06" in (await mei.get("/statements")).text
    assert (await bao.get(mine)).status_code == 404
    assert (await new_client().get(mine)).headers["location"].startswith("/sign-in")
    assert (await mei.get(f"/statements/{ids.new_id()}")).status_code == 404


async def test_a_partner_reads_theirs_on_the_phone(
    finance: httpx.AsyncClient, new_client: Browsers
) -> None:
    path = (await press(finance, "/settlements", every="quarter")).headers["location"]
    await press(await browser_of(new_client, "FI2"), f"{path}/approved")
    dealer = await browser_of(new_client, "P1")
    assert "quarter 2" in (await dealer.get("/statements")).text
    mine = await statement_id(UUID(path.rsplit("/", 1)[1]), await person_id("P1"))
    shown = (await dealer.get(f"/statements/{mine}")).text
    assert "business income" in shown
    # Their wallet has no page: no line leads there.
    assert 'href="/wallet' not in shown


async def test_the_qr_tells_anybody_that_it_is_genuine_and_no_more(
    finance: httpx.AsyncClient, new_client: Browsers
) -> None:
    stranger, run = visitor(new_client), await settle()
    mei = await person_id("S1")
    hash_ = (await queries.statement(await statement_id(run, mei))).hash.hex()
    shown = await stranger.get(f"/V/{hash_.upper()}")
    assert shown.status_code == 200
    assert all(word in shown.text for word in ("genuine", "2026-06", "¥1,200", "not yet"))
    assert not any(word in shown.text for word in ("梅", "S1", str(mei), "Commission", "云栖湾"))
    await press(finance, f"/settlements/{run}/paid")
    assert "not yet" not in (await stranger.get(f"/v/{hash_}")).text
    other = f"{'0' if hash_[0] != '0' else '1'}{hash_[1:]}"
    for wrong in (other, hash_[:-2], "x" * 64, "é"):
        assert (await stranger.get(f"/v/{wrong}")).status_code == 404


async def test_a_run_that_is_not_approved_is_not_genuine(
    finance: httpx.AsyncClient, new_client: Browsers
) -> None:
    await press(finance, "/settlements", every="month")
    for hash_ in await db.column("SELECT hash FROM statement"):
        assert (await new_client().get(f"/v/{hash_.hex()}")).status_code == 404


async def test_the_sheets_sum_up_to_what_the_ledger_owes(
    finance: httpx.AsyncClient, clock: Clock
) -> None:
    run = await settle()
    answer = await finance.get(f"/settlements/{run}/pay.xlsx")
    assert answer.headers["content-disposition"].endswith('.xlsx"')
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    pay, lines = (book.get_sheet_by_index(place).to_python() for place in (0, 1))
    people = {str(row[0]): round(float(str(row[7])) * 100) for row in pay[1:-1]}
    assert people == {"S1": 120_000, "S2": 51_839}
    owed = await db.value(
        "SELECT sum(posted)::bigint FROM account a JOIN person p ON p.id = a.owner"
        " WHERE a.asset = 'cash' AND a.kind IN ('wallet', 'debt') AND p.kind = 'employee'"
    )
    assert round(float(str(pay[-1][7])) * 100) == sum(people.values()) == owed
    assert round(float(str(lines[-1][6])) * 100) == owed
    assert [str(row[5]) for row in pay[1:-1]] == ["incidental income", "incidental income"]
    body = (await finance.get(f"/settlements/{run}/pay.csv")).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(body)))
    assert {row[0]: row[7] for row in rows[1:]} == {"S1": "1200.00", "S2": "518.39"}


async def test_a_sheet_computes_its_sum_itself(finance: httpx.AsyncClient) -> None:
    """The sums are formulas, so a spreadsheet adds up what finance changes; the value is there too."""
    run = await settle()
    statements = await queries.statements_of(run)
    sheets = exports.together(statements, "Asia/Shanghai")
    book = exports.as_xlsx(sheets)
    formulas = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0)
    assert formulas.to_python()[-1][7] == 1718.39


async def test_the_wallet_says_what_was_paid_and_leads_to_the_statement(
    finance: httpx.AsyncClient, new_client: Browsers, clock: Clock
) -> None:
    guo = await person_id("AU")
    await clock.set(JUNE)
    await earn(guo, 500, "gift")
    await clock.set(JULY)
    run = await settle()
    await press(finance, f"/settlements/{run}/paid")
    his = await browser_of(new_client, "AU")
    assert "Paid out" in (await his.get("/wallet?asset=cash")).text
    one = await queries.statement(await statement_id(run, guo))
    shown = (await his.get(f"/wallet/{one.payment}")).text
    assert f'href="/statements/{one.id}"' in shown
    assert "方会计" in shown


async def test_no_name_and_no_phone_is_in_the_bytes(finance: httpx.AsyncClient) -> None:
    run = await settle()
    written = (await bytes_of(run, await person_id("S1"))).decode()
    assert "梅" not in written
    assert "云栖湾" not in written
