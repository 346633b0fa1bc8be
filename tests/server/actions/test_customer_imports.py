"""The customers file: who bought before, all of it or nothing, every fault with its line."""

import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from game.errors import RuleViolation
from server.actions.customer_imports import (
    CustomerFaults,
    import_customers,
    import_customers_file,
    read_customers,
)
from server.actions.customers import customer_key
from server.kit import crypto, db, i18n
from tests.support.services import Clock

TODAY = date(2026, 11, 23)
HEADER = "phone,first_order_date,name,id"
# The beginning of 2024-05-31 in Shanghai.
MAY = datetime(2024, 5, 30, 16, tzinfo=UTC)


def table(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *rows]).encode()


def xlsx(*rows: list[Any]) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return made.getvalue()


@pytest.fixture
async def noon(pool: None, clock: Clock) -> datetime:
    return await clock.set(datetime(2026, 11, 23, 4, tzinfo=UTC))


async def known() -> list[tuple[str, datetime | None]]:
    async with db.connection() as one:
        found = await one.fetch("SELECT shown, first_order_at FROM customer ORDER BY shown")
    return [(each["shown"], each["first_order_at"]) for each in found]


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        (",2024-05-31,,", "phone", "the cell is empty"),
        ("12345,2024-05-31,,", "phone", "no phone number"),
        ("+14155552671,2024-05-31,,", "phone", "no phone number"),
        ("13800000001,,,", "first_order_date", "the cell is empty"),
        ("13800000001,soon,,", "first_order_date", "expected a day such as 2024-05-31"),
        ("13800000001,2024-02-30,,", "first_order_date", "expected a day such as 2024-05-31"),
        ("13800000001,31/05/2024,,", "first_order_date", "expected a day such as 2024-05-31"),
        ("13800000001,2024-05-311,,", "first_order_date", "expected a day such as 2024-05-31"),
        ("13800000001,2026-11-24,,", "first_order_date", "this day can't be: 2026-11-24"),
        ("13800000001,0224-05-31,,", "first_order_date", "this day can't be: 0224-05-31"),
        (f"13800000001,2024-05-31,{'王' * 41},", "name", "at most 40 characters"),
        ("13800000001,2024-05-31,,a b", "id", "expected a number of your own"),
        ("13800000001,2024-05-31,,13800000001", "id", "a phone is no company id"),
        ("13800000009,2024-05-31,,K-2", "phone", "the same is in line 2 already"),
        ("13800000001,2024-05-31,,K-9", "id", "the same is in line 2 already"),
        ("13800000001,2024-05-31,", None, "cells were expected"),
    ],
)
def test_a_fault_names_its_line_and_reason(row: str, column: str | None, said: str) -> None:
    found = read_customers(table("138 0000 0009,2024/5/31,,K-9", row), TODAY)
    with i18n.speaking("en"):
        faults = [(fault.line, fault.column, str(fault)) for fault in found.faults]
    assert [(line, name) for line, name, _ in faults] == [(3, column)]
    assert said in faults[0][2]


def test_a_phone_is_not_repeated_by_its_fault() -> None:
    found = read_customers(table("1380000000,2024-05-31,,"), TODAY)
    with i18n.speaking("zh_Hans"):
        assert "1380000" not in str(found.faults[0])


@pytest.mark.parametrize("written", ["2024-05-31", "2024/5/31", "2024.05.31", "2024-05-31 08:00"])
def test_days_as_people_write_them(written: str) -> None:
    found = read_customers(table(f"13800000001,{written},,"), TODAY)
    assert [each.first_order for each in found.customers] == [date(2024, 5, 31)]


def test_a_sheet_with_date_cells_and_numbers() -> None:
    body = xlsx(["first_order_date", "phone"], [date(2024, 5, 31), 13800000001])
    found = read_customers(body, TODAY)
    assert (found.faults, found.notes) == ([], [])
    [only] = found.customers
    assert (only.phone, only.first_order) == ("+8613800000001", date(2024, 5, 31))


async def test_a_customer_is_found_by_their_phone_however_it_is_written(noon: datetime) -> None:
    done = await import_customers(table("+86 138-0000-0001,2024-05-31,王女士,K-1"))
    assert (done.added, done.changed, done.unchanged) == (1, 0, 0)
    key = await customer_key("138 0000 0001")
    found = await db.value("SELECT first_order_at FROM customer WHERE key = $1", key)
    assert found == MAY
    assert await known() == [("K-1", MAY), ("王女士 138****0001", MAY)]


async def test_no_phone_stands_in_the_table(noon: datetime) -> None:
    await import_customers(table("13800000001,2024-05-31,,"))
    stored = await db.value("SELECT string_agg(c::text, '') FROM customer c")
    assert "13800000001" not in stored
    async with db.connection() as one:
        row = await one.fetchrow("SELECT key, ciphertext, wrapped_key FROM customer")
    sealed = crypto.Sealed(row["ciphertext"], row["wrapped_key"])
    assert crypto.unseal(sealed, "customer", "ciphertext", row["key"]) == "+8613800000001"


async def test_old_customers_are_no_new_ones(noon: datetime) -> None:
    await import_customers(table("13800000001,2024-05-31,,K-1"))
    for typed, is_old in (("13800000001", True), ("K-1", True), ("13800000002", False)):
        key = await customer_key(typed)
        assert await db.value("SELECT customer_has_ordered($1)", key) is is_old


async def test_imported_again_it_updates(noon: datetime) -> None:
    file = table("13800000001,2024-05-31,王女士,", "13800000002,2024-05-31,,")
    await import_customers(file)
    before = await db.value("SELECT string_agg(c::text, '' ORDER BY key) FROM customer c")
    again = await import_customers(file)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 2)
    assert before == await db.value("SELECT string_agg(c::text, '' ORDER BY key) FROM customer c")
    bare = table("13800000001,2023-05-31", header="phone,first_order_date")
    mended = await import_customers(bare)
    assert (mended.added, mended.changed, mended.unchanged) == (0, 1, 0)
    assert await known() == [("138****0002", MAY), ("王女士 138****0001", MAY.replace(year=2023))]


async def test_who_was_only_reported_until_now_gets_their_first_order(noon: datetime) -> None:
    await customer_key("13800000001")
    await customer_key("K-1")
    done = await import_customers(table("13800000001,2024-05-31,,K-1"))
    assert (done.added, done.changed) == (0, 1)
    assert await known() == [("138****0001", MAY), ("K-1", MAY)]


async def test_nothing_is_half_imported(noon: datetime) -> None:
    with pytest.raises(CustomerFaults) as refused:
        await import_customers(table("13800000001,2024-05-31,,", "x,2024-05-31,,", "y,z,,"))
    assert refused.value.facts == {"count": 3}
    assert [fault.line for fault in refused.value.faults] == [3, 4, 4]
    assert await known() == []


async def test_a_first_order_of_today_in_the_company_s_zone(pool: None, clock: Clock) -> None:
    await clock.set(datetime(2026, 11, 23, 17, tzinfo=UTC))
    await import_customers(table("13800000001,2026-11-24,,"))
    with pytest.raises(CustomerFaults):
        await import_customers(table("13800000001,2026-11-25,,"))


async def test_ten_thousand_at_once(noon: datetime) -> None:
    rows = [f"138{number:08d},2024-05-31,王{number},K{number}" for number in range(10_000)]
    done = await import_customers(table(*rows))
    assert (done.added, done.changed, done.unchanged) == (10_000, 0, 0)
    assert await db.value("SELECT count(*) FROM customer WHERE first_order_at = $1", MAY) == 20_000
    assert await db.value("SELECT count(DISTINCT ciphertext) FROM customer") == 10_000


async def test_a_file_that_is_not_there(pool: None, tmp_path: Path) -> None:
    with pytest.raises(RuleViolation) as refused:
        await import_customers_file(tmp_path / "none.csv")
    assert refused.value.code == "file_unreadable"


async def test_an_import_is_recorded(noon: datetime) -> None:
    await import_customers(table("13800000001,2024-05-31,,"))
    async with db.connection() as one:
        [row] = await one.fetch("SELECT verb, subject, facts FROM audit_record")
    assert (row["verb"], row["subject"]) == ("import", "customers")
    assert row["facts"] == {"added": 1, "changed": 0}
