"""Tables from CSV and XLSX files, with every row that can't be read named by its line.

A table has its columns by header, in any order. CSV is UTF-8, with or without BOM, or else
GB18030. Every cell comes out as trimmed text; a date cell of XLSX becomes RFC 3339.
"""

import csv
import io
import unicodedata
import zipfile
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time, tzinfo
from typing import Final

import msgspec
import python_calamine

from game.errors import RuleViolation
from server.kit.i18n import Lazy, lazy

UNPACKED_MAX: Final = 256 * 1024 * 1024
SHOWN_MAX: Final = 60

# What zipfile raises besides, for sizes, encodings and versions that make no sense.
_UNREADABLE: Final = (OSError, ValueError, NotImplementedError)


class SheetFault(msgspec.Struct, frozen=True):
    """One fault: its line (from 1; None: the file) and column, and a sentence with its facts."""

    line: int | None
    column: str | None
    sentence: Lazy
    facts: dict[str, object]

    def __str__(self) -> str:
        """Return the fault in the current locale, with where it is."""
        said = self.sentence % self.facts
        if self.line is None:
            return said
        line = lazy("line %(line)s") % {"line": self.line}
        return f"{line}, {self.column}: {said}" if self.column else f"{line}: {said}"


class SheetRefused(RuleViolation):
    """The file as a whole can't be read; `faults` say why."""

    def __init__(self, faults: Sequence[SheetFault]) -> None:
        super().__init__("sheet_refused", count=len(faults))
        self.faults = tuple(faults)


class Row(msgspec.Struct, frozen=True):
    """One row: its line in the file and the trimmed text of each column, "" where empty."""

    line: int
    cells: dict[str, str]


class Sheet(msgspec.Struct, frozen=True):
    """What was read: good rows, faults of the others, notes on how, and the columns found."""

    rows: list[Row]
    faults: list[SheetFault]
    notes: list[SheetFault]
    columns: tuple[str, ...] = ()


def read_sheet(
    body: bytes,
    columns: Sequence[str],
    *,
    optional: Collection[str] = (),
    times: Collection[str] = (),
    zone: tzinfo | None = None,
) -> Sheet:
    """Read a table with these columns; those in `optional` may be missing.

    In the columns `times`, a date cell of XLSX is read in `zone`, and a note says so.
    Raises SheetRefused where the file or its header is wrong.
    """
    notes: list[SheetFault] = []
    records = _xlsx(body) if body.startswith(b"PK\x03\x04") else _csv(_decoded(body, notes))
    header_line, header = next(records, (1, []))
    names = _header(header_line, header, columns, optional)
    reader = _RowReader(names, times, zone)
    rows = [row for line, cells in records if (row := reader.row(line, cells)) is not None]
    if reader.dates:
        notes.append(
            _fault(
                lazy("date cells without an offset, read in the zone %(zone)s: %(count)s"),
                count=reader.dates,
                zone=zone,
            )
        )
    absent = dict.fromkeys(set(columns) - set(names), "")
    if absent:
        rows = [Row(row.line, {**row.cells, **absent}) for row in rows]
    return Sheet(rows, reader.faults, notes, tuple(names))


def _fault(
    sentence: Lazy, line: int | None = None, column: str | None = None, **facts: object
) -> SheetFault:
    return SheetFault(line, column, sentence, facts)


def _decoded(body: bytes, notes: list[SheetFault]) -> str:
    if body.startswith(b"\xd0\xcf\x11\xe0"):
        raise SheetRefused([_fault(lazy("this is an old XLS file: save it as XLSX or CSV"))])
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        text = body.decode("gb18030")
    except UnicodeDecodeError:
        wrong = _fault(lazy("this is no CSV in UTF-8 or GB18030, and no XLSX"))
        raise SheetRefused([wrong]) from None
    notes.append(_fault(lazy("the file is not UTF-8 and was read as GB18030")))
    return text.removeprefix("\ufeff")


def _csv(text: str) -> Iterator[tuple[int, list[object]]]:
    """Yield (line, cells) of each record that is not blank."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                yield line, list(record)
            line = reader.line_num + 1
    except csv.Error as error:
        # Beyond a broken quote nothing can be trusted, so no row is left out for it.
        wrong = _fault(lazy("a cell can't be read: %(error)s"), line, error=error)
        raise SheetRefused([wrong]) from None


def _xlsx(body: bytes) -> Iterator[tuple[int, list[object]]]:
    """Yield (line, cells) of the rows of the first sheet that are not blank."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > UNPACKED_MAX:
            raise SheetRefused([_fault(lazy("the file is too large when unpacked"))])
        with python_calamine.load_workbook(io.BytesIO(body)) as book:
            table = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, zipfile.BadZipFile, *_UNREADABLE) as error:
        wrong = _fault(lazy("this XLSX file can't be read: %(error)s"), error=error)
        raise SheetRefused([wrong]) from None
    for line, cells in enumerate(table, 1):
        if any(str(cell).strip() for cell in cells):
            yield line, list(cells)


def _header(
    line: int, cells: list[object], columns: Sequence[str], optional: Collection[str]
) -> list[str]:
    """Return the name of each column; trailing columns without a name are none."""
    names = [str(cell).strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    known = ", ".join(columns)
    faults = [
        _fault(
            lazy("unknown column %(name)s; known are %(known)s"), line, name=_shown(n), known=known
        )
        for n in names
        if n not in columns
    ]
    faults += [
        _fault(lazy("the column %(name)s is there twice"), line, name=name)
        for name in columns
        if names.count(name) > 1
    ]
    faults += [
        _fault(lazy("the column %(name)s is missing"), line, name=name)
        for name in columns
        if name not in names and name not in optional
    ]
    if faults:
        raise SheetRefused(faults)
    return names


class _RowReader:
    """Turns the cells of a row into text, and notes what can't be."""

    def __init__(self, names: Sequence[str], times: Collection[str], zone: tzinfo | None) -> None:
        self.faults: list[SheetFault] = []
        self.dates = 0
        self._names = names
        self._times = times
        self._zone = zone

    def row(self, line: int, cells: list[object]) -> Row | None:
        """Return the row, or None where a fault was noted."""
        before = len(self.faults)
        while len(cells) > len(self._names) and not str(cells[-1]).strip():
            cells = cells[:-1]
        if len(cells) != len(self._names):
            wanted = lazy("%(wanted)s cells were expected, there are %(got)s")
            self._note(wanted, line, None, wanted=len(self._names), got=len(cells))
            return None
        pairs = zip(self._names, cells, strict=True)
        texts = {name: self._text(line, name, cell) for name, cell in pairs}
        return Row(line, texts) if len(self.faults) == before else None

    def _note(self, sentence: Lazy, line: int, column: str | None, **facts: object) -> None:
        self.faults.append(_fault(sentence, line, column, **facts))

    def _text(self, line: int, column: str, cell: object) -> str:
        if isinstance(cell, float) and cell.is_integer():
            return str(int(cell))
        if isinstance(cell, date) and column in self._times:
            return self._moment(cell)
        if isinstance(cell, str | float | int) and not isinstance(cell, bool):
            text = str(cell).strip()
            if any(unicodedata.category(sign) == "Cc" for sign in text):
                self._note(lazy("a line break or other control sign is in the cell"), line, column)
            return text
        self._note(lazy("a text was expected, got %(got)s"), line, column, got=_shown(cell))
        return ""

    def _moment(self, cell: date) -> str:
        """Read a date cell in the zone; a day without a time is its midnight."""
        self.dates += 1
        moment = cell if isinstance(cell, datetime) else datetime.combine(cell, time())
        return moment.replace(tzinfo=self._zone).isoformat()


def _shown(cell: object) -> str:
    text = str(cell)
    text = text if len(text) <= SHOWN_MAX else f"{text[: SHOWN_MAX - 1]}…"
    return f'"{text}"'
