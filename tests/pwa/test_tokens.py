"""Text and signs can be read on every surface, in both schemes, as an sRGB screen shows them."""

import math
import re
from itertools import product

import pytest

from server.config import CHECKOUT

TOKENS = (CHECKOUT / "pwa" / "styles" / "tokens.css").read_text("utf-8")
COLOUR = r"oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)"
PAIRS = {
    name: (light, dark)
    for name, *numbers in re.findall(
        rf"--([\w-]+): light-dark\({COLOUR}, {COLOUR}\)", TOKENS.split("@media", 1)[0]
    )
    for light, dark in [(numbers[:3], numbers[3:])]
}
TEXT = ("ink", "ink-2", "ink-3", "cinnabar", "gold", "done", *(f"side-{n}" for n in range(1, 8)))
SCHEMES = ("light", "dark")


def srgb(lightness: str, chroma: str, hue: str) -> tuple[float, ...]:
    """Return the linear sRGB of an oklch colour, clipped as screens clip it."""
    light, turn = float(lightness) / 100, math.radians(float(hue))
    a, b = float(chroma) * math.cos(turn), float(chroma) * math.sin(turn)
    cones = [
        (light + x * a + y * b) ** 3
        for x, y in (
            (0.3963377774, 0.2158037573),
            (-0.1055613458, -0.0638541728),
            (-0.0894841775, -1.2914855480),
        )
    ]
    rows = (
        (4.0767416621, -3.3077115913, 0.2309699292),
        (-1.2684380046, 2.6097574011, -0.3413193965),
        (-0.0041960863, -0.7034186147, 1.7076147010),
    )
    return tuple(
        min(1.0, max(0.0, sum(k * cone for k, cone in zip(row, cones, strict=True))))
        for row in rows
    )


def contrast(one: str, other: str, scheme: str) -> float:
    """Return the contrast of two tokens in a scheme, 1 to 21."""

    def luminance(name: str) -> float:
        red, green, blue = srgb(*PAIRS[name][SCHEMES.index(scheme)])
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_stands_out_from_every_surface(scheme: str) -> None:
    weak = {
        (ink, ground): round(found, 2)
        for ink, ground in product(TEXT, ("paper", "card", "sunk"))
        if (found := contrast(ink, ground, scheme)) < 4.5
    }
    assert weak == {}


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("one", "other", "least"),
    [
        ("on-cinnabar", "cinnabar", 4.5),
        ("paper", "ink", 7),
        ("edge", "card", 3),
        ("edge", "paper", 3),
    ],
)
def test_controls_stand_out(one: str, other: str, least: float, scheme: str) -> None:
    assert contrast(one, other, scheme) >= least


def test_two_sides_that_meet_are_told_apart_by_more_than_colour() -> None:
    drawn = (CHECKOUT / "pwa" / "templates" / "_macros" / "icons.html").read_text("utf-8")
    shapes = re.findall(r'<symbol id="shape-(\d)"[^>]*>(.*?)</symbol>', drawn)
    assert [place for place, _ in shapes] == list("1234567")
    assert len({path for _, path in shapes}) == 7
