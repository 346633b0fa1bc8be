"""Mixed text: what stands on a page in another script says so.

Names of people, sides and stores are not translated. On an English page a screen reader would spell
them out, and a browser may draw them with foreign shapes: they are marked as Chinese (WCAG 3.1.2).
"""

import re
from typing import Final

SIGN: Final = "[々〇\u2e80-\u2fdf\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
HAN: Final = re.compile(SIGN)
RUN: Final = re.compile(f"{SIGN}(?:[ /·\u3000-\u303f\uff00-\uffef]*{SIGN})*")
"""Chinese signs, and the marks between them."""

PIECE: Final = re.compile(
    r"<(title|script|style|textarea|option|svg)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>|[^<]+",
    re.DOTALL | re.IGNORECASE,
)
"""Of a page: what can hold no markup, a tag, or a text."""


def tagged(html: str) -> str:
    """Return a page that is not Chinese with the Chinese in its texts marked as such."""
    return PIECE.sub(_piece, html) if HAN.search(html) else html


def _piece(found: re.Match[str]) -> str:
    piece = found[0]
    if piece.startswith("<") or not HAN.search(piece):
        return piece
    words = piece.strip()
    marked = RUN.sub(r'<bdi lang="zh">\g<0></bdi>', words)
    if RUN.fullmatch(words) is None:
        # One element, as the text was one: a row lays out its children, not its words.
        marked = f"<bdi>{marked}</bdi>"
    return piece.replace(words, marked, 1)
