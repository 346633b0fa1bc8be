"""Reads an untyped document and notes every fault in it with the path of its key."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from typing import TypeVar

import msgspec

from game.errors import RuleViolation
from game.periods import YEAR_FIRST, YEAR_LAST

WHOLE_MAX = 2**63 - 1
MISSING = object()

Choice = TypeVar("Choice", bound=str)

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_RATIO = re.compile(r"([0-9]{1,18})/([0-9]{1,18})")
_NO_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


def _(sentence: str) -> str:
    """Mark a sentence for the catalogue; the page that shows it translates it."""
    return sentence


class Fault(msgspec.Struct, frozen=True):
    """One fault: `path` of the key, what would be right, and what was `got` instead.

    `expected` is `sentence` with `facts` filled in; a page translates the sentence first, and
    `got` too: what is no text of the plan's own ("nothing", "a table") is a sentence.
    """

    path: str
    sentence: str
    got: str
    facts: dict[str, object] = {}

    @property
    def expected(self) -> str:
        """What would be right, in English."""
        return self.sentence % self.facts

    def __str__(self) -> str:
        """Return one line: path, what would be right, what was there."""
        where = f"{self.path}: " if self.path else ""
        return f"{where}expected {self.expected}, got {self.got}"


class PlanFaults(RuleViolation):
    """Every fault of one plan document."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("plan_faults", count=len(faults))
        self.faults = tuple(faults)

    def __str__(self) -> str:
        """Return one line for each fault."""
        return "\n".join(str(fault) for fault in self.faults)


def key_path(path: str, key: str) -> str:
    """Return the path of `key` in the table at `path`; a key that needs quotes gets them."""
    name = key if _BARE_KEY.fullmatch(key) else quoted(key)
    return f"{path}.{name}" if path else name


def quoted(text: str) -> str:
    """Return a text as a TOML string."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def shown(value: object) -> str:
    """Return a value as its reader would write it; long ones are cut."""
    if value is MISSING:
        return _("nothing")
    if isinstance(value, Mapping):
        return _("a table")
    if isinstance(value, list):
        return _("a list") if value else _("an empty list")
    if isinstance(value, str | bool):
        text = json.dumps(value, ensure_ascii=False)
    else:
        text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


class Reader:
    """Takes values out of a document; a wrong one is noted and replaced by a stand-in.

    So one pass finds all faults. What was read may be used only if `faults` stayed empty.
    """

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        # What should be in here is not asked for: the fault is that it is no table.
        self._not_read: list[str] = []

    def fault(self, path: str, sentence: str, got: object, **facts: object) -> None:
        """Note that `path` should be what `sentence` says; `got` is shown as it is written."""
        if not any(path.startswith((f"{table}.", f"{table}[")) for table in self._not_read):
            self.faults.append(Fault(path, sentence, shown(got), facts))

    def table(
        self, value: object, path: str, keys: Sequence[str] | None = None
    ) -> dict[str, object]:
        """Return a table; with `keys`, any other key in it is a fault."""
        if not isinstance(value, dict):
            self.fault(path, _("a table"), value)
            self._not_read.append(path)
            return {}
        if keys is not None:
            for key in value:
                if key not in keys:
                    known = ", ".join(keys)
                    self.fault(key_path(path, key), _("one of the keys %(keys)s"), key, keys=known)
        return value

    def tables(self, value: object, path: str) -> list[object]:
        """Return the entries of a list of tables; their types are read one by one."""
        if not isinstance(value, list):
            self.fault(path, _("a list of tables"), value)
            return []
        return value

    def whole(self, value: object, path: str, least: int = 0, most: int = WHOLE_MAX) -> int:
        """Return a whole number from `least` to `most`."""
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            self.fault(path, _("a whole number ≥ %(least)s"), value, least=least)
            return least
        if value > most:
            self.fault(path, _("a whole number ≤ %(most)s"), value, most=most)
            return least
        return value

    def name(self, value: object, path: str) -> str:
        """Return a text that is not empty and has no blanks around it."""
        if not isinstance(value, str) or not value or value != value.strip():
            self.fault(path, _("a text that is not empty, without blanks around it"), value)
            return ""
        return value

    def names(self, value: object, path: str) -> tuple[str, ...]:
        """Return a list of at least one name, each of them once."""
        if not isinstance(value, list) or not value:
            self.fault(path, _("a list of at least one text"), value)
            return ()
        names = [self.name(entry, f"{path}[{place}]") for place, entry in enumerate(value)]
        for place, name in enumerate(names):
            if name and name in names[:place]:
                self.fault(f"{path}[{place}]", _("each text once"), name)
        return tuple(names)

    def one_of(self, value: object, path: str, choices: Sequence[Choice]) -> Choice:
        """Return one of a few words."""
        for choice in choices:
            if value == choice:
                return choice
        self.fault(path, _("one of %(choices)s"), value, choices=", ".join(choices))
        return choices[0]

    def moment(self, value: object, path: str) -> datetime:
        """Return a datetime in UTC; without an offset it would name no moment."""
        if not isinstance(value, datetime) or value.tzinfo is None:
            self.fault(path, _("a datetime with an offset"), value)
            return _NO_MOMENT
        if not YEAR_FIRST <= value.year <= YEAR_LAST:
            self.fault(
                path,
                _("a year from %(first)s to %(last)s"),
                value,
                first=YEAR_FIRST,
                last=YEAR_LAST,
            )
            return _NO_MOMENT
        return value.astimezone(UTC)

    def times(self, value: object, path: str) -> Fraction:
        """Return a multiplier: a whole number > 0, or "p/q" with both > 0."""
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= WHOLE_MAX:
            return Fraction(value)
        ratio = _RATIO.fullmatch(value) if isinstance(value, str) else None
        if ratio is None or not int(ratio[1]) or not int(ratio[2]):
            self.fault(path, _('a whole number > 0 or "p/q" with p, q > 0'), value)
            return Fraction(1)
        return Fraction(int(ratio[1]), int(ratio[2]))
