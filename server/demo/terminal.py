"""What the demo says on a terminal: in its language, or in Chinese and English where it has none."""

import os
import sys
from typing import Final

import segno

from server.kit import i18n
from server.kit.i18n import Lazy

VARIABLES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
NO_LANGUAGE: Final = {"", "C", "POSIX"}


def locales() -> tuple[str, ...]:
    """Return the locales to speak, by the environment."""
    named = next(filter(None, map(os.environ.get, VARIABLES)), "")
    tag = named.partition(".")[0].replace("_", "-")
    if tag in NO_LANGUAGE:
        return ("zh_Hans", "en")
    return (i18n.negotiate(tag) if tag.startswith("zh") else "en",)


def say(sentence: Lazy, **facts: object) -> None:
    """Write a sentence, a line in each language."""
    for locale in locales():
        with i18n.speaking(locale):
            _write(f"{sentence % facts}\n")


def show_qr(link: str) -> None:
    """Draw a link for the camera of a phone."""
    segno.make(link).terminal(compact=True)


def _write(text: str) -> None:
    encoding = sys.stdout.encoding or "ascii"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
    sys.stdout.flush()
