"""Plan documents as text: filling in what the launch page asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

import msgspec

from game.faults import MISSING, Fault, PlanFaults, _, key_path, quoted
from game.plan import document_of
from game.plan_paths import find, steps


class Question(msgspec.Struct, frozen=True):
    """One value that the launch page asks for: its path and what stands there now."""

    path: str
    value: object


def questions(text: str) -> list[Question]:
    """Return what a plan asks for; a path to a table or list asks for each value in it."""
    document = document_of(text)
    head = document.get("plan")
    asked = head.get("ask", []) if isinstance(head, dict) else []
    return [leaf for path in asked for leaf in _leaves(path, find(document, path))]


def _leaves(path: str, value: object) -> Iterator[Question]:
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from _leaves(key_path(path, key), entry)
    elif isinstance(value, list):
        for place, entry in enumerate(value):
            yield from _leaves(f"{path}[{place}]", entry)
    elif value is not MISSING:
        yield Question(path, value)


def with_answers(text: str, answers: Mapping[str, object]) -> str:
    """Return the document with the values at some paths replaced; comments are lost.

    Raises PlanFaults for a path that is not in it. The result is not checked: parse it.
    """
    document = document_of(text)
    faults = []
    for path, answer in answers.items():
        if find(document, path) is MISSING:
            faults.append(Fault(path, _("the path of a value in this plan"), _("nothing")))
            continue
        _put(document, steps(path) or [], answer)
    if faults:
        raise PlanFaults(faults)
    return written(document)


def with_window(
    text: str,
    version: int,
    kinds: Sequence[str],
    starts: datetime,
    until: datetime,
    times: Fraction,
) -> str:
    """Return the document as `version` with one more multiplier (C6); comments are lost.

    The result is not checked: parse it.
    """
    document = document_of(text)
    exact = times.numerator if times.denominator == 1 else str(times)
    window = {"actions": list(kinds), "from": starts, "until": until, "times": exact}
    planned = document.get("multipliers")
    document["multipliers"] = [*(planned if isinstance(planned, list) else []), window]
    _put(document, ["plan", "version"], version)
    return written(document)


def written(document: Mapping[str, object]) -> str:
    """Return the TOML text of a document."""
    return "".join(_table("", document))


def _put(holder: Any, way: Sequence[str | int], answer: object) -> None:
    for step in way[:-1]:
        holder = holder[step]
    holder[way[-1]] = answer


def _table(path: str, table: Mapping[str, object]) -> Iterator[str]:
    """Write the plain values of a table first, then the tables in it."""
    for key, value in table.items():
        if not _has_header(value):
            yield f"{key_path('', key)} = {_value(value)}\n"
    for key, value in table.items():
        inner = key_path(path, key)
        if isinstance(value, dict) and _has_header(value):
            yield f"\n[{inner}]\n"
            yield from _table(inner, value)
        elif isinstance(value, list) and _has_header(value):
            for entry in value:
                yield f"\n[[{inner}]]\n"
                yield from _table(inner, entry)


def _has_header(value: object) -> bool:
    """Tell whether a value is written under a header: lists of tables, and tables with tables."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(entry, dict) for entry in value)
    return isinstance(value, dict)


def _value(value: object) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(entry) for entry in value)}]"
    if isinstance(value, dict):
        pairs = (f"{key_path('', key)} = {_value(entry)}" for key, entry in value.items())
        return f"{{ {', '.join(pairs)} }}"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
