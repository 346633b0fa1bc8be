"""What finance takes along: who is owed what from a battle, as XLSX and CSV."""

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO
from typing import Final

import xlsxwriter

from server.battles.results import Share, formula
from server.kit.i18n import _
from server.people.words import RANK_WORDS

BOM: Final = "\ufeff"
RISKY: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula at the beginning of a cell."""

Cell = str | int | float


def table(shares: Sequence[Share], asset: str) -> list[list[Cell]]:
    """Return a header and one row per person who is owed something; cash in yuan."""
    sum_title = _("owed, yuan") if asset == "cash" else _("points")
    header: list[Cell] = [
        _("company ID"), _("name"), _("side"), _("rank"), _("points in this battle"),
        _("how"), sum_title,
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            share.member.code,
            share.member.name,
            share.member.side,
            str(RANK_WORDS[share.member.rank]),
            share.points,
            formula(share, asset),
            _sum(share.paid, asset),
        ]
        for share in shares
        if share.paid
    ]
    return [header, *rows]


def _sum(paid: int, asset: str) -> Cell:
    """Two places of a yuan are exact enough for a float to print them back."""
    return paid / 100 if asset == "cash" else paid


def as_csv(rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return CSV as Excel opens it: UTF-8 with BOM, no cell that runs as a formula."""
    text = StringIO(newline="")
    writer = csv.writer(text)
    for row in rows:
        writer.writerow([_written(cell) for cell in row])
    return (BOM + text.getvalue()).encode()


def _written(cell: Cell) -> str:
    if isinstance(cell, float):
        return f"{cell:.2f}"
    text = str(cell)
    return f"'{text}" if isinstance(cell, str) and text.startswith(RISKY) else text


def as_xlsx(rows: Sequence[Sequence[Cell]], title: str) -> bytes:
    """Return a workbook; texts stay texts, and the last column sums up."""
    body = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(body, options) as book:
        sheet = book.add_worksheet()
        bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
        sheet.write(0, 0, title, bold)
        for line, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                style = bold if line == 1 else money if isinstance(cell, float) else None
                sheet.write(line, column, cell, style)
        sheet.set_column(0, 4, 14)
        sheet.set_column(5, 6, 24)
        sheet.freeze_panes(2, 0)
    return body.getvalue()
