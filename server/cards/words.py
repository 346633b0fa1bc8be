"""What a picture says: plain values, ready to be drawn, and the key that it is kept under.

Nobody is named on a picture but whoever shares it (B6): there is no field for anybody else.
"""

import hashlib
from typing import Final

import msgspec

EDITION: Final = 1
"""Grows when the drawing changes, so that no phone keeps an old picture."""


class Side(msgspec.Struct, frozen=True):
    """A side of a battle: its name, its place (colour and shape), its score as shown."""

    name: str
    place: int
    score: str


class Win(msgspec.Struct, frozen=True, tag=True):
    """A battle that the sharer's side has won; `part` is the side's of the tug bar, in percent."""

    locale: str
    name: str
    day: str
    title: str
    verdict: str
    stamp: str
    ours: Side
    theirs: Side | None
    part: float
    mine: str


class Badge(msgspec.Struct, frozen=True, tag=True):
    """A badge that the sharer holds."""

    locale: str
    name: str
    day: str
    art: str
    tier: str
    title: str
    tier_word: str
    story: str


class Offer(msgspec.Struct, frozen=True, tag=True):
    """What the sharer's link gives to a friend; `link` becomes the QR code."""

    locale: str
    name: str
    day: str
    says: str
    before: str
    figure: str
    after: str
    title: str
    more: str
    hint: str
    under: str
    link: str


Card = Win | Badge | Offer


def key_of(card: Card) -> str:
    """Return the name of a picture: the same words, the same picture."""
    said = msgspec.json.encode((EDITION, card))
    return hashlib.sha256(said).hexdigest()[:32]
