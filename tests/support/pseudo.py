"""A language that nobody speaks: each sentence of the code with accents on it, two fifths longer.

What a page shows in plain letters then is not in the catalogue, and what does not fit is cut off.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from server.kit import catalogues, i18n

PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
ACCENTED = str.maketrans(PLAIN, "ȧƀƈḓḗƒɠħīĵķŀḿƞǿƥɋřşŧŭṽẇẋẏẑȦƁƇḒḖƑƓĦĪĴĶĿḾȠǾƤɊŘŞŦŬṼẆẊẎẐ")
KEPT = re.compile(r"(%\(\w+\)s|%%)")
LONGER = 0.4
PAD = " ŀǿƞɠḗř"
UNSEEN = {"script", "style"}
SPOKEN = {"alt", "aria-label", "placeholder", "title", "data-busy", "data-say", "data-label"}


def accented(sentence: str) -> str:
    """Return a sentence in the language, its placeholders untouched."""
    parts = KEPT.split(sentence)
    said = "".join(part if KEPT.fullmatch(part) else part.translate(ACCENTED) for part in parts)
    more = round(LONGER * len(KEPT.sub("", sentence)))
    return f"⟦{said}{(PAD * (more // len(PAD) + 1))[:more]}⟧"


@contextmanager
def spoken(folder: Path) -> Iterator[None]:
    """Speak it wherever English is spoken: its catalogue is a file like those of the others."""
    catalogue = Catalog(locale="en", project="leitai")
    with catalogues.TEMPLATE.open("rb") as source:
        sentences = read_po(source)
    for message in sentences:
        if isinstance(message.id, str) and message.id:
            catalogue.add(message.id, accented(message.id))
        elif message.id:
            catalogue.add(message.id, tuple(map(accented, message.id)))
    with (folder / "en.po").open("wb") as file:
        write_po(file, catalogue)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(i18n, "FOLDER", folder)
        i18n._translations.cache_clear()
        yield
    i18n._translations.cache_clear()


class Reader(HTMLParser):
    """Collects what a page says: its texts, and the attributes that somebody reads or hears."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in UNSEEN
        self.said += [value for name, value in attrs if name in SPOKEN and value]
        if tag == "input" and dict(attrs).get("type") in {"submit", "button"}:
            self.said.append(dict(attrs).get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in UNSEEN

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.said.append(data)


def said(html: str) -> str:
    """Return all that a page says."""
    reader = Reader()
    reader.feed(html)
    return "\n".join(reader.said)


def words_of(value: object) -> Iterator[str]:
    """Yield every text that stands somewhere in a context, but none that is still to be told."""
    if isinstance(value, i18n.Lazy):
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from words_of(key)
            yield from words_of(each)
    elif isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from words_of(each)
    elif hasattr(value, "__dict__"):
        yield from words_of(vars(value))
    elif hasattr(value, "__struct_fields__"):
        yield from words_of({name: getattr(value, name) for name in value.__struct_fields__})
