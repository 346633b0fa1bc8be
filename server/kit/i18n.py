"""Languages: which one a person reads, and what a sentence is called in it.

The source of every sentence is its English text in the code (`_("Join")`), its translations stand
in `pwa/locales/*.po`, which Python, Jinja and TypeScript share. They are compiled in memory, so a
translation needs no build step. `python -m server.kit.i18n` keeps the catalogues whole.
"""

import gettext as gnu
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from server.config import CHECKOUT

LOCALES: Final = ("zh_Hans", "zh_Hant", "en")
"""简体中文, 繁體中文, English; the first is what the product speaks unless told otherwise."""

LOCALE_NAMES: Final = {"zh_Hans": "简体中文", "zh_Hant": "繁體中文", "en": "English"}
HANT: Final = {"hant", "yue", "tw", "hk", "mo"}
"""The parts of a tag that mean traditional characters, unless it names the script."""

FOLDER: Final[Path] = CHECKOUT / "pwa" / "locales"

_locale: ContextVar[str] = ContextVar("locale", default=LOCALES[0])


def locale() -> str:
    """Return the locale that this request (or job) speaks."""
    return _locale.get()


def language_tag(name: str) -> str:
    """Return what `<html lang>` says for a locale: `zh_Hans` → `zh-Hans`."""
    return name.replace("_", "-")


@contextmanager
def speaking(name: str) -> Iterator[None]:
    """Speak `name` inside the block; anything but a known locale falls back to the first."""
    token = _locale.set(name if name in LOCALES else LOCALES[0])
    try:
        yield
    finally:
        _locale.reset(token)


def negotiate(accept_language: str | None, chosen: str | None = None) -> str:
    """Return the locale for an Accept-Language header, by script: zh-TW and zh-HK read Hant.

    `chosen` is what the person picked (the `locale` cookie) and wins when it is a locale.
    """
    if chosen in LOCALES:
        return chosen
    for tag in _by_quality(accept_language or ""):
        found = _by_script(tag)
        if found is not None:
            return found
    return LOCALES[0]


def _by_quality(header: str) -> list[str]:
    weighted: list[tuple[float, str]] = []
    for part in header.split(","):
        tag, _, quality = part.replace(" ", "").partition(";q=")
        try:
            weighted.append((float(quality or 1), tag))
        except ValueError:
            continue
    return [
        tag for weight, tag in sorted(weighted, key=lambda pair: -pair[0]) if weight > 0 and tag
    ]


def _by_script(tag: str) -> str | None:
    language, *more = tag.lower().split("-")
    if language == "yue":
        language, more = "zh", ["yue", *more]
    if language != "zh":
        return "en" if language == "en" else None
    if "hans" in more:
        return "zh_Hans"
    return "zh_Hant" if HANT.intersection(more) else "zh_Hans"


@cache
def _translations(name: str) -> gnu.NullTranslations:
    path = FOLDER / f"{name}.po"
    if not path.exists():
        return gnu.NullTranslations()
    with path.open("rb") as source:
        catalogue = read_po(source, locale=name)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gnu.GNUTranslations(compiled)


def words(message: str) -> str:
    """Return `message` in the current locale, its placeholders untouched (for Jinja)."""
    return _translations(locale()).gettext(message)


def nwords(one: str, many: str, n: int) -> str:
    """Return the form that fits `n`, its placeholders untouched (for Jinja)."""
    return _translations(locale()).ngettext(one, many, n)


def gettext(message: str, /, **facts: object) -> str:
    """Return `message` in the current locale, with `%(name)s` filled from `facts`."""
    return words(message) % facts if facts else words(message)


def ngettext(one: str, many: str, n: int, /, **facts: object) -> str:
    """Return the form of a sentence that fits `n`; `%(n)s` is filled with it."""
    return nwords(one, many, n) % {"n": n, **facts}


_ = gettext


class Lazy:
    """A sentence of a module constant: translated when it is shown, not when it is imported."""

    def __init__(self, message: str) -> None:
        self.message = message

    def __str__(self) -> str:
        return words(self.message)

    def __repr__(self) -> str:
        return f"lazy({self.message!r})"

    def __mod__(self, facts: Mapping[str, object]) -> str:
        return words(self.message) % facts


lazy: Callable[[str], Lazy] = Lazy


class Counted(Lazy):
    """A lazy sentence with a plural: the fact `by`, as it is written, decides about its form."""

    def __init__(self, one: str, many: str, by: str) -> None:
        super().__init__(many)
        self.one = one
        self.by = by

    def __str__(self) -> str:
        return nwords(self.one, self.message, 2)

    def __mod__(self, facts: Mapping[str, object]) -> str:
        return nwords(self.one, self.message, 1 if str(facts[self.by]) == "1" else 2) % facts


counted: Callable[[str, str, str], Counted] = Counted


def in_all(words: Callable[[], str]) -> dict[str, str]:
    """Say something in every locale, as a plan writes a title: for what others read later."""
    said = {}
    for name in LOCALES:
        with speaking(name):
            said[name] = words()
    return said


def in_each(sentence: Lazy, **facts: object) -> dict[str, str]:
    """Say a sentence in every locale; a fact may be a table of locales itself."""

    def words() -> str:
        return sentence % {
            name: text(fact) if isinstance(fact, Mapping) else fact for name, fact in facts.items()
        }

    return in_all(words)


def text(by_locale: Mapping[str, str] | str | None) -> str:
    """Pick from a plan's `{zh_Hans = …, zh_Hant = …, en = …}` the words of the current locale."""
    if by_locale is None or isinstance(by_locale, str):
        return by_locale or ""
    wanted = (locale(), *LOCALES)
    return next((by_locale[name] for name in wanted if by_locale.get(name)), "")


if __name__ == "__main__":
    from server.kit.catalogues import main

    raise SystemExit(main())
