"""What Vite built, for templates: the hashed files of an entry and their preloads."""

import json
from pathlib import Path
from typing import TypedDict

from markupsafe import Markup

from server.config import CHECKOUT

BUILD = CHECKOUT / "static" / "build"
URL = "/static/build/"
NOT_BUILT = Markup("<!-- the front end is not built: make setup -->")


class Chunk(TypedDict, total=False):
    """One entry of Vite's manifest."""

    file: str
    css: list[str]
    imports: list[str]


_read: dict[Path, tuple[float, dict[str, Chunk]]] = {}


def manifest(path: Path = BUILD / ".vite" / "manifest.json") -> dict[str, Chunk]:
    """Return Vite's manifest, read again when a new build replaced it; empty when not built."""
    try:
        changed = path.stat().st_mtime
    except FileNotFoundError:
        return {}
    cached = _read.get(path)
    if cached is None or cached[0] != changed:
        cached = _read[path] = (changed, json.loads(path.read_text("utf-8")))
    return cached[1]


def vite_asset(entry: str) -> Markup:
    """Return the tags for an entry, such as `src/main.ts` or `styles/main.css`."""
    chunks = manifest()
    chunk = chunks.get(entry)
    if chunk is None:
        return NOT_BUILT
    if chunk["file"].endswith(".css"):
        return _stylesheet(chunk["file"])
    styles = [_stylesheet(name) for name in chunk.get("css", [])]
    preloads = [_preload(each) for each in _imports(chunks, chunk)]
    script = Markup('<script type="module" src="{}{}"></script>').format(URL, chunk["file"])
    return Markup("\n").join([*styles, *preloads, script])


def vite_preload(source: str) -> Markup:
    """Return the tag that fetches early what a script will import, `locales/zh_Hans.po`."""
    chunks = manifest()
    chunk = chunks.get(source)
    if chunk is None:
        return Markup()
    return Markup("\n").join(_preload(each) for each in [chunk, *_imports(chunks, chunk)])


def _imports(chunks: dict[str, Chunk], chunk: Chunk) -> list[Chunk]:
    return [chunks[name] for name in chunk.get("imports", [])]


def _preload(chunk: Chunk) -> Markup:
    return Markup('<link rel="modulepreload" href="{}{}">').format(URL, chunk["file"])


def _stylesheet(name: str) -> Markup:
    return Markup('<link rel="stylesheet" href="{}{}">').format(URL, name)
