"""A camera that looks at a QR code: a raw video for Chromium's fake device."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import segno
from playwright.async_api import Page, async_playwright

from tests.support.live import PHONE, chromium_options

WIDTH, HEIGHT = 640, 480
FRAMES = 4
WHITE, BLACK, GREY = 235, 16, 128


def film(path: Path, text: str, scale: int = 8) -> Path:
    """Write a video (Y4M) in which a QR code of `text` lies on a white table."""
    code = [list(row) for row in segno.make(text, error="m").matrix_iter(border=4)]
    left, top = (WIDTH - scale * len(code[0])) // 2, (HEIGHT - scale * len(code)) // 2
    picture = [bytearray([WHITE]) * WIDTH for _ in range(HEIGHT)]
    for y, row in enumerate(code):
        line = b"".join(bytes([BLACK if dark else WHITE]) * scale for dark in row)
        for step in range(scale):
            picture[top + scale * y + step][left : left + len(line)] = line
    frame = b"FRAME\n" + b"".join(picture) + bytes([GREY]) * (WIDTH * HEIGHT // 2)
    head = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode()
    path.write_bytes(head + frame * FRAMES)
    return path


@asynccontextmanager
async def phone_with_camera(site: str, video: Path) -> AsyncIterator[Page]:
    """A phone whose camera sees a video, and whose user lets pages use it."""
    options = chromium_options()
    options["args"] += [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={video}",
    ]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**options)
        context = await browser.new_context(base_url=site, permissions=["camera"], **PHONE)
        yield await context.new_page()
        await browser.close()
