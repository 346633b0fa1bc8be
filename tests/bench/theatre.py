"""A frame of the battle page on a phone four times as slow: its longest task, in ms of the thread.

The lead changes hands in every fourth frame; beside it, in the same run, the board drawn anew.
"""

import asyncio
import statistics
from typing import Any

from tests.bench.stage import Stage, on_stage
from tests.support.cast import person_id
from tests.support.field import begin, open_field
from tests.support.live import PHONE, connected
from tests.support.theatre import costs, frames_of
from tests.support.walks import sit_down

TIMES = 3
LONG_MS = 50


def run() -> dict[str, Any]:
    """Measure; returns ms of a frame, how many frames are long, and the ratio to drawing anew."""
    return on_stage("theatre", _measure)


async def _measure(stage: Stage) -> dict[str, Any]:
    frames: list[float] = []
    anew: list[float] = []
    for _ in range(TIMES):
        async with stage.emptied() as (site, clock):
            battle = await open_field(clock)
            await begin(clock, battle)
            context = await stage.browser.new_context(base_url=site, **PHONE)
            page = await context.new_page()
            await sit_down(page, site, await person_id("MEI"))
            heard = frames_of(page)
            async with connected(page):
                await page.goto(f"/battles/{battle}")
            await asyncio.wait_for(heard.get(), 30)
            each, whole = await costs(page, heard)
            frames, anew = frames + each, anew + whole
            await context.close()
    a_frame = statistics.median(frames)
    return {
        "theatre_frame_ms": round(a_frame, 1),
        "theatre_frame_worst_ms": round(max(frames), 1),
        "theatre_long_frames": f"{sum(took > LONG_MS for took in frames)} of {len(frames)}",
        "theatre_frame_vs_anew": round(a_frame / statistics.median(anew), 2),
    }
