"""Photos as evidence: made small, upright and free of where and when they were taken."""

import asyncio
from collections.abc import Sequence
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps

from game.errors import RuleViolation

PHOTOS_MAX: Final = 3
SIDE_MAX: Final = 1600
PIXELS_MAX: Final = 50_000_000
QUALITY: Final = 82


async def as_evidence(photos: Sequence[bytes]) -> list[bytes]:
    """Return JPEGs of at most 1600 px without metadata.

    Refused as `too_many_photos`, or `photo_unreadable` for what is no JPEG, PNG or WebP.
    """
    if len(photos) > PHOTOS_MAX:
        raise RuleViolation("too_many_photos", most=PHOTOS_MAX)
    return [await as_picture(photo) for photo in photos]


async def as_picture(photo: bytes, side: int = SIDE_MAX) -> bytes:
    """Return one JPEG of at most `side` px without metadata; refused as `photo_unreadable`."""
    return await asyncio.to_thread(_redrawn, photo, side)


def _redrawn(photo: bytes, side: int) -> bytes:
    try:
        with Image.open(BytesIO(photo), formats=("JPEG", "PNG", "WEBP")) as picture:
            picture.draft("RGB", (side, side))
            if picture.width * picture.height > PIXELS_MAX:
                raise RuleViolation("photo_unreadable")
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise RuleViolation("photo_unreadable") from None
    upright.thumbnail((side, side))
    body = BytesIO()
    # A picture carries what it was read with into its copies; only pixels go on.
    clean = Image.frombytes("RGB", upright.size, upright.tobytes())
    clean.save(body, "JPEG", quality=QUALITY)
    return body.getvalue()
