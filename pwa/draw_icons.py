"""Draw the app's icons from one geometry: `python pwa/draw_icons.py` writes static/icons/.

The mark is a seal with 台, the stage: the triangle and the square of the first two sides, one over
the other. Run it after changing the mark; the results are committed.
"""

from pathlib import Path

from PIL import Image, ImageDraw

OUT = Path(__file__).resolve().parent.parent / "static" / "icons"
CINNABAR = "#c52f22"
PAPER = "#fdfcf9"
CLEAR = (0, 0, 0, 0)
GRID = 72
SHARP = 4
WIDTH = 7.0
STROKES = (
    ((32.5, 14), (17.5, 32.5), (47, 30.5)),
    ((44.5, 20), (56, 34.5)),
    ((21.5, 43), (50.5, 43), (50.5, 58.5), (21.5, 58.5), (21.5, 43), (50.5, 43)),
)
PLAIN = {"icon-192": 192, "icon-512": 512}
WHOLE = {"maskable-512": 512, "apple-180": 180}


def draw(
    size: int, ground: str | None, seal: str, cut: str | tuple[int, ...], inset: float
) -> Image.Image:
    """Draw the mark `inset` (a part of the size) away from the edges, on `ground` or on nothing."""
    canvas = Image.new("RGBA", (size * SHARP, size * SHARP), ground or CLEAR)
    pen = ImageDraw.Draw(canvas)
    edge = inset * size * SHARP
    unit = (size * SHARP - 2 * edge) / GRID
    far = size * SHARP - edge - 1
    pen.rounded_rectangle((edge, edge, far, far), radius=12 * unit, fill=seal)
    half = WIDTH * unit / 2
    for stroke in STROKES:
        points = [(edge + x * unit, edge + y * unit) for x, y in stroke]
        pen.line(points, fill=cut, width=round(2 * half), joint="curve")
        for x, y in points:
            pen.ellipse((x - half, y - half, x + half, y + half), fill=cut)
    return canvas.resize((size, size), Image.Resampling.LANCZOS)


def svg() -> str:
    """Return the mark as SVG."""
    lines = "".join("M" + " ".join(f"{x:g} {y:g}" for x, y in stroke) for stroke in STROKES)
    seal = "M12 0h48q12 0 12 12v48q0 12-12 12H12Q0 72 0 60V12Q0 0 12 0z"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {GRID} {GRID}">'
        f'<path fill="{CINNABAR}" d="{seal}"/><path fill="none" stroke="{PAPER}" '
        f'stroke-width="{WIDTH:g}" stroke-linecap="round" stroke-linejoin="round" d="{lines}"/>'
        "</svg>\n"
    )


def main() -> None:
    """Write every size."""
    OUT.mkdir(parents=True, exist_ok=True)
    for name, size in PLAIN.items():
        draw(size, None, CINNABAR, PAPER, 0.04).save(OUT / f"{name}.png", optimize=True)
    for name, size in WHOLE.items():
        # Launchers cut a circle or a squircle: the seal fills the ground, the strokes stay inside.
        draw(size, CINNABAR, CINNABAR, PAPER, 0.04).save(OUT / f"{name}.png", optimize=True)
    draw(512, None, "#000000", CLEAR, 0.1).save(OUT / "mono-512.png", optimize=True)
    (OUT / "icon.svg").write_text(svg(), "utf-8")


if __name__ == "__main__":
    main()
