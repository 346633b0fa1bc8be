"""The three walks in seconds, at the speed of a person: median of three.

A tap is 0.9 s (see, decide, move), a key of the phone's keyboard 0.28 s; the rest is the app.
"""

import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser

from server.coupons import codes
from server.people import invites
from tests.bench.stage import Stage, on_stage
from tests.support.camera import film, phone_with_camera
from tests.support.cast import person_id
from tests.support.field import open_field
from tests.support.leads import take_leads
from tests.support.live import PHONE
from tests.support.services import Clock
from tests.support.shop import customer, give, open_shop
from tests.support.walks import Hand, join_from_invite, redeem, report_lead, sit_down

TAP_MS, KEY_MS = 900, 280
TIMES = 3
Walk = Callable[[Browser, str, Clock], Awaitable[float]]


def run() -> dict[str, Any]:
    """Measure; returns the seconds of each walk."""
    return on_stage("walks", _measure)


async def _measure(stage: Stage) -> dict[str, Any]:
    walks = {"join": _join, "lead": _lead, "redeem": _redeem}
    took: dict[str, list[float]] = {name: [] for name in walks}
    for _ in range(TIMES):
        for name, walk in walks.items():
            async with stage.emptied() as (site, clock):
                took[name].append(await walk(stage.browser, site, clock))
    return {f"walk_{name}_s": round(statistics.median(each), 1) for name, each in took.items()}


async def _join(browser: Browser, site: str, clock: Clock) -> float:
    await open_field(clock)
    path = (await invites.invite_code("AN")).path
    async with _hand(browser, site) as hand:
        began = time.monotonic()
        await join_from_invite(hand, path, "二队")
        return time.monotonic() - began


async def _lead(browser: Browser, site: str, clock: Clock) -> float:
    await take_leads(clock)
    async with _hand(browser, site) as hand:
        await sit_down(hand.page, site, await person_id("BAO"))
        began = time.monotonic()
        await report_lead(hand, "13812340001")
        return time.monotonic() - began


async def _redeem(_browser: Browser, site: str, clock: Clock) -> float:
    await open_shop(clock)
    link = f"{site}/C/{codes.token_of(await give(await customer()))}".upper()
    video = film(Path(tempfile.mkdtemp()) / "qr.y4m", link)
    async with phone_with_camera(site, video) as till:
        await sit_down(till, site, await person_id("TILL"))
        began = time.monotonic()
        await redeem(Hand(till, tap_ms=TAP_MS, key_ms=KEY_MS))
        return time.monotonic() - began


@asynccontextmanager
async def _hand(browser: Browser, site: str) -> AsyncIterator[Hand]:
    context = await browser.new_context(base_url=site, **PHONE)
    yield Hand(await context.new_page(), tap_ms=TAP_MS, key_ms=KEY_MS)
    await context.close()
