"""What the frames of a battle cost a phone: the longest piece of work that each asks for."""

import asyncio
import json
from itertools import cycle, pairwise
from time import monotonic
from typing import Any

from playwright.async_api import Page, expect

from tests.support.field import act

FRAMES = 20
SLOWER = 4
TASK = "ThreadControllerImpl::RunTask"
ANEW = """() => {
  const board = document.querySelector("[data-board]");
  const again = document.createElement("div");
  again.innerHTML = board.outerHTML;
  board.after(again);
  again.getBoundingClientRect();
  again.remove();
}"""
"""Draws the board of the page once more, as if it came whole."""

DRAWN = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
"""Is over when what was changed has been drawn."""


def frames_of(page: Page) -> asyncio.Queue[dict[str, Any]]:
    """Collect the frames a page gets."""
    heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    def hear(data: str | bytes) -> None:
        said = json.loads(data)
        if said["t"] == "frame":
            heard.put_nowait(said)

    page.on("websocket", lambda socket: socket.on("framereceived", hear))
    return heard


async def costs(
    phone: Page, heard: asyncio.Queue[dict[str, Any]]
) -> tuple[list[float], list[float]]:
    """Let the lead change hands again and again on a slow phone.

    Returns the longest task of each frame, and of each time that the board is drawn anew, in ms of
    the main thread's own time.
    """
    throttle = await phone.context.new_cdp_session(phone)
    await throttle.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    browser = phone.context.browser
    assert browser
    leader = phone.locator("[data-duel='0'] [data-score]")
    # The first question brings Playwright's own script into the page: that is no work of ours.
    await expect(leader).to_be_visible()
    await browser.start_tracing(page=phone, categories=["toplevel"])
    moments = await _fight(heard)
    # 一队 has five visits, 二队 fifteen calls.
    await expect(leader).to_have_text("30")
    drawn = []
    for _ in range(FRAMES):
        drawn.append(monotonic())
        await phone.evaluate(ANEW)
    drawn.append(monotonic())
    trace = await browser.stop_tracing()
    return _longest(trace, [*moments, drawn[0]]), _longest(trace, drawn)


async def restyled(phone: Page, change: str) -> list[int]:
    """Let a script change the page; returns how many elements each restyling then looked at."""
    browser = phone.context.browser
    assert browser
    await browser.start_tracing(page=phone, categories=["devtools.timeline"])
    await phone.evaluate(change)
    await phone.evaluate(DRAWN)
    trace = await browser.stop_tracing()
    return [
        each["args"]["elementCount"]
        for each in json.loads(trace)["traceEvents"]
        if each["name"] == "UpdateLayoutTree" and "elementCount" in each.get("args", {})
    ]


async def _fight(heard: asyncio.Queue[dict[str, Any]]) -> list[float]:
    """Act; returns when each frame came."""
    turns = cycle([("MEI", "visit"), ("CHEN", "call"), ("CHEN", "call"), ("CHEN", "call")])
    moments = []
    for nth in range(FRAMES):
        code, kind = next(turns)
        await act(code, kind, f"A-{nth}" if kind == "visit" else "")
        await asyncio.wait_for(heard.get(), 30)
        moments.append(monotonic())
    return moments


def _longest(trace: bytes, moments: list[float]) -> list[float]:
    events = json.loads(trace)["traceEvents"]
    mains = {
        (each["pid"], each["tid"])
        for each in events
        if each["name"] == "thread_name" and each["args"]["name"] == "CrRendererMain"
    }
    tasks = [
        (each["ts"] / 1e6, each.get("tdur", 0) / 1e3)
        for each in events
        if each["name"] == TASK and (each["pid"], each["tid"]) in mains
    ]
    return [
        max((took for began, took in tasks if start <= began < end), default=0)
        for start, end in pairwise(moments)
    ]
