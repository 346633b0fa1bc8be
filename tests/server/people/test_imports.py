"""The people file: all of it or nothing, and every fault at once with its line."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
import xlsxwriter

from game.errors import RuleViolation
from server.kit import db
from server.people import queries
from server.people.commands import import_people, import_people_file
from server.people.imports import PeopleFaults, read_people
from tests.support.door import HEADER, bring, enter, is_in, person_of, records, sign_in

pytestmark = pytest.mark.usefixtures("company")

TABLES = ("unit", "person", "person_role", "person_phone", "audit_record", "session")


async def all_rows() -> dict[str, str]:
    return {
        table: await db.value(f"SELECT string_agg(t::text, ' ' ORDER BY t::text) FROM {table} t")
        for table in TABLES
    }


async def upload(
    browser: httpx.AsyncClient, body: bytes | str, name: str = "people.csv"
) -> httpx.Response:
    content = body.encode() if isinstance(body, str) else body
    return await browser.post("/people/import", files={"file": (name, content)})


def xlsx(*rows: list[object]) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return made.getvalue()


def table(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *rows]).encode()


# A row, and the faults it must get beside (line, column, words of the English sentence).
FAULTY = [
    ("F1,,staff,总部,,,", "name", "the cell is empty"),
    (",甲,staff,总部,,,", "person", "the cell is empty"),
    (
        "F3,甲,boss,总部,,,",
        "rank",
        'expected one of staff, supervisor, manager, director, vp, got "boss"',
    ),
    ("F4,甲,Staff,总部,,,", "rank", 'got "Staff"'),
    ("F5,甲,staff,,,,", "unit", "the cell is empty"),
    ("F6,甲,staff,总部//一队,,,", "unit", 'expected a path of units such as "A/B"'),
    ("F7,甲,staff,总部,,12345,", "phone", "no phone number"),
    ("F8,甲,staff,总部,,+14155552671,", "phone", "no phone number"),
    ("F9,甲,staff,总部,,13912341234,", "phone", "this phone belongs to somebody else here"),
    (
        "F10,甲,staff,总部,,,boss",
        "roles",
        'expected one of operations, audit, finance, admin, screen, store, store_manager, sales, service, got "boss"',
    ),
    ("13712341234,甲,staff,总部,,,", "person", "a phone is no company id"),
    (f"{'F' * 65},甲,staff,总部,,,", "person", "at most 64 characters"),
    (f"F13,{'甲' * 101},staff,总部,,,", "name", "at most 100 characters"),
    (f"F14,甲,staff,{'部' * 301},,,", "unit", "at most 300 characters"),
    (f"F15,甲,staff,总部,{'队' * 101},,", "side", "at most 100 characters"),
    ("F16,甲,staff,总部,,", None, "cells were expected"),
    ("F17,甲,staff,总部,,,,x", None, "cells were expected"),
    ('F18,"甲\n乙",staff,总部,,,', "name", "a line break or other control sign is in the cell"),
]


@pytest.mark.parametrize(("row", "column", "sentence"), FAULTY, ids=[row[:8] for row, *_ in FAULTY])
async def test_a_fault_is_named_with_line_and_column_and_nothing_is_imported(
    client: httpx.AsyncClient, row: str, column: str | None, sentence: str
) -> None:
    await bring("E3,辰,staff,总部/二队,二队,13912341234,")
    before = await all_rows()
    with pytest.raises(PeopleFaults) as caught:
        await import_people(read_people(table("N1,新,staff,总部/新队,,,", row)), None)
    (fault,) = caught.value.faults
    assert (fault.line, fault.column) == (3, column)
    assert sentence in fault.sentence.message % fault.facts
    assert await all_rows() == before


async def test_every_fault_of_a_file_is_shown_at_once(
    client: httpx.AsyncClient, passcode_hash: str
) -> None:
    await bring("E3,辰,staff,总部/二队,二队,13912341234,", passcode_hash=passcode_hash)
    await enter(client, "AD")
    before = await all_rows()
    answer = await upload(client, table(*(row for row, *_ in FAULTY)), "坏.csv")
    assert answer.status_code == 422
    lines = {int(each) for each in re.findall(r"<b>[^<0-9]*(\d+)[^<0-9]*</b>", answer.text)}
    # One cell holds a line break, so it is the last row.
    assert lines >= set(range(2, 2 + len(FAULTY)))
    assert "坏.csv" in answer.text
    assert await all_rows() == before


@pytest.mark.parametrize(
    ("rows", "column", "line"),
    [
        (["N1,新,staff,总部,,,", "N2,旧,staff,总部,,,", "N1,新,staff,总部,,,"], "person", 4),
        (["N1,新,staff,总部,,13712341234,", "N2,旧,staff,总部,,+86 137 1234 1234,"], "phone", 3),
    ],
)
async def test_who_is_there_twice_is_a_fault(
    client: httpx.AsyncClient, rows: list[str], column: str, line: int
) -> None:
    with pytest.raises(PeopleFaults) as caught:
        await import_people(read_people(table(*rows)), None)
    (fault,) = caught.value.faults
    assert (fault.line, fault.column, fault.facts) == (line, column, {"first": 2})


@pytest.mark.parametrize(
    "header",
    ["person,name,rank,unit", f"{HEADER},salary", "person,person,name,rank,unit,side", "a;b", ""],
)
async def test_a_wrong_header_is_refused(client: httpx.AsyncClient, header: str) -> None:
    await enter(client, "AD")
    before = await all_rows()
    answer = await upload(client, table("N1,新,staff,总部", header=header))
    assert answer.status_code == 422
    assert await all_rows() == before


PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("face.png", PNG),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)),
        ("broken.xlsx", b"PK\x03\x04" + bytes(100)),
        ("cut.xlsx", xlsx(HEADER.split(","))[:-200]),
        ("empty.csv", b""),
        ("nul.csv", table("N1,\0,staff,总部,,,")),
        ("page.html", b"<html><body>no table</body></html>"),
    ],
)
async def test_a_file_of_another_kind_is_refused(
    client: httpx.AsyncClient, name: str, body: bytes
) -> None:
    await enter(client, "AD")
    before = await all_rows()
    answer = await upload(client, body, name)
    assert answer.status_code == 422
    assert "fault-box" in answer.text
    assert name in answer.text
    assert await all_rows() == before


async def test_a_form_without_a_file_is_refused(client: httpx.AsyncClient) -> None:
    await enter(client, "AD")
    for form in [{}, {"file": "people.csv"}]:
        assert (await client.post("/people/import", data=form)).status_code == 422


async def test_a_body_of_more_than_ten_megabytes_is_refused(client: httpx.AsyncClient) -> None:
    await enter(client, "AD")
    answer = await upload(client, b"x" * 10_000_001)
    assert answer.status_code == 413
    assert await db.value("SELECT count(*) FROM person") == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
async def test_a_csv_is_imported_whole(client: httpx.AsyncClient, encoding: str) -> None:
    await enter(client, "AD")
    rows = [
        "N1,陈晨,supervisor, 总部 / 客户成功部 / 三队 ,三队,+886 912 345 678,operations audit",
        "N2,安,vp,总部,,,",
    ]
    answer = await upload(client, table(*rows).decode().encode(encoding))
    assert answer.status_code == 200
    assert (
        await db.value(
            "SELECT (p.name, p.rank, u.path, u.name, above.path, p.side)::text FROM person p"
            " JOIN unit u ON u.id = p.unit JOIN unit above ON above.id = u.parent WHERE p.code = 'N1'"
        )
        == "(陈晨,supervisor,总部/客户成功部/三队,三队,总部/客户成功部,三队)"
    )
    assert await db.column('SELECT role FROM person_role ORDER BY role COLLATE "C"') == [
        "admin",
        "audit",
        "operations",
    ]
    (record,) = [each for each in await records("import") if each["actor"]]
    assert record["facts"] == {"added": 2, "changed": 0}


async def test_an_xlsx_is_imported_whole(client: httpx.AsyncClient) -> None:
    await enter(client, "AD")
    body = xlsx(
        ["side", "unit", "rank", "name", "person", "phone"],
        ["三队", "总部/三队", "staff", "陈晨", 10086, 13712341234],
    )
    answer = await upload(client, body, "people.xlsx")
    assert answer.status_code == 200
    assert (await phone_of("10086")) == "+8613712341234"


async def phone_of(code: str) -> str:
    stored = await queries.stored_phone(await person_of(code))
    assert stored is not None
    return stored.opened()


async def test_a_file_read_again_changes_nothing(client: httpx.AsyncClient) -> None:
    rows = ["N1,陈晨,staff,总部/三队,三队,13712341234,operations", "N2,安,vp,总部,,,"]
    await import_people(read_people(table(*rows)), None)
    before = await all_rows()
    report = await import_people(read_people(table(*rows)), None)
    assert (report.added, report.changed, report.unchanged) == (0, 0, 2)
    after = await all_rows()
    assert {name: after[name] for name in TABLES if name != "audit_record"} == {
        name: before[name] for name in TABLES if name != "audit_record"
    }


async def test_a_person_is_brought_up_to_date(client: httpx.AsyncClient) -> None:
    person = await person_of("E1")
    row = "E1,梅梅,supervisor,总部/二队,二队,13712341234,operations"
    report = await import_people(read_people(table(row)), None)
    assert (report.added, report.changed, report.unchanged) == (0, 1, 0)
    assert await person_of("E1") == person
    assert (
        await db.value(
            "SELECT (p.name, p.rank, u.path, p.side)::text FROM person p"
            " JOIN unit u ON u.id = p.unit WHERE p.code = 'E1'"
        )
        == "(梅梅,supervisor,总部/二队,二队)"
    )
    assert await phone_of("E1") == "+8613712341234"


async def test_without_their_columns_phones_and_roles_stay(client: httpx.AsyncClient) -> None:
    header = "person,name,rank,unit,side"
    rows = ["E1,梅,manager,总部,", "AD,文,manager,总部,"]
    await import_people(read_people(table(*rows, header=header)), None)
    assert await phone_of("E1") == "+8613812341234"
    assert await db.column("SELECT role FROM person_role") == ["admin"]


async def test_an_empty_cell_takes_phone_and_roles_away(client: httpx.AsyncClient) -> None:
    await import_people(read_people(table("E1,梅,staff,总部,,,", "E2,宝,staff,总部,,,audit")), None)
    assert await db.value("SELECT count(*) FROM person_phone") == 0
    await import_people(read_people(table("E2,宝,staff,总部,,,")), None)
    assert await db.column("SELECT role FROM person_role") == ["admin"]


async def test_two_people_exchange_their_phones(client: httpx.AsyncClient) -> None:
    await import_people(read_people(table("E2,宝,staff,总部,,13712341234,")), None)
    swapped = table("E1,梅,staff,总部,,13712341234,", "E2,宝,staff,总部,,13812341234,")
    await import_people(read_people(swapped), None)
    assert await phone_of("E1") == "+8613712341234"
    assert await phone_of("E2") == "+8613812341234"


async def test_other_roles_in_the_file_end_the_persons_sessions(
    client: httpx.AsyncClient, new_client: Callable[[], httpx.AsyncClient]
) -> None:
    other = new_client()
    await enter(client, "E1")
    await enter(other, "E2")
    rows = table("E1,梅,staff,总部,,13812341234,finance", "E2,宝宝,manager,总部,,,")
    await import_people(read_people(rows), None)
    assert not await is_in(client)
    assert await is_in(other)
    (record,) = [each for each in await records("set_roles") if "finance" in each["facts"]["after"]]
    assert record["facts"] == {"before": [], "after": ["finance"]}


async def test_a_file_may_not_take_the_last_administrator_away(client: httpx.AsyncClient) -> None:
    with pytest.raises(PeopleFaults) as caught:
        await import_people(read_people(table("AD,文,manager,总部,,,")), None)
    (fault,) = caught.value.faults
    assert (fault.line, fault.column) == (None, "roles")
    await import_people(
        read_people(table("AD,文,manager,总部,,,", "E2,宝,staff,总部,,,admin")), None
    )
    assert await db.column("SELECT role FROM person_role") == ["admin"]


async def test_only_administrators_import(client: httpx.AsyncClient, passcode_hash: str) -> None:
    await bring("OP,林,staff,总部,,,operations audit finance", passcode_hash=passcode_hash)
    await enter(client, "OP")
    assert (await upload(client, table("N1,新,staff,总部,,,"))).status_code == 403
    assert await db.value("SELECT count(*) FROM person WHERE code = 'N1'") == 0


async def test_no_table_holds_a_phone_anybody_could_read(client: httpx.AsyncClient) -> None:
    await sign_in(client, "13812341234", "wrong-horse")
    await client.post("/sign-in/code", data={"person": "13812341234"})
    await enter(client, "AD")
    await upload(client, table("N1,新,staff,总部,,137 1234 1234,"))
    columns = await db.column(
        "SELECT format('SELECT count(*) FROM %I WHERE %I::text LIKE ANY (ARRAY[''%%%%1234123%%%%'',"
        " ''%%%%' || encode('1234123', 'hex') || '%%%%''])', table_name, column_name)"
        " FROM information_schema.columns WHERE table_schema = 'public'"
    )
    assert len(columns) > 50
    held = {query: await db.value(query) for query in columns}
    assert [query for query, count in held.items() if count] == []


async def test_a_file_on_disk_is_imported_or_refused(
    client: httpx.AsyncClient, tmp_path: Path
) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(table("N1,新,staff,总部,,,"))
    assert (await import_people_file(path)).added == 1
    for wrong in (tmp_path, tmp_path / "absent.csv"):
        with pytest.raises(RuleViolation, match="file_unreadable"):
            await import_people_file(wrong)
