"""The customers file: who bought before this product came, so that "new" can be known (H1).

Read whole, every fault named with its line, before anything is written.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from game.errors import RuleViolation
from server.actions.customers import LOOKS_LIKE_MOBILE, OWN_NUMBER
from server.config import settings
from server.kit import clock, crypto, db
from server.kit.db import command
from server.kit.i18n import Lazy, lazy
from server.kit.sheets import Row, SheetFault, read_sheet
from server.people.imports import quoted
from server.people.rights import record

COLUMNS: Final = ("phone", "first_order_date", "name", "id")
OPTIONAL: Final = ("name", "id")
NAME_MOST: Final = 40
_DAY: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")

EARLIEST: Final = 1900
KNOWN: Final = (
    "SELECT key, shown, first_order_at, ciphertext IS NOT NULL AS is_sealed"
    " FROM customer WHERE key = ANY ($1::text[])"
)
WRITE: Final = """
INSERT INTO customer AS c (key, shown, ciphertext, wrapped_key, first_order_at)
SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::bytea[], $5::timestamptz[])
ON CONFLICT (key) DO UPDATE SET first_order_at = excluded.first_order_at,
  shown = CASE WHEN $6 THEN excluded.shown ELSE c.shown END,
  ciphertext = coalesce(c.ciphertext, excluded.ciphertext),
  wrapped_key = CASE WHEN c.ciphertext IS NULL THEN excluded.wrapped_key ELSE c.wrapped_key END
"""


class OldCustomer(msgspec.Struct, frozen=True):
    """One good row: `phone` is E.164, `number` the company's own number of them or ""."""

    line: int
    phone: str
    first_order: date
    name: str
    number: str


class CustomerTable(msgspec.Struct, frozen=True):
    """What a customers file says."""

    customers: list[OldCustomer]
    faults: list[SheetFault]
    notes: list[SheetFault]
    has_names: bool


class ImportedCustomers(msgspec.Struct, frozen=True):
    """What an import did: customers added, changed, and found as the file says."""

    added: int
    changed: int
    unchanged: int
    notes: list[SheetFault]


class CustomerFaults(RuleViolation):
    """Every fault of a customers file; nothing was imported."""

    def __init__(self, faults: Sequence[SheetFault]) -> None:
        super().__init__("customer_faults", count=len(faults))
        self.faults = tuple(sorted(faults, key=lambda fault: fault.line or 0))


class Entry(msgspec.Struct, frozen=True):
    """One row of the table of customers: of a phone, or of a number of the company's own."""

    key: str
    shown: str
    phone: str
    at: datetime


class Known(msgspec.Struct, frozen=True):
    """A customer of the file who is known already."""

    key: str
    shown: str
    first_order_at: datetime | None
    is_sealed: bool


async def import_customers_file(path: Path) -> ImportedCustomers:
    """Import a customers file from disk, for whoever runs the server.

    Raises as `import_customers`; refused as `file_unreadable` when there is none.
    """
    try:
        body = path.read_bytes()  # noqa: ASYNC240  # a command line has nothing else to do
    except OSError as error:
        raise RuleViolation("file_unreadable", path=str(path), reason=error.strerror) from None
    return await import_customers(body)


def read_customers(body: bytes, today: date) -> CustomerTable:
    """Read a CSV or XLSX customers file; refused as `sheet_refused` when it is none.

    `today` is the company's: nobody's first order is later.
    """
    zone = ZoneInfo(settings().company_timezone)
    sheet = read_sheet(body, COLUMNS, optional=OPTIONAL, times=("first_order_date",), zone=zone)
    faults = list(sheet.faults)
    seen: dict[str, dict[str, int]] = {"phone": {}, "id": {}}
    customers = [
        found for row in sheet.rows if (found := _customer(row, today, seen, faults)) is not None
    ]
    # A day has no zone: what XLSX dates were read in is nothing to tell.
    notes = [note for note in sheet.notes if "zone" not in note.facts]
    return CustomerTable(customers, faults, notes, "name" in sheet.columns)


@command
async def import_customers(body: bytes) -> ImportedCustomers:
    """Add and update the customers of a file, all or nobody; who isn't in it stays as they are.

    Their first order counts from the beginning of its day in the company's zone, also where an
    order names them by the company's own number. Raises CustomerFaults with every fault.
    """
    zone = ZoneInfo(settings().company_timezone)
    table = read_customers(body, (await clock.now()).astimezone(zone).date())
    if table.faults:
        raise CustomerFaults(table.faults)
    people = {entry.key: entry for each in table.customers for entry in _entries(each, zone)}
    known = {each.key: each for each in await db.rows(Known, KNOWN, list(people))}
    changed = {
        key: entry for key, entry in people.items() if _differs(entry, known.get(key), table)
    }
    await _write(changed, known, table)
    return await _report(table, people, known, changed)


def _customer(
    row: Row, today: date, seen: dict[str, dict[str, int]], faults: list[SheetFault]
) -> OldCustomer | None:
    before = len(faults)

    def fault(column: str, sentence: Lazy, **facts: object) -> None:
        faults.append(SheetFault(row.line, column, sentence, facts))

    cells = row.cells
    phone = _phone(cells["phone"], fault)
    first_order = _day(cells["first_order_date"], today, fault)
    if len(cells["name"]) > NAME_MOST:
        fault("name", lazy("at most %(most)s characters"), most=NAME_MOST)
    number = cells["id"]
    if LOOKS_LIKE_MOBILE.fullmatch(number):
        fault("id", lazy("a phone is no company id: put it into the column phone"))
    elif number and not OWN_NUMBER.fullmatch(number):
        wanted = lazy("expected a number of your own such as K-1024, got %(got)s")
        fault("id", wanted, got=quoted(number))
    for column, key in (("phone", phone), ("id", number)):
        first = seen[column].setdefault(key, row.line) if key else row.line
        if first != row.line:
            fault(column, lazy("the same is in line %(first)s already"), first=first)
    if len(faults) > before or first_order is None:
        return None
    return OldCustomer(row.line, phone, first_order, cells["name"], number)


def _phone(text: str, fault: Callable[..., None]) -> str:
    if not text:
        fault("phone", lazy("the cell is empty"))
        return ""
    try:
        return crypto.normal_phone(text)
    except RuleViolation:
        # What was typed may be most of a phone, so it isn't repeated.
        fault("phone", lazy("no phone number: 11 digits, or with +886, +852 or +853 before it"))
        return ""


def _day(text: str, today: date, fault: Callable[..., None]) -> date | None:
    """Read a day, 2024-05-31 or 2024/5/31; of a moment (a date cell of XLSX) its day."""
    found = _DAY.match(text)
    rest = text[found.end() :] if found else text
    try:
        day = date(*map(int, found.groups())) if found and rest[:1] in {"", "T", " "} else None
    except ValueError:
        day = None
    if not text:
        fault("first_order_date", lazy("the cell is empty"))
    elif day is None:
        wanted = lazy("expected a day such as 2024-05-31, got %(got)s")
        fault("first_order_date", wanted, got=quoted(text))
    elif day > today or day.year < EARLIEST:
        fault("first_order_date", lazy("this day can't be: %(day)s"), day=day.isoformat())
        return None
    return day


def _entries(each: OldCustomer, zone: ZoneInfo) -> list[Entry]:
    at = datetime.combine(each.first_order, time(), zone).astimezone(UTC)
    shown = " ".join(filter(None, [each.name, crypto.masked(each.phone)]))
    phone = Entry(f"tel:{crypto.blind_index(each.phone).hex()}", shown, each.phone, at)
    return [phone, Entry(f"id:{each.number}", each.number, "", at)] if each.number else [phone]


def _differs(entry: Entry, known: Known | None, table: CustomerTable) -> bool:
    return (
        known is None
        or known.first_order_at != entry.at
        or (table.has_names and known.shown != entry.shown)
        or (bool(entry.phone) and not known.is_sealed)
    )


async def _write(
    entries: Mapping[str, Entry], known: Mapping[str, Known], table: CustomerTable
) -> None:
    # In one order: two imports at once wait for each other only one way.
    rows = [entries[key] for key in sorted(entries)]
    sealed = [
        crypto.seal(each.phone, "customer", "ciphertext", each.key)
        if each.phone and not (each.key in known and known[each.key].is_sealed)
        else None
        for each in rows
    ]
    await db.execute(
        WRITE,
        [each.key for each in rows],
        [each.shown for each in rows],
        [each and each.ciphertext for each in sealed],
        [each and each.wrapped_key for each in sealed],
        [each.at for each in rows],
        table.has_names,
    )


async def _report(
    table: CustomerTable,
    entries: Mapping[str, Entry],
    known: Mapping[str, Known],
    changed: Mapping[str, Entry],
) -> ImportedCustomers:
    phones = [key for key, entry in entries.items() if entry.phone]
    added = sum(key not in known for key in phones)
    same = sum(key not in changed for key in phones)
    done = ImportedCustomers(added, len(phones) - added - same, same, table.notes)
    facts = {"added": done.added, "changed": done.changed}
    await record(None, "import", "customers", facts=facts)
    return done
