"""What belongs together stays on one line: a figure and its unit, a day and its time.

Narrow phones and large letters break lines where they can. Pages are glued as they leave, so that no
sentence, template or translation has to think of it.
"""

import re
from typing import Final

from server.kit.mixed import PIECE, SIGN

SPACE: Final = "\u00a0"
JOINER: Final = "\u2060"
"""Keeps a line from ending after the hyphen of a date."""

DIGIT: Final = re.compile(r"\d")
DATE: Final = re.compile(r"(?<![\w-])(?:\d{4}-)?\d\d-\d\d(?![\w-])")
BRACKET: Final = re.compile(r" (<[a-z][^<>]*>)(?=（)")
DOT: Final = re.compile(r"(?:^|(?<=\S))\s+(?=·)")
"""A separator ends a line, it begins none."""
COUNTED: Final = "积分|積分|分|券|[张張次人天单單笔筆条條]"
SEAM: Final = re.compile(
    rf"(?<={SIGN})(?=¥|\d[\d,.]*[ \u00a0](?:{COUNTED}))"  # 得到 ¥200 券, 得到 100 积分
    rf"|(?<={SIGN})(?=\d\d-\d\d(?!\d))|(?<=\d\d:\d\d)(?={SIGN})"  # 从 11-21 10:45 等到现在
)
"""A figure that is set off behind is set off before, and a time behind."""
STRAY: Final = re.compile(r"(?<=[。！？；]) +(?=\S)|(?<=\S) +(?=（)")
"""Chinese marks bring their own space."""

UNIT: Final = "points?|h|min|days?|deals?|friends?|leads?|steps?|people|coupons?|times?|of"

TORN: Final = re.compile(
    rf"(?<=\d) (?=(?:{SIGN}|(?:{UNIT})\b))"  # 5 小时, 300 points
    rf"|(?<=[时時天月日年]) (?=\d)"  # 5 小时 20 分, 2026 年 6 月
    r"|(?<=\S) (?=\d\d:\d\d(?!\d))"  # 今天 14:45, Jul 14 14:45
    r"|(?<=\b[A-Z][a-z]{2}) (?=\d{1,2}\b)"  # Jul 14
    r"|(?<=\d h) (?=\d)|(?<=\d of) (?=\d)"  # 5 h 20 min, 3 of 5
    r"|(?<=\d) (?=→)|(?<=→) "  # 609 → 614
    r"|(?<=\d) (?=/ \d)|(?<=\d[ \u00a0]/) (?=\d)"  # 3 / 10
)


def glued(html: str) -> str:
    """Return a page whose texts break only between what can stand apart."""
    return PIECE.sub(_piece, BRACKET.sub(r"\1", html))


def _piece(found: re.Match[str]) -> str:
    piece = found[0]
    if piece.startswith("<"):
        return piece
    words = DOT.sub(SPACE, STRAY.sub("", piece))
    if not DIGIT.search(words):
        return words
    dated = DATE.sub(lambda date: date[0].replace("-", f"-{JOINER}"), SEAM.sub(" ", words))
    return TORN.sub(SPACE, dated)
