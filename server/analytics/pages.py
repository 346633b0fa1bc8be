"""The numbers: how leads of a month became deals, what came in and what it cost (L1 to L3)."""

import asyncio
from datetime import datetime, timedelta
from typing import Any, Final, cast, get_args
from zoneinfo import ZoneInfo

import msgspec
from litestar import Response, get

from game.periods import window
from server.analytics import exports, queries, views
from server.analytics.queries import By
from server.battles.exports import as_csv, as_xlsx
from server.config import settings
from server.kit import clock, formats
from server.kit.i18n import _, lazy
from server.kit.pages import page
from server.people.forms import Asked
from server.people.guards import allowed

DESK: Final = [allowed("operations", "finance", "admin")]
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WAYS: Final = {
    "channel": lazy("by channel"),
    "person": lazy("by person"),
    "store": lazy("by store"),
}


class Asking(msgspec.Struct, frozen=True):
    """A month and how it is taken apart; what makes no sense is this month by channel."""

    by: By
    month: str
    start: datetime
    end: datetime
    now: datetime

    @property
    def query(self) -> str:
        """The part of an address that asks the same again."""
        return f"by={self.by}&month={self.month}"


async def _asking(by: str, month: str) -> Asking:
    zone, now = ZoneInfo(settings().company_timezone), await clock.now()
    try:
        inside = datetime.strptime(month, "%Y-%m").replace(day=15, tzinfo=zone)
        start, end = window("month", inside, zone)
    except (ValueError, OverflowError):
        start, end = window("month", now, zone)
    chosen = cast("By", by) if by in get_args(By) else "channel"
    return Asking(chosen, f"{start.astimezone(zone):%Y-%m}", start, end, now)


@get("/numbers", guards=DESK)
async def show(request: Asked, by: str = "", month: str = "") -> Response[Any]:
    """Show a month's funnel and what it brought."""
    asked = await _asking(by, month)
    everything, *found = await views.parts(asked.by, asked.start, asked.end)
    zone = ZoneInfo(settings().company_timezone)
    return page(
        request,
        "numbers/show.html",
        month=formats.month(asked.start.astimezone(zone)),
        before=f"by={asked.by}&month={asked.start.astimezone(zone) - timedelta(days=1):%Y-%m}",
        after=f"by={asked.by}&month={asked.end.astimezone(zone):%Y-%m}"
        if asked.end <= asked.now
        else "",
        query=asked.query,
        ways=[
            (str(label), f"by={each}&month={asked.month}", each == asked.by)
            for each, label in WAYS.items()
        ],
        total=views.total(everything, await queries.opened(asked.start, asked.end)),
        rows=[views.row(each) for each in found],
    )


@get("/numbers.xlsx", guards=DESK)
async def download_xlsx(by: str = "", month: str = "") -> Response[bytes]:
    """Return the numbers as a workbook."""
    asked = await _asking(by, month)
    rows = exports.table(await views.parts(asked.by, asked.start, asked.end))
    body = await asyncio.to_thread(as_xlsx, rows, f"{_('Numbers')} {asked.month}")
    return _download(body, XLSX, f"numbers-{asked.month}.xlsx")


@get("/numbers.csv", guards=DESK)
async def download_csv(by: str = "", month: str = "") -> Response[bytes]:
    """Return the numbers as CSV."""
    asked = await _asking(by, month)
    rows = exports.table(await views.parts(asked.by, asked.start, asked.end))
    return _download(as_csv(rows), "text/csv; charset=utf-8", f"numbers-{asked.month}.csv")


def _download(body: bytes, media_type: str, name: str) -> Response[bytes]:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(body, media_type=media_type, headers=headers)


routes = [show, download_xlsx, download_csv]
