"""The pictures of the demo's rewards: ink and cinnabar on paper, drawn by code."""

from collections.abc import Callable
from io import BytesIO
from math import cos, pi, sin
from typing import Final

from PIL import Image, ImageDraw

SIZE: Final = (960, 640)
SHARP: Final = 2
"""Drawn so many times as large, then made small: edges are smooth."""
PAPER: Final = (241, 236, 226)
INK: Final = (44, 38, 33)
CINNABAR: Final = (198, 48, 36)
GOLD: Final = (176, 128, 40)
WHITE: Final = (253, 251, 247)
LINE: Final = 22

Pen = ImageDraw.ImageDraw


def picture(name: str) -> bytes:
    """Return the picture of a reward of `goods.py` as PNG."""
    sheet = Image.new("RGB", (SIZE[0] * SHARP, SIZE[1] * SHARP), PAPER)
    DRAWN[name](ImageDraw.Draw(sheet))
    body = BytesIO()
    sheet.resize(SIZE, Image.Resampling.LANCZOS).save(body, "PNG")
    return body.getvalue()


def _at(*points: float) -> list[float]:
    return [each * SHARP for each in points]


def _line(pen: Pen, *points: float, fill: tuple[int, ...] = INK, width: int = LINE) -> None:
    pen.line(_at(*points), fill=fill, width=width * SHARP, joint="curve")
    half = width / 2
    for x, y in (points[:2], points[-2:]):
        pen.ellipse(_at(x - half, y - half, x + half, y + half), fill=fill)


def _leave(pen: Pen) -> None:
    """The sun goes down behind a hill at noon."""
    for ray in range(1, 8):
        turn = pi * ray / 8
        near, far = 190, 250
        x, y = 480 - cos(turn) * near, 420 - sin(turn) * near
        _line(pen, x, y, 480 - cos(turn) * far, 420 - sin(turn) * far, fill=GOLD)
    pen.pieslice(_at(340, 280, 620, 560), 180, 360, fill=CINNABAR)
    _line(pen, 200, 420, 760, 420)
    _line(pen, 290, 480, 670, 480)
    _line(pen, 380, 540, 580, 540)


def _cup(pen: Pen) -> None:
    pen.rounded_rectangle(
        _at(380, 190, 580, 540), 40 * SHARP, fill=WHITE, outline=INK, width=LINE * SHARP
    )
    pen.rounded_rectangle(_at(400, 120, 560, 200), 26 * SHARP, fill=INK)
    pen.rounded_rectangle(_at(440, 300, 520, 380), 12 * SHARP, fill=CINNABAR)


def _cinema(pen: Pen) -> None:
    _box(pen, (320, 160, 720, 390), 24, WHITE)
    _box(pen, (250, 230, 650, 460), 24, CINNABAR)
    for edge, outside in ((250, (190, 239)), (650, (661, 710))):
        pen.ellipse(
            _at(edge - 34, 311, edge + 34, 379), fill=PAPER, outline=INK, width=LINE * SHARP
        )
        pen.rectangle(_at(outside[0], 300, outside[1], 389), fill=PAPER)
    # The corner of the ticket behind, where the notch was cut through it.
    _line(pen, 720, 340, 720, 365)
    _line(pen, 672, 390, 690, 390)
    for nth in range(4):
        _line(pen, 520, 265 + 50 * nth, 520, 280 + 50 * nth, fill=PAPER, width=14)


def _box(
    pen: Pen, corners: tuple[float, float, float, float], round_: int, fill: tuple[int, ...]
) -> None:
    pen.rounded_rectangle(_at(*corners), round_ * SHARP, fill=fill, outline=INK, width=LINE * SHARP)


def _coffee(pen: Pen) -> None:
    pen.arc(_at(540, 320, 700, 460), -90, 90, fill=INK, width=LINE * SHARP)
    pen.pieslice(_at(300, 120, 620, 560), 0, 180, fill=CINNABAR, outline=INK, width=LINE * SHARP)
    pen.rectangle(_at(300, 300, 620, 345), fill=CINNABAR)
    _line(pen, 300, 300, 620, 300)
    _line(pen, 300, 300, 300, 345)
    _line(pen, 620, 300, 620, 345)
    _line(pen, 280, 580, 640, 580)
    for x in (400, 460, 520):
        pen.arc(_at(x - 24, 150, x + 24, 200), 90, 270, fill=INK, width=14 * SHARP)
        pen.arc(_at(x - 24, 200, x + 24, 250), -90, 90, fill=INK, width=14 * SHARP)


def _course(pen: Pen) -> None:
    pen.rounded_rectangle(
        _at(410, 110, 550, 390), 70 * SHARP, fill=CINNABAR, outline=INK, width=LINE * SHARP
    )
    pen.arc(_at(340, 210, 620, 470), 0, 180, fill=INK, width=LINE * SHARP)
    _line(pen, 480, 470, 480, 560)
    _line(pen, 390, 560, 570, 560)
    for y in (210, 260, 310):
        _line(pen, 450, y, 510, y, fill=WHITE, width=12)


def _coupon(pen: Pen) -> None:
    """A house, and a ticket's notch in its wall."""
    pen.polygon(_at(480, 110, 730, 320, 230, 320), fill=CINNABAR)
    _line(pen, 230, 320, 480, 110, 730, 320)
    pen.rectangle(_at(290, 320, 670, 550), fill=WHITE)
    _line(pen, 290, 320, 290, 550, 670, 550, 670, 320)
    for edge in (290, 670):
        pen.ellipse(
            _at(edge - 36, 400, edge + 36, 472), fill=PAPER, outline=INK, width=LINE * SHARP
        )
    pen.rectangle(_at(230, 390, 279, 480), fill=PAPER)
    pen.rectangle(_at(681, 390, 730, 480), fill=PAPER)
    for x in range(350, 630, 50):
        _line(pen, x, 436, x + 16, 436, fill=GOLD, width=14)


def _plant(pen: Pen) -> None:
    for x, y in ((300, 250), (660, 250), (385, 130), (575, 130), (480, 100)):
        _leaf(pen, x, y)
    pen.polygon(_at(360, 420, 600, 420, 560, 580, 400, 580), fill=CINNABAR)
    _line(pen, 345, 420, 615, 420)


def _leaf(pen: Pen, x: float, y: float) -> None:
    """A leaf from the pot to a tip: two bows that meet at both ends."""
    across = ((y - 420) * 0.18, (480 - x) * 0.18)
    one, other = [], []
    for nth in range(21):
        part = nth / 20
        here = (480 + (x - 480) * part, 420 + (y - 420) * part)
        wide = sin(pi * part)
        one.append((here[0] + across[0] * wide, here[1] + across[1] * wide))
        other.append((here[0] - across[0] * wide, here[1] - across[1] * wide))
    outline = [each for point in (*one, *reversed(other)) for each in point]
    pen.polygon(_at(*outline), fill=INK, outline=PAPER, width=8 * SHARP)


def _parking(pen: Pen) -> None:
    pen.rounded_rectangle(
        _at(340, 110, 620, 390), 48 * SHARP, fill=CINNABAR, outline=INK, width=LINE * SHARP
    )
    _line(pen, 430, 330, 430, 170, width=30, fill=WHITE)
    pen.arc(_at(415, 155, 560, 280), -90, 90, fill=WHITE, width=30 * SHARP)
    _line(pen, 430, 170, 490, 170, width=30, fill=WHITE)
    _line(pen, 430, 265, 490, 265, width=30, fill=WHITE)
    _line(pen, 480, 400, 480, 560)
    _line(pen, 380, 570, 580, 570)


DRAWN: Final[dict[str, Callable[[Pen], None]]] = {
    "leave": _leave,
    "cup": _cup,
    "cinema": _cinema,
    "coffee": _coffee,
    "course": _course,
    "coupon": _coupon,
    "plant": _plant,
    "parking": _parking,
}
