"""What the demo says on a terminal: in its language, or in Chinese and English where it has none."""

import os
import sys
from typing import Final, TextIO

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
    _write(sys.stdout, sentence, facts)


def complain(sentence: Lazy, facts: dict[str, object]) -> None:
    """Write on standard error why nothing was started."""
    _write(sys.stderr, sentence, facts)


def show_qr(link: str) -> None:
    """Draw a link for the camera of a phone."""
    segno.make(link).terminal(compact=True)


def _write(out: TextIO, sentence: Lazy, facts: dict[str, object]) -> None:
    encoding = out.encoding or "ascii"
    for locale in locales():
        with i18n.speaking(locale):
            text = f"{sentence % facts}\n"
        out.write(text.encode(encoding, "replace").decode(encoding))
    out.flush()
