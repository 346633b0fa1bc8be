"""The people file: read whole, every fault named with its line, before anything is written."""

import re
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from game.errors import RuleViolation
from game.plan_terms import RANKS
from server.kit import crypto
from server.kit.i18n import Lazy, lazy
from server.kit.sheets import Row, SheetFault, read_sheet
from server.people.guards import ROLES

COLUMNS: Final = ("person", "name", "rank", "unit", "side", "phone", "roles")
OPTIONAL: Final = ("phone", "roles")
LONGEST: Final = {"person": 64, "name": 100, "unit": 300, "side": 100}
"""Characters of a cell at most: these are ids and names, not texts."""

_MOBILE: Final = re.compile(r"1[3-9][0-9]{9}")


class Entry(msgspec.Struct, frozen=True):
    """One good row: `phone` is E.164 or "", `roles` are known ones."""

    line: int
    person: str
    name: str
    rank: str
    unit: str
    side: str
    phone: str
    roles: frozenset[str]


class PeopleTable(msgspec.Struct, frozen=True):
    """What a people file says; without the column, phones and roles stay as they are."""

    entries: list[Entry]
    faults: list[SheetFault]
    notes: list[SheetFault]
    has_phones: bool
    has_roles: bool


class PeopleFaults(RuleViolation):
    """Every fault of a people file; nothing was imported."""

    def __init__(self, faults: Sequence[SheetFault]) -> None:
        super().__init__("people_faults", count=len(faults))
        self.faults = tuple(sorted(faults, key=lambda fault: fault.line or 0))


def read_people(body: bytes) -> PeopleTable:
    """Read a CSV or XLSX people file; refused as `sheet_refused` when it is none."""
    sheet = read_sheet(body, COLUMNS, optional=OPTIONAL)
    faults = list(sheet.faults)
    seen: dict[str, dict[str, int]] = {"person": {}, "phone": {}}
    entries = [entry for row in sheet.rows if (entry := _entry(row, seen, faults)) is not None]
    return PeopleTable(
        entries, faults, sheet.notes, "phone" in sheet.columns, "roles" in sheet.columns
    )


def _entry(row: Row, seen: dict[str, dict[str, int]], faults: list[SheetFault]) -> Entry | None:
    before = len(faults)

    def fault(column: str, sentence: Lazy, **facts: object) -> None:
        faults.append(SheetFault(row.line, column, sentence, facts))

    cells = row.cells
    for column, most in LONGEST.items():
        if not cells[column] and column != "side":
            fault(column, lazy("the cell is empty"))
        elif len(cells[column]) > most:
            fault(column, lazy("at most %(most)s characters"), most=most)
    if _MOBILE.fullmatch(cells["person"]):
        fault("person", lazy("a phone is no company id: put it into the column phone"))
    if cells["rank"] not in RANKS:
        wanted = lazy("expected one of %(choices)s, got %(got)s")
        fault("rank", wanted, choices=", ".join(RANKS), got=quoted(cells["rank"]))
    unit = [part.strip() for part in cells["unit"].split("/")]
    if cells["unit"] and not all(unit):
        wanted = lazy('expected a path of units such as "A/B", got %(got)s')
        fault("unit", wanted, got=quoted(cells["unit"]))
    phone = _phone(cells["phone"], fault)
    roles = cells["roles"].split()
    for role in sorted(set(roles) - set(ROLES)):
        wanted = lazy("expected one of %(choices)s, got %(got)s")
        fault("roles", wanted, choices=", ".join(ROLES), got=quoted(role))
    for column, key in (("person", cells["person"]), ("phone", phone)):
        first = seen[column].setdefault(key, row.line) if key else row.line
        if first != row.line:
            fault(column, lazy("the same is in line %(first)s already"), first=first)
    if len(faults) > before:
        return None
    return Entry(
        line=row.line,
        person=cells["person"],
        name=cells["name"],
        rank=cells["rank"],
        unit="/".join(unit),
        side=cells["side"],
        phone=phone,
        roles=frozenset(roles),
    )


def _phone(text: str, fault: Callable[..., None]) -> str:
    try:
        return crypto.normal_phone(text) if text else ""
    except RuleViolation:
        # What was typed may be most of a phone, so it isn't repeated.
        fault("phone", lazy("no phone number: 11 digits, or with +886, +852 or +853 before it"))
        return ""


def quoted(text: str) -> str:
    """Return a cell as it was typed; long ones are cut."""
    return f'"{text}"' if len(text) <= 60 else f'"{text[:59]}…"'
