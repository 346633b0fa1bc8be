"""Draw the app's marks from one geometry: `python pwa/draw_icons.py`, with Chromium as the pen.

The app icon is a seal with 台, the stage: the triangle and the square of the first two sides, one
over the other. The name mark is a seal of two halves, as old ones are: 擂 cut out of the stone
(白文), 台 left standing in lines (朱文), two sides facing each other. From the same pen come the
icons of shortcuts and the glyphs of badges that share cards print. Run it after changing a mark;
the results are committed.
"""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from server.kit.pages import environment

ROOT = Path(__file__).resolve().parent.parent
ICONS = ROOT / "static" / "icons"
ART = ROOT / "server" / "cards" / "art"
CHROMIUM = next(
    (p for p in ("/usr/bin/chromium", "/usr/bin/google-chrome") if Path(p).exists()), None
)
CINNABAR = "#c83122"
PAPER = "#fdfcf9"
GRID = 72
TAI = "M35.500 12 17.500 33h25M44 20l11 14M20.500 43h31v16.500h-31z"
LEI = (
    "M9.500 23h15M17.500 11v43.500q0 3.500-5 1M9 44l15.500-7M35 12.500h25M31.500 25v-5.500h32V25"
    "M47.500 12.500v20M37 25.500h5M37 31.500h5M53 25.500h5M53 31.500h5M33.500 39h28v20.500h-28z"
    "M47.500 39v20.500M33.500 49.200h28"
)
CUT = "M10 0h66v72H10Q0 72 0 62V10Q0 0 10 0z"
LEFT = "M74 1.500h59.500q9 0 9 9v51q0 9-9 9H74z"
"""The strokes of 台 and 擂 on a grid of 72, and the stone of the name mark; templates repeat them (`_macros/brand.html`)."""
PLAIN = {"icon-192": 192, "icon-512": 512}
WHOLE = {"maskable-512": 512, "apple-180": 180}
SHORTCUTS = (
    "arena", "plus", "gift", "scan", "ticket", "share", "bell", "phone", "check", "people", "notice",
    "wallet",
)  # fmt: skip
GLYPH = 480


def strokes(d: str, colour: str, width: float, more: str = "") -> str:
    """Return a path drawn with the house's round pen."""
    return (
        f'<path fill="none" stroke="{colour}" stroke-width="{width:g}" stroke-linecap="round" '
        f'stroke-linejoin="round" d="{d}"{more}/>'
    )


def svg(inside: str, box: str = f"0 0 {GRID} {GRID}") -> str:
    """Return a picture of its own."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{inside}</svg>\n'


def seal(ground: str, cut: str, radius: float, edge: float = 0) -> str:
    """Return the app icon, its strokes `edge` further from the rim than they need be."""
    return svg(
        f'<rect width="{GRID}" height="{GRID}" rx="{radius:g}" fill="{ground}"/>'
        + strokes(TAI, cut, 7),
        f"{-edge:g} {-edge:g} {GRID + 2 * edge:g} {GRID + 2 * edge:g}",
    )


def whole() -> str:
    """Return the icon for launchers that cut a circle or a squircle: the seal fills the ground."""
    return svg(
        f'<rect x="-9" y="-9" width="90" height="90" fill="{CINNABAR}"/>' + strokes(TAI, PAPER, 7),
        "-9 -9 90 90",
    )


def mono() -> str:
    """Return the seal as a stencil: systems colour what is left standing."""
    mask = (
        f'<mask id="m"><rect width="72" height="72" fill="#fff"/>{strokes(TAI, "#000", 7)}</mask>'
    )
    return svg(mask + '<rect width="72" height="72" rx="12" mask="url(#m)"/>', "-9 -9 90 90")


def name_mark() -> str:
    """Return 擂台 as a seal of two halves."""
    return svg(
        f'<path fill="{CINNABAR}" d="{CUT}"/><path fill="{PAPER}" stroke="{CINNABAR}" '
        f'stroke-width="3" d="{LEFT}"/>'
        + strokes(LEI, PAPER, 4.4)
        + strokes(TAI, CINNABAR, 6, ' transform="translate(73.500 0)"'),
        "0 0 144 72",
    )


def shortcut(name: str) -> str:
    """Return the icon of a place: its line drawing on a small seal."""
    paths = environment().get_template("_macros/icons.html").module.paths  # type: ignore[attr-defined]
    return svg(
        f'<rect width="96" height="96" rx="20" fill="{CINNABAR}"/>'
        f'<g transform="translate(21 21) scale(2.250)" fill="none" stroke="{PAPER}" '
        f'stroke-width="2" stroke-linecap="round" stroke-linejoin="round">{paths[name]}</g>',
        "0 0 96 96",
    )


def glyphs() -> dict[str, str]:
    """Return what badges are put together from, white on black: masks for Pillow."""
    told = environment().get_template("_macros/badges.html").module
    frame: str = told.frame  # type: ignore[attr-defined]
    pen = 'fill="none" stroke="#fff" stroke-linecap="round" stroke-linejoin="round"'
    style = "<style>.solid{stroke-width:5}.ink{fill:#fff;stroke-width:1}</style>"
    worn = ' stroke-dasharray="36 1.4 41 .8 19.8 1" pathLength="100" stroke-linecap="butt"'

    def small(scale: float, inside: str) -> str:
        return f'<g transform="translate(32 32) scale({scale}) translate(-32 -32)">{inside}</g>'

    masks = {
        f"glyph-{name}": style + f'<g {pen} stroke-width="2.600">{lines}</g>'
        for name, lines in told.glyphs.items()  # type: ignore[attr-defined]
    }
    masks["frame"] = f'<path {pen} stroke-width="3" d="{frame}"{worn}/>'
    masks["inner"] = small(0.85, f'<path {pen} stroke-width="1.600" d="{frame}"{worn}/>')
    masks["stone"] = small(0.94, f'<path fill="#fff" d="{frame}"/>')
    masks["rim"] = small(1.1, f'<path {pen} stroke-width="2.400" d="{frame}"/>')
    ground = '<rect x="-8" y="-8" width="80" height="80"/>'
    return {name: svg(ground + inside, "-4 -4 72 72") for name, inside in masks.items()}


def picture(page: Page, drawing: str, width: int, height: int) -> Image.Image:
    """Let the browser draw an SVG."""
    page.set_viewport_size({"width": width, "height": height})
    page.set_content(
        f"<style>*{{margin:0}}svg{{display:block;width:100vw;height:100vh}}</style>{drawing}"
    )
    return Image.open(io.BytesIO(page.screenshot(omit_background=True)))


def main() -> None:
    """Write everything."""
    ICONS.mkdir(parents=True, exist_ok=True)
    ART.mkdir(parents=True, exist_ok=True)
    plain = seal(CINNABAR, PAPER, 13)
    (ICONS / "icon.svg").write_text(plain, "utf-8")
    (ICONS / "name.svg").write_text(name_mark(), "utf-8")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM)
        page = browser.new_page()

        def write(file: Path, drawing: str, width: int, height: int, *, tones: int = 64) -> None:
            drawn = picture(page, drawing, width, height)
            drawn.quantize(tones, method=Image.Quantize.FASTOCTREE).save(file, optimize=True)

        for name, size in PLAIN.items():
            write(ICONS / f"{name}.png", seal(CINNABAR, PAPER, 13, 3), size, size)
        for name, size in WHOLE.items():
            write(ICONS / f"{name}.png", whole(), size, size)
        write(ICONS / "mono-512.png", mono(), 512, 512)
        for name in SHORTCUTS:
            write(ICONS / f"place-{name}.png", shortcut(name), 96, 96)
        write(ART / "name.png", name_mark(), 480, 240)
        for name, mask in glyphs().items():
            drawn = picture(page, mask, GLYPH, GLYPH).convert("L")
            drawn.quantize(16).save(ART / f"{name}.png", optimize=True)
        browser.close()


if __name__ == "__main__":
    main()
