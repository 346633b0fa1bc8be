"""CSV and XLSX tables, and every way in which a file or a row of one can't be read."""

import io
import zipfile
from contextlib import suppress
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from server.kit.sheets import SheetRefused, read_sheet

COLUMNS = ("id", "name", "seen")
ZONE = ZoneInfo("Asia/Shanghai")


def xlsx(*rows, dates="yyyy-mm-dd hh:mm:ss"):
    """An XLSX file of these rows; dates are written as Excel writes them, without offset."""
    body = io.BytesIO()
    with xlsxwriter.Workbook(body, {"in_memory": True}) as book:
        date_format = book.add_format({"num_format": dates})
        sheet = book.add_worksheet()
        for line, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, datetime | date | timedelta):
                    sheet.write_datetime(line, column, cell, date_format)
                else:
                    sheet.write(line, column, cell)
    return body.getvalue()


def read(body, **options):
    """The rows as (line, cells …), the faults and the notes as text."""
    body = body if isinstance(body, bytes) else body.encode()
    sheet = read_sheet(body, COLUMNS, times=("seen",), zone=ZONE, **options)
    rows = [(row.line, *(row.cells[name] for name in COLUMNS)) for row in sheet.rows]
    return rows, [str(fault) for fault in sheet.faults], [str(note) for note in sheet.notes]


def refused(body, **options):
    with pytest.raises(SheetRefused) as refusal:
        read(body, **options)
    assert refusal.value.facts == {"count": len(refusal.value.faults)}
    return [str(fault) for fault in refusal.value.faults]


GOOD = "id,name,seen\nE1,梅,now\n"


@pytest.mark.parametrize(
    ("body", "notes"),
    [
        (GOOD.encode(), []),
        (GOOD.encode("utf-8-sig"), []),
        (GOOD.replace("\n", "\r\n").encode(), []),
        (GOOD.rstrip().encode(), []),
        (b"seen,id,name\nnow,E1,\xe6\xa2\x85\n", []),
        (b" id , name ,seen\n  E1 ,\xe3\x80\x80\xe6\xa2\x85,\tnow \n", []),
        (b'"id","name","seen"\n"E1","\xe6\xa2\x85","now"\n', []),
        (xlsx(COLUMNS, ("E1", "梅", "now")), []),
        (xlsx(("seen", "name", "id"), ("now", " 梅 ", "E1")), []),
    ],
)
def test_a_table_is_read_whatever_its_clothes(body, notes):
    assert read(body) == ([(2, "E1", "梅", "now")], [], notes)


def test_a_table_that_is_not_utf_8_is_read_as_gb18030_and_that_is_said():
    body = "id,name,seen\nE1,李小龙,今天\n".encode("gb18030")
    said = ["the file is not UTF-8 and was read as GB18030"]
    assert read(body) == ([(2, "E1", "李小龙", "今天")], [], said)


def test_blank_lines_are_no_rows_and_lines_are_those_of_the_file():
    rows, _, _ = read('\nid,name,seen\n\n"E1","a",now\n , ,\nE2,b,now\n')
    assert [row[:2] for row in rows] == [(4, "E1"), (6, "E2")]
    rows, _, _ = read(xlsx((), COLUMNS, (), ("E1", "a", "now"), ("", " ", ""), ("E2", "b", "now")))
    assert [row[:2] for row in rows] == [(4, "E1"), (6, "E2")]


def test_a_table_may_have_no_rows():
    assert read("id,name,seen\n") == ([], [], [])


def test_cells_keep_commas_quotes_and_inner_blanks():
    rows, _, _ = read('id,name,seen\n"a,b","say ""hi""",x  y\n')
    assert rows == [(2, "a,b", 'say "hi"', "x  y")]


# The header.

HEADERS = [
    ("id,name,seen,rank\n", ['line 1: unknown column "rank"; known are id, name, seen']),
    ("id,name,seen,Id\n", ['line 1: unknown column "Id"; known are id, name, seen']),
    ("id,,name,seen\n", ['line 1: unknown column ""; known are id, name, seen']),
    ("id,name,seen,id\n", ["line 1: the column id is there twice"]),
    ("id,name\n", ["line 1: the column seen is missing"]),
    ("", [f"line 1: the column {name} is missing" for name in COLUMNS]),
    ("\n\nx\n", ['line 3: unknown column "x"; known are id, name, seen', *(f"line 3: the column {name} is missing" for name in COLUMNS)]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "faults"), HEADERS)
def test_a_wrong_header_is_refused_with_all_its_faults(text, faults):
    assert refused(text) == faults


def test_an_optional_column_may_be_missing_and_reads_as_empty():
    rows, _, _ = read("id,name\nE1,a\n", optional=("seen",))
    assert rows == [(2, "E1", "a", "")]


# Rows.

ROWS = [
    ("E1,a", "line 2: 3 cells were expected, there are 2"),
    ("E1,a,b,c", "line 2: 3 cells were expected, there are 4"),
    ('E1,"a\nb",c', "line 2, name: a line break or other control sign is in the cell"),
    ("E1,a\x00b,c", "line 2, name: a line break or other control sign is in the cell"),
]


@pytest.mark.parametrize(("row", "fault"), ROWS)
def test_a_row_that_cannot_be_read_is_named_and_the_others_are_kept(row, fault):
    rows, faults, _ = read(f"id,name,seen\n{row}\nE9,z,now\n")
    assert faults == [fault]
    assert [cells[1] for cells in rows] == ["E9"]


def test_trailing_empty_cells_are_no_cells():
    assert read("id,name,seen,,\nE1,a,now,,\n")[0] == [(2, "E1", "a", "now")]


def test_a_line_is_counted_where_its_row_begins():
    _, faults, _ = read('id,name,seen\nE1,"a\nb",c\nE2\n')
    assert faults[1] == "line 4: 3 cells were expected, there are 1"


# Cells of XLSX.


@pytest.mark.parametrize(
    ("cell", "text"),
    [(1001, "1001"), (13800138000, "13800138000"), (0, "0"), (-3, "-3"), (1.5, "1.5"), (1e20, "1" + "0" * 20)],
)  # fmt: skip
def test_a_whole_number_reads_as_its_digits(cell, text):
    assert read(xlsx(COLUMNS, (cell, "a", "now")))[0] == [(2, text, "a", "now")]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (datetime(2023, 6, 2, 9, 1), "2023-06-02T09:01:00+08:00"),  # noqa: DTZ001
        (datetime(2023, 6, 2, 9, 1, 2, 250_000), "2023-06-02T09:01:02.250000+08:00"),  # noqa: DTZ001
        (date(2023, 6, 2), "2023-06-02T00:00:00+08:00"),
    ],
)
def test_a_date_cell_is_read_in_the_zone_and_said(cell, text):
    rows, faults, notes = read(xlsx(COLUMNS, ("E1", "a", cell), ("E2", "a", "now")))
    assert (rows[0][3], faults) == (text, [])
    assert notes == ["date cells without an offset, read in the zone Asia/Shanghai: 1"]


def test_a_text_with_an_offset_stays_as_it_is():
    rows, _, notes = read(xlsx(COLUMNS, ("E1", "a", "2023-06-02T09:01:00+08:00")))
    assert (rows[0][3], notes) == ("2023-06-02T09:01:00+08:00", [])


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ((date(2023, 6, 2), "a", "now"), 'line 2, id: a text was expected, got "2023-06-02"'),
        ((True, "a", "now"), 'line 2, id: a text was expected, got "True"'),
        (("E1", "a\nb", "now"), "line 2, name: a line break or other control sign is in the cell"),
    ],
)
def test_a_cell_that_is_no_text_is_a_fault(cells, fault):
    assert read(xlsx(COLUMNS, cells))[1] == [fault]


# Files that are no table.


def bomb():
    body = io.BytesIO()
    with (
        zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/workbook.xml", "w") as entry,
    ):
        for _ in range(257):
            entry.write(bytes(1024 * 1024))
    return body.getvalue()


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"\xff\xfe\x00id", "this is no CSV in UTF-8 or GB18030, and no XLSX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "this is an old XLS file: save it as XLSX or CSV"),
        (b"PK\x03\x04 and no more", "this XLSX file can't be read: File is not a zip file"),
        (b'id,name,seen\nE1,"a,b\n', "line 2: a cell can't be read: unexpected end of data"),
        (b"id,name,seen\nE1," + b"a" * 200_000, "line 2: a cell can't be read: field larger than"),
        (b'id,name,seen\nE1,"a"b,c\n', "line 2: a cell can't be read: ',' expected after '\"'"),
    ],
)
def test_a_file_that_is_no_table_is_refused(body, fault):
    (said,) = refused(body)
    assert said.startswith(fault)


def test_a_zip_that_is_no_workbook_is_refused():
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr("hello.txt", "hello")
    (said,) = refused(body.getvalue())
    assert said.startswith("this XLSX file can't be read: ")


def test_a_file_that_grows_out_of_bounds_is_refused_unread():
    assert refused(bomb()) == ["the file is too large when unpacked"]


@given(st.binary(max_size=300) | st.binary(max_size=300).map(b"id,name,seen\n".__add__))
def test_no_bytes_break_the_reader(body):
    with suppress(SheetRefused):
        read(body)


WORKBOOK = xlsx(COLUMNS, ("E1", "a", datetime(2023, 6, 2)), ("E2", 5, "now"))  # noqa: DTZ001


@given(st.lists(st.tuples(st.integers(0, len(WORKBOOK) - 1), st.integers(0, 255)), min_size=1))
def test_no_damaged_workbook_breaks_the_reader(damage):
    body = bytearray(WORKBOOK)
    for place, value in damage:
        body[place] = value
    with suppress(SheetRefused):
        read(bytes(body))
