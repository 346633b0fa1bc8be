"""Paths into a plan document, such as `battles[0].sponsor.amount`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from game.faults import MISSING

_STEP = re.compile(r'(?:^|\.)(?:([A-Za-z0-9_-]+)|("(?:[^"\\]|\\.)+"))|\[([0-9]{1,6})\]', re.ASCII)


def steps(path: str) -> list[str | int] | None:
    """Return the keys and places that `path` names, or None where it is no path."""
    found: list[str | int] = []
    end = 0 if not path.startswith(".") else -1
    for step in _STEP.finditer(path):
        if step.start() != end:
            return None
        end = step.end()
        bare, quoted, place = step.groups()
        if place is not None:
            found.append(int(place))
        else:
            found.append(bare if bare is not None else _unquoted(quoted))
    return found if found and end == len(path) else None


def _unquoted(quoted: str) -> str:
    try:
        return str(json.loads(quoted))
    except ValueError:
        return quoted


def find(document: Mapping[str, object], path: str) -> object:
    """Return the value at `path`, or MISSING."""
    value: object = document
    for step in steps(path) or [""]:
        value = _inside(value, step)
    return value


def _inside(value: object, step: str | int) -> object:
    if isinstance(value, dict) and isinstance(step, str):
        return value.get(step, MISSING)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return MISSING
