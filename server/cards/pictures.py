"""The pictures themselves: pure functions of their words; a drawing takes a third of a second."""

import io
from functools import lru_cache
from typing import Final

import segno
from PIL import Image

from server.cards.canvas import (
    CARD,
    CINNABAR,
    GOLD,
    HEIGHT,
    INK,
    INK_2,
    LINE,
    MARGIN,
    ON_CINNABAR,
    PAPER,
    SIDES,
    WIDTH,
    Sheet,
)
from server.cards.words import Badge, Card, Offer, Win

KEPT: Final = 64
TONES: Final = 96
ROOM: Final = WIDTH - 2 * MARGIN
MIDDLE: Final = WIDTH // 2
TURN: Final = 3
"""Degrees: a seal is never quite straight."""


@lru_cache(KEPT)
def picture(card: Card) -> bytes:
    """Draw a card as PNG; the last ones are kept."""
    sheet = Sheet(card.locale)
    match card:
        case Win():
            _win(sheet, card)
        case Badge():
            _badge(sheet, card)
        case Offer():
            _offer(sheet, card)
    _head(sheet, card.day)
    flat = sheet.image.quantize(TONES, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    out = io.BytesIO()
    flat.save(out, "PNG", optimize=True)
    return out.getvalue()


def _head(sheet: Sheet, day: str) -> None:
    sheet.mark(MARGIN, 84, 76)
    sheet.text((WIDTH - MARGIN, 136), day, 34, INK_2, align="right")


def _foot(sheet: Sheet, name: str, under: str) -> None:
    """Write who shares, and what it means for them."""
    y = HEIGHT - 268
    sheet.draw.line((MARGIN, y, WIDTH - MARGIN, y), LINE, 2)
    sheet.text((MARGIN, y + 104), *sheet.fitting(name, 72, ROOM, 700), INK, weight=700)
    for row, line in enumerate(sheet.lines(under, 38, ROOM, 2)):
        sheet.text((MARGIN, y + 166 + 54 * row), line, 38, INK_2)


def _win(sheet: Sheet, card: Win) -> None:
    sheet.text((MARGIN, 290), *sheet.fitting(card.title, 42, ROOM), INK_2)
    colour = SIDES[card.ours.place]
    name, size = sheet.fitting(card.ours.name, 132, ROOM - 430, 700)
    # The sign stands in the middle of the writing, as tall as a good two thirds of it.
    sign = size * 0.7
    sheet.shape(card.ours.place, MARGIN, 440 - size * 0.38 - sign / 2, sign)
    sheet.text((MARGIN + sign * 1.36, 440), name, size, colour, weight=700)
    sheet.text((MARGIN, 556), *sheet.fitting(card.verdict, 64, ROOM - 330), INK)
    sheet.stamp(card.stamp, (WIDTH - MARGIN - 128, 440), 120, GOLD)
    _tug(sheet, card)
    _foot(sheet, card.name, card.mine)


def _tug(sheet: Sheet, card: Win) -> None:
    """Draw both scores, the names under them, and the bar between the two."""
    sides = [card.ours, *([card.theirs] if card.theirs else [])]
    room = ROOM / 2 - 32
    size = min(sheet.fitting(each.score, 190, room, 700)[1] for each in sides)
    for each, x, align in zip(sides, (MARGIN, WIDTH - MARGIN), ("left", "right"), strict=False):
        colour = SIDES[each.place]
        sheet.text((x, 880), each.score, size, colour, weight=700, align=align)  # type: ignore[arg-type]  # one of the two
        named = sheet.fitting(each.name, 38, room - 54)
        left = x if align == "left" else x - sheet.width(*named) - 46
        sheet.shape(each.place, left, 914, 30)
        sheet.text((left + 46, 942), *named, INK)
    cut = MARGIN + ROOM * card.part / 100
    sheet.draw.rounded_rectangle((MARGIN, 1000, cut - 5, 1028), 14, SIDES[card.ours.place])
    if card.theirs and cut + 5 < WIDTH - MARGIN - 28:
        rest = (cut + 5, 1000, WIDTH - MARGIN, 1028)
        sheet.draw.rounded_rectangle(rest, 14, SIDES[card.theirs.place])


def _badge(sheet: Sheet, card: Badge) -> None:
    _seal(sheet, card.art, card.tier, MIDDLE - 270, 256, 540)
    title = sheet.fitting(card.title, 104, ROOM, 700)
    sheet.text((MIDDLE, 936), *title, INK, weight=700, align="middle")
    colour = GOLD if card.tier == "gold" else INK_2
    sheet.text((MIDDLE, 1006), *sheet.fitting(card.tier_word, 46, ROOM), colour, align="middle")
    for row, line in enumerate(sheet.lines(card.story, 40, ROOM - 80, 2)):
        sheet.text((MIDDLE, 1086 + 58 * row), line, 40, INK_2, align="middle")
    _foot(sheet, card.name, "")


def _seal(sheet: Sheet, art: str, tier: str, x: int, y: int, size: int) -> None:
    """Press a badge: bronze in one frame, silver in two, gold cut out of the stone."""
    small = size if tier == "bronze" else round(size * 0.9)
    inset = (size - small) // 2
    parts = {"gold": (("rim", GOLD), ("stone", CINNABAR))}.get(tier, (("frame", CINNABAR),))
    for part, colour in (*parts, *([("inner", CINNABAR)] if tier == "silver" else [])):
        sheet.print(part, x, y, size, colour, TURN)
    colour = ON_CINNABAR if tier == "gold" else CINNABAR
    sheet.print(f"glyph-{art}", x + inset, y + inset, small, colour, TURN)


def _offer(sheet: Sheet, card: Offer) -> None:
    """Draw a ticket: what is given above the perforation, the way to it below."""
    top, tear, end = 216, 880, HEIGHT - 96
    box = (MARGIN - 24, top, WIDTH - MARGIN + 24, end)
    sheet.draw.rounded_rectangle(box, 40, CARD, LINE, 3)
    for x, outside in ((box[0], box[0] - 40), (box[2] + 2, box[2] + 2)):
        sheet.draw.ellipse((x - 30, tear - 30, x + 30, tear + 30), PAPER, LINE, 3)
        sheet.draw.rectangle((outside, tear - 40, outside + 38, tear + 40), PAPER)
    for x in range(int(box[0]) + 48, int(box[2]) - 48, 24):
        sheet.draw.line((x, tear, x + 12, tear), LINE, 4)
    sheet.text((MIDDLE, top + 130), *sheet.fitting(card.says, 56, ROOM - 60), INK, align="middle")
    _figure(sheet, card, top + 410)
    title = sheet.fitting(card.title, 46, ROOM - 60, 700)
    sheet.text((MIDDLE, top + 510), *title, INK, weight=700, align="middle")
    for row, line in enumerate(sheet.lines(card.more, 36, ROOM - 80, 2)):
        sheet.text((MIDDLE, top + 574 + 50 * row), line, 36, INK_2, align="middle")
    _code(sheet, card.link, MARGIN + 24, tear + 60, 336)
    left, room = MARGIN + 400, ROOM - 430
    hint = sheet.lines(card.hint, 46, room, 2)
    for row, line in enumerate(hint):
        sheet.text((left, tear + 140 + 62 * row), line, 46, INK)
    for row, line in enumerate(sheet.lines(card.under, 34, room, 4)):
        sheet.text((left, tear + 150 + 62 * len(hint) + 50 * row), line, 34, INK_2)


def _figure(sheet: Sheet, card: Offer, y: int) -> None:
    """Write the one big thing, its sign and its unit half as tall."""
    room = ROOM - 60
    most = 250 if len(card.figure) < 5 else 170
    around = sheet.width(card.before + card.after, most // 2, 700)
    figure, size = sheet.fitting(card.figure, most, room - around, 700)
    small = size // 2
    signs = sheet.width(card.before, small, 700) + sheet.width(card.after, small, 700)
    x = MIDDLE - (signs + sheet.width(figure, size, 700)) / 2
    for words, of in ((card.before, small), (figure, size), (card.after, small)):
        x = sheet.text((x, y), words, of, CINNABAR, weight=700)


def _code(sheet: Sheet, link: str, x: int, y: int, room: int) -> None:
    """Draw the QR code of a link on white, each module a whole number of pixels."""
    rows = [list(row) for row in segno.make(link.upper(), error="m", micro=False).matrix]
    module = room // (len(rows) + 8)
    edge = module * (len(rows) + 8)
    sheet.draw.rectangle((x, y, x + edge - 1, y + edge - 1), "#ffffff")
    for down, row in enumerate(rows):
        for along, dark in enumerate(row):
            if dark:
                left, high = x + (along + 4) * module, y + (down + 4) * module
                sheet.draw.rectangle((left, high, left + module - 1, high + module - 1), INK)
