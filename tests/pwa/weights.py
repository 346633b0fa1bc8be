"""What a phone has to load, as it comes over the wire: gzipped."""

import gzip
from collections.abc import Iterable
from functools import cache
from typing import Final
from urllib.parse import urlsplit

from server.kit.assets import BUILD, URL, manifest

KILO: Final = 1024
FIRST_VIEW_JS: Final = 35 * KILO
WHOLE_JS: Final = 45 * KILO
"""With what a page fetches once it stands there: a till's reader, the confetti of a win."""

CSS: Final = 14 * KILO
WORKER: Final = 14 * KILO
PRECACHE: Final = 250 * KILO
"""All that the worker fetches when it is installed, unpacked."""


@cache
def gzipped(name: str) -> int:
    """Return the size of a built file."""
    return len(gzip.compress((BUILD / name).read_bytes(), 9))


def catalogue() -> int:
    """Return the size of the words of a Chinese page; an English one needs none."""
    return max(gzipped(each["file"]) for name, each in manifest().items() if name.endswith(".po"))


def loaded(urls: Iterable[str]) -> tuple[int, int]:
    """Return the bytes of scripts (with the words of a Chinese page) and of styles among them."""
    names = {urlsplit(url).path.removeprefix(URL) for url in urls if URL in url}
    scripts = sum(gzipped(each) for each in names if each.endswith(".js"))
    styles = sum(gzipped(each) for each in names if each.endswith(".css"))
    return scripts + catalogue(), styles
