"""Paper, ink and type: what every picture is drawn with, in pixels on a sheet of 1080 × 1440."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, Literal

from PIL import Image, ImageDraw, ImageFont

from server.kit.assets import BUILD

WIDTH, HEIGHT, MARGIN = 1080, 1440, 96
UNIT: Final = 64
LEAST: Final = 32
"""Smaller type is cut off instead."""
ART: Final = Path(__file__).resolve().parent / "art"

# The tokens of pwa/styles/tokens.css in sRGB, light.
PAPER, CARD, LINE = "#f8f5f0", "#fefdfa", "#dbd7cf"
INK, INK_2 = "#241e1a", "#5a544f"
CINNABAR, ON_CINNABAR, GOLD = "#c83122", "#fffbf4", "#93690d"
SIDES: Final = (
    INK, "#c83122", "#215da5", "#1c7b5a", "#9d6800", "#854494", "#00717f", "#655f35",
)  # fmt: skip
SHAPES: Final[dict[int, tuple[tuple[float, float], ...]]] = {
    1: ((8, 1.5), (15.5, 14.5), (0.5, 14.5)),
    2: ((1.5, 1.5), (14.5, 1.5), (14.5, 14.5), (1.5, 14.5)),
    4: ((8, 0.3), (15.7, 8), (8, 15.7), (0.3, 8)),
    5: (
        (5.2, 1), (10.8, 1), (10.8, 5.2), (15, 5.2), (15, 10.8), (10.8, 10.8),
        (10.8, 15), (5.2, 15), (5.2, 10.8), (1, 10.8), (1, 5.2), (5.2, 5.2),
    ),
    6: ((4.2, 1.3), (11.8, 1.3), (15.7, 8), (11.8, 14.7), (4.2, 14.7), (0.3, 8)),
    7: ((8, 14.5), (0.5, 1.5), (15.5, 1.5)),
}  # fmt: skip
"""The signs of the sides as in `_macros/icons.html`, on a grid of 16; the third is a circle."""

Weight = Literal[400, 700]
_FILES: Final = {
    "sc": ("noto-sans-sc-latin", "noto-sans-sc-chinese-simplified"),
    "tc": ("noto-sans-tc-latin", "noto-sans-tc-chinese-traditional"),
}
# What stays together on a line: a Latin word, or a sign with the punctuation after it.
_PIECE: Final = re.compile(r"(?:[A-Za-z0-9À-ɏ%¥'’\-]+|\S)[，。、；：！？”」》）…,.;:!?)]*\s*")


@cache
def _font(name: str, weight: Weight, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(BUILD / "fonts" / f"{name}-{weight}.ttf", size)


@cache
def _has(name: str, sign: str) -> bool:
    """Tell whether a font draws a sign of its own, not the box for what it lacks."""
    font = _font(name, 400, UNIT)
    return bytes(font.getmask(sign)) != bytes(font.getmask("\U0010fffd"))


class Sheet:
    """One picture in the making. Text stands on its base line; sizes are those of the type."""

    def __init__(self, locale: str) -> None:
        self.image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
        self.draw = ImageDraw.Draw(self.image)
        own, other = ("tc", "sc") if locale == "zh_Hant" else ("sc", "tc")
        self.names = (*_FILES[own], _FILES[other][1])

    def _runs(self, words: str) -> Iterator[tuple[str, str]]:
        """Cut words where another font has to step in; yields (font, signs)."""
        run, of = "", self.names[0]
        for sign in words:
            name = next((each for each in self.names if _has(each, sign)), self.names[0])
            if name != of and run:
                yield of, run
                run = ""
            of, run = name, run + sign
        if run:
            yield of, run

    def width(self, words: str, size: int, weight: Weight = 400) -> float:
        """Return how wide words are: measured once, as type of any size is alike."""
        at_unit = sum(_font(of, weight, UNIT).getlength(run) for of, run in self._runs(words))
        return at_unit * size / UNIT

    def text(
        self,
        at: tuple[float, float],
        words: str,
        size: int,
        fill: str = INK,
        *,
        weight: Weight = 400,
        align: Literal["left", "middle", "right"] = "left",
    ) -> float:
        """Write one line; returns where it ends."""
        x, y = at
        x -= self.width(words, size, weight) * {"left": 0, "middle": 0.5, "right": 1}[align]
        for of, run in self._runs(words):
            font = _font(of, weight, size)
            self.draw.text((x, y), run, fill, font, anchor="ls")
            x += font.getlength(run)
        return x

    def fitting(self, words: str, size: int, room: float, weight: Weight = 400) -> tuple[str, int]:
        """Return words and the size, `size` at most, at which they fit into `room`.

        What would get too small to read is cut and ends in an ellipsis.
        """
        wide = self.width(words, size, weight)
        if wide <= room:
            return words, size
        least = min(size, LEAST)
        return self._cut(words, least, room, weight), max(least, int(size * room / wide))

    def _cut(self, words: str, size: int, room: float, weight: Weight = 400) -> str:
        if self.width(words, size, weight) <= room:
            return words
        while words and self.width(words + "…", size, weight) > room:
            words = words[:-1]
        return words.rstrip("，。、,. ") + "…"

    def lines(self, words: str, size: int, room: float, most: int) -> list[str]:
        """Break words into lines; what has no room ends in an ellipsis."""
        found = [""]
        for piece in _PIECE.findall(words):
            if found[-1] and self.width((found[-1] + piece).rstrip(), size) > room:
                found.append("")
            found[-1] += piece
        found = [line.rstrip() for line in found]
        if len(found) > most:
            found = [*found[: most - 1], "".join(found[most - 1 :])]
        return [self._cut(line, size, room) for line in found]

    def shape(self, place: int, x: float, y: float, size: float) -> None:
        """Draw the sign of a side with its upper left corner at a point."""
        unit = size / 16
        if place not in SHAPES:
            ring = (x + unit, y + unit, x + 15 * unit, y + 15 * unit)
            self.draw.ellipse(ring, SIDES[place % len(SIDES)])
            return
        self.draw.polygon([(x + a * unit, y + b * unit) for a, b in SHAPES[place]], SIDES[place])

    def stamp(self, words: str, middle: tuple[int, int], size: int, colour: str) -> None:
        """Press a seal with words on the sheet, a little askew."""
        room = round(self.width(words, size, 700) + size * 0.9)
        tall = round(size * 1.62)
        # Twice as large and on its own sheet, so that its edges stay smooth when it is turned.
        plate = Sheet.__new__(Sheet)
        plate.names = self.names
        plate.image = Image.new("L", (room * 2, tall * 2), 0)
        plate.draw = ImageDraw.Draw(plate.image)
        rim = (6, 6, room * 2 - 7, tall * 2 - 7)
        plate.draw.rounded_rectangle(rim, size * 0.36, outline=255, width=round(size * 0.2))
        plate.text((room, tall * 1.4), words, size * 2, "white", weight=700, align="middle")
        turned = plate.image.rotate(7, Image.Resampling.BICUBIC, expand=True)
        mask = turned.resize((turned.width // 2, turned.height // 2), Image.Resampling.LANCZOS)
        x, y = middle
        self.image.paste(colour, (x - mask.width // 2, y - mask.height // 2), mask)

    def print(self, name: str, x: int, y: int, size: int, colour: str, turn: float = 0) -> None:
        """Print a mask of `art/` in a colour, `size` wide, turned by some degrees."""
        with Image.open(ART / f"{name}.png") as kept:
            mask = kept.convert("L").resize((size, size), Image.Resampling.LANCZOS)
        self.image.paste(colour, (x, y), mask.rotate(turn, Image.Resampling.BICUBIC))

    def mark(self, x: int, y: int, tall: int) -> None:
        """Put the name mark on the sheet."""
        with Image.open(ART / "name.png") as kept:
            mark = kept.convert("RGBA").resize((tall * 2, tall), Image.Resampling.LANCZOS)
        self.image.paste(mark, (x, y), mark)
