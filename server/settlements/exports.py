"""What payroll takes along: who is paid what under which tax class, as XLSX and CSV (G7)."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from game.settlements import read_body
from server.battles.exports import Cell
from server.kit import formats
from server.kit.i18n import _
from server.settlements import words
from server.settlements.queries import Stated

MONEY_FORMAT: Final = "#,##0.00"
WIDTHS: Final = (14, 14, 12, 24, 16, 18, 14, 14, 18, 40)
Table = list[list[Cell]]


def table(statements: Sequence[Stated], zone: str) -> Table:
    """Return a header and a row for each person and tax class; sums in yuan."""
    header: list[Cell] = [
        _("company ID"), _("name"), _("kind of person"), _("unit"), _("period"), _("tax class"),
        _("earned, yuan"), _("to pay, yuan"), _("paid on"), _("statement"),
    ]  # fmt: skip
    return [header, *(row for one in statements for row in _rows(one, zone))]


def _rows(one: Stated, zone: str) -> Table:
    paid = formats.exact(one.paid_at, zone) if one.paid_at else ""
    return [
        [
            one.code,
            one.name,
            str(words.WHO_WORDS[one.who]),
            one.unit,
            words.period_said(one.period),
            str(words.TAX_WORDS[part.tax]),
            part.earned / 100,
            part.payable / 100,
            paid,
            str(one.id),
        ]
        for part in read_body(one.body).taxes
    ]


def lines(statements: Sequence[Stated], zone: str) -> Table:
    """Return a header and every line of every statement; sums in yuan, payments left out."""
    header: list[Cell] = [
        _("company ID"), _("name"), _("what"), _("on"), _("tax class"), _("corrects"),
        _("sum, yuan"), _("entry"), _("statement"),
    ]  # fmt: skip
    there = ZoneInfo(zone)
    return [header] + [
        [
            one.code,
            one.name,
            words.line_title(line.kind),
            f"{line.at.astimezone(there):%Y-%m-%d %H:%M}",
            str(words.TAX_WORDS[line.tax]),
            words.period_said(line.corrects) if line.corrects else "",
            line.amount / 100,
            line.transfer,
            str(one.id),
        ]
        for one in statements
        for line in read_body(one.body).lines
        if line.tax
    ]


def as_xlsx(sheets: Mapping[str, Table]) -> bytes:
    """Return a workbook: texts stay texts, and the row at the end of a sheet sums its money up."""
    body = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(body, options) as book:
        for name, rows in sheets.items():
            _sheet(book, name, rows)
    return body.getvalue()


def _sheet(book: xlsxwriter.Workbook, name: str, rows: Table) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True})
    money = book.add_format({"num_format": MONEY_FORMAT})
    total = book.add_format({"num_format": MONEY_FORMAT, "bold": True})
    for line, row in enumerate(rows):
        for column, cell in enumerate(row):
            style = bold if not line else money if isinstance(cell, float) else None
            sheet.write(line, column, cell, style)
    end = len(rows)
    sheet.write(end, 0, _("together"), bold)
    for column in _money_columns(rows):
        letter = xl_col_to_name(column)
        cents = sum(round(cell * 100) for row in rows[1:] if isinstance(cell := row[column], float))
        # A reader that computes nothing finds the value; the others compute it anew.
        formula = f"=SUM({letter}2:{letter}{end})"
        sheet.write_formula(end, column, formula, total, cents / 100)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)


def _money_columns(rows: Table) -> list[int]:
    return (
        [place for place, cell in enumerate(rows[1]) if isinstance(cell, float)] if rows[1:] else []
    )


def together(statements: Sequence[Stated], zone: str) -> Mapping[str, Table]:
    """Return the sheets of a run: who is paid what, and the lines that it comes from."""
    return {_("To pay"): table(statements, zone), _("Lines"): lines(statements, zone)}


def file_name(settlement_period: str, settlement: UUID) -> str:
    """Return what a download is called; no two runs share a name."""
    return f"settlement-{settlement_period}-{str(settlement)[-6:]}"
