"""The tool behind `python -m server.kit.i18n`: extract, update, list what is missing, add.

    python -m server.kit.i18n                 update the catalogues; exit 1 if a translation is missing
    python -m server.kit.i18n --add < lines   first add `msgid<TAB>zh_Hans<TAB>zh_Hant` from stdin

A sentence with a plural is written `one || many` in its first column. Several people may run it at
once: the folder is locked while it works.
"""

import argparse
import fcntl
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from server.config import CHECKOUT
from server.kit.i18n import FOLDER

TRANSLATED = ("zh_Hans", "zh_Hant")
TEMPLATE = FOLDER / "messages.pot"
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy": None, "counted": (1, 2)}
METHODS = [
    ("**.py", "python"),
    ("**.html", "jinja2"),
    ("**.ts", "javascript"),
    ("**.tsx", "javascript"),
]
OPTIONS = {
    "**.html": {"trim_blocks": "true", "lstrip_blocks": "true"},
}
SOURCES = ("game", "server", "pwa/templates", "pwa/src")
PLURAL = " || "
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
LOCALE_PAIR = len(("msgid", *TRANSLATED))


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock: whoever comes second waits."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def extracted() -> Catalog:
    """Return every sentence of the code with the files that say it."""
    template = Catalog(project="leitai", charset="utf-8", fuzzy=False)
    for source in SOURCES:
        root = CHECKOUT / source
        found = extract_from_dir(root, METHODS, OPTIONS, KEYWORDS, directory_filter=_ours)
        for filename, _line, message, _comments, context in found:
            template.add(message, None, [(f"{source}/{filename}", 0)], context=context)
    return template


def _ours(folder: str | os.PathLike[str]) -> bool:
    return Path(folder).name != "__pycache__"


def load(name: str) -> Catalog:
    """Read a catalogue with its retired sentences as living ones: an update retires them again."""
    path = FOLDER / f"{name}.po"
    if not path.exists():
        return Catalog(locale=name, project="leitai", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        catalogue = read_po(file, locale=name)
    for message in list(catalogue.obsolete.values()):
        if _words(message):
            catalogue[message.id] = message
    catalogue.obsolete.clear()
    return catalogue


def save(catalogue: Catalog, path: Path) -> None:
    """Write beside the file and move it there, so that a reader never sees half of it."""
    fresh = path.with_suffix(".fresh")
    with fresh.open("wb") as file:
        write_po(file, catalogue, width=100, sort_output=True, include_lineno=False)
    fresh.replace(path)


def msgid(column: str) -> str | tuple[str, str]:
    """Turn the first column of a line into a message id."""
    one, bar, many = column.partition(PLURAL)
    return (one, many) if bar else one


def added(lines: Iterable[str]) -> dict[str, dict[str | tuple[str, str], str]]:
    """Read `msgid<TAB>zh_Hans<TAB>zh_Hant` lines; ValueError names the first that is not one."""
    new: dict[str, dict[str | tuple[str, str], str]] = {name: {} for name in TRANSLATED}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        columns = line.rstrip("\r\n").split("\t")
        if len(columns) != LOCALE_PAIR or not all(columns):
            raise ValueError(f"line {number}: expected msgid<TAB>zh_Hans<TAB>zh_Hant: {line!r}")
        for name, words in zip(TRANSLATED, columns[1:], strict=True):
            new[name][msgid(columns[0])] = words
    return new


def faults(name: str, catalogue: Catalog) -> Iterator[str]:
    """Yield one line for each sentence without translation or with other placeholders."""
    for message in catalogue:
        if not message.id:
            continue
        source = message.id if isinstance(message.id, str) else PLURAL.join(message.id)
        words = _words(message)
        if not words or message.fuzzy:
            yield f"{name}: missing: {source}"
        elif set(PLACEHOLDER.findall(source)) - {"n"} != set(PLACEHOLDER.findall(words)) - {"n"}:
            yield f"{name}: other placeholders: {source} → {words}"


def _words(message: Message) -> str:
    given = message.string
    if isinstance(given, str):
        return given
    return str(given[0]) if given else ""


def brought_up(catalogue: Catalog, template: Catalog) -> Catalog:
    """Bring a catalogue up to what the code says; what it no longer says is retired."""
    template.creation_date = catalogue.creation_date
    catalogue.update(template, no_fuzzy_matching=True)
    return catalogue


def update(lines: Iterable[str] = ()) -> list[str]:
    """Bring the catalogues up to the code, add `lines`, and return what is still wrong."""
    new = added(lines)
    wrong: list[str] = []
    with locked(FOLDER):
        template = extracted()
        for name in TRANSLATED:
            catalogue = load(name)
            for key, words in new[name].items():
                catalogue.delete(key)
                catalogue.add(key, (words,) if isinstance(key, tuple) else words)
            save(brought_up(catalogue, template), FOLDER / f"{name}.po")
            wrong.extend(faults(name, catalogue))
        save(template, TEMPLATE)
    return wrong


def main() -> int:
    """Run the tool; 1 when a translation is missing or wrong, 2 when a line cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m server.kit.i18n", description=__doc__)
    parser.add_argument("--add", action="store_true", help="read translations from stdin first")
    try:
        wrong = update(sys.stdin if parser.parse_args().add else ())
    except ValueError as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    sys.stdout.writelines(f"{line}\n" for line in wrong)
    return 1 if wrong else 0
