"""The people file, brought into the company: all of it or nothing."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from uuid import UUID

import msgspec

from game.errors import RuleViolation
from server.kit import crypto, db, ids
from server.kit.i18n import lazy
from server.kit.sheets import SheetFault
from server.people import rights
from server.people.imports import Entry, PeopleFaults, PeopleTable, read_people
from server.people.names import sort_name


class Imported(msgspec.Struct, frozen=True):
    """What an import did: people added, changed, and found as the file says."""

    added: int
    changed: int
    unchanged: int
    notes: list[SheetFault]


class Present(msgspec.Struct, frozen=True):
    """A person of the file who is here already."""

    id: UUID
    code: str
    name: str
    rank: str
    unit: str
    side: str
    roles: frozenset[str]
    blind_index: bytes | None


async def import_people_file(path: Path) -> Imported:
    """Import a people file from disk, for whoever runs the server.

    Raises as `import_people`; refused as `file_unreadable` when there is none.
    """
    try:
        body = path.read_bytes()  # noqa: ASYNC240  # a command line has nothing else to do
    except OSError as error:
        raise RuleViolation("file_unreadable", path=str(path), reason=error.strerror) from None
    return await import_people(read_people(body), None)


@db.command
async def import_people(table: PeopleTable, by: UUID | None) -> Imported:
    """Add and update the people of a table, all or nobody; who isn't in it stays as they are.

    Raises PeopleFaults with every fault of the table, and of it beside the people there are.
    A person whose roles change signs in again.
    """
    await rights.take_turns()
    present = await _present(table)
    indexes = {e.person: crypto.blind_index(e.phone) for e in table.entries if e.phone}
    moved = [e for e in table.entries if _moves_phone(e, present.get(e.person), table, indexes)]
    faults = [
        *table.faults,
        *await _taken_phones(present, moved, indexes),
        *await _without_administrator(table, present),
    ]
    if faults:
        raise PeopleFaults(faults)
    changed = [e for e in table.entries if e in moved or _differs(e, present.get(e.person), table)]
    people = {code: each.id for code, each in present.items()}
    people |= {e.person: ids.new_id() for e in changed if e.person not in people}
    await _write_units(e.unit for e in changed)
    await _write_people(changed, people)
    await _write_phones(moved, people, indexes)
    # New administrators first: somebody administers at every step.
    for entry in sorted(changed, key=lambda entry: "admin" not in entry.roles):
        if _changes_roles(entry, present.get(entry.person), table):
            await rights.set_roles(people[entry.person], entry.roles, by)
    added = len(people) - len(present)
    report = Imported(added, len(changed) - added, len(table.entries) - len(changed), table.notes)
    await rights.record(by, "import", "people", facts={"added": added, "changed": report.changed})
    return report


async def _present(table: PeopleTable) -> dict[str, Present]:
    found = await db.rows(
        Present,
        "SELECT p.id, p.code, p.name, p.rank, coalesce(u.path, '') AS unit, p.side, f.blind_index,"
        " array(SELECT role FROM person_role WHERE person = p.id) AS roles"
        " FROM person p LEFT JOIN unit u ON u.id = p.unit"
        " LEFT JOIN person_phone f ON f.person = p.id WHERE p.code = ANY ($1::text[])",
        [entry.person for entry in table.entries],
    )
    return {each.code: each for each in found}


def _moves_phone(
    entry: Entry, present: Present | None, table: PeopleTable, indexes: Mapping[str, bytes]
) -> bool:
    held = present.blind_index if present else None
    return table.has_phones and indexes.get(entry.person) != held


def _differs(entry: Entry, present: Present | None, table: PeopleTable) -> bool:
    fields = ("name", "rank", "unit", "side")
    return (
        present is None
        or _changes_roles(entry, present, table)
        or any(getattr(entry, field) != getattr(present, field) for field in fields)
    )


def _changes_roles(entry: Entry, present: Present | None, table: PeopleTable) -> bool:
    held = present.roles if present else frozenset()
    return table.has_roles and entry.roles != held


async def _taken_phones(
    present: Mapping[str, Present], moved: Sequence[Entry], indexes: Mapping[str, bytes]
) -> list[SheetFault]:
    """A phone belongs to one person; those who give theirs up in this file don't count."""
    taken = await db.column(
        "SELECT blind_index FROM person_phone"
        " WHERE blind_index = ANY ($1::bytea[]) AND person <> ALL ($2::uuid[])",
        list(indexes.values()),
        [present[e.person].id for e in moved if e.person in present],
    )
    sentence = lazy("this phone belongs to somebody else here")
    return [
        SheetFault(entry.line, "phone", sentence, {})
        for entry in moved
        if indexes.get(entry.person) in taken
    ]


async def _without_administrator(
    table: PeopleTable, present: Mapping[str, Present]
) -> list[SheetFault]:
    losing = [
        present[e.person].id
        for e in table.entries
        if e.person in present and "admin" in present[e.person].roles - e.roles
    ]
    gaining = any("admin" in e.roles for e in table.entries)
    if not table.has_roles or not losing or gaining:
        return []
    left = await db.value(
        "SELECT EXISTS (SELECT FROM person_role r JOIN person p ON p.id = r.person"
        " WHERE r.role = 'admin' AND p.active AND p.id <> ALL ($1::uuid[]))",
        losing,
    )
    sentence = lazy("nobody would be left to administer: give somebody the role admin")
    return [] if left else [SheetFault(None, "roles", sentence, {})]


async def _write_units(paths: Iterable[str]) -> None:
    """Make the units of these paths that are missing, from the top down."""
    parts = {tuple(path.split("/")) for path in paths}
    wanted = {path[:depth] for path in parts for depth in range(1, len(path) + 1)}
    for depth in sorted({len(path) for path in wanted}):
        level = sorted(path for path in wanted if len(path) == depth)
        await db.execute(
            "INSERT INTO unit (id, path, name, parent)"
            " SELECT u.id, u.path, u.name, p.id"
            " FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) u(id, path, name, above)"
            " LEFT JOIN unit p ON p.path = u.above ON CONFLICT (path) DO NOTHING",
            [ids.new_id() for _ in level],
            ["/".join(path) for path in level],
            [path[-1] for path in level],
            ["/".join(path[:-1]) for path in level],
        )


async def _write_people(entries: Sequence[Entry], people: Mapping[str, UUID]) -> None:
    await db.execute(
        "INSERT INTO person (id, code, name, sort_name, rank, unit, side)"
        " SELECT n.id, n.code, n.name, n.sort_name, n.rank, u.id, n.side FROM unnest($1::uuid[],"
        " $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])"
        " n(id, code, name, sort_name, rank, path, side) JOIN unit u ON u.path = n.path"
        " ON CONFLICT (code) DO UPDATE SET name = excluded.name, sort_name = excluded.sort_name,"
        " rank = excluded.rank, unit = excluded.unit, side = excluded.side",
        [people[e.person] for e in entries],
        [e.person for e in entries],
        [e.name for e in entries],
        [sort_name(e.name) for e in entries],
        [e.rank for e in entries],
        [e.unit for e in entries],
        [e.side for e in entries],
    )


async def _write_phones(
    entries: Sequence[Entry], people: Mapping[str, UUID], indexes: Mapping[str, bytes]
) -> None:
    await db.execute(
        "DELETE FROM person_phone WHERE person = ANY ($1::uuid[])",
        [people[e.person] for e in entries],
    )
    rows = []
    for entry in entries:
        if entry.phone:
            person = people[entry.person]
            sealed = crypto.seal(entry.phone, "person_phone", "ciphertext", str(person))
            rows.append((person, indexes[entry.person], *sealed))
    await db.execute_many(
        "INSERT INTO person_phone (person, blind_index, ciphertext, wrapped_key)"
        " VALUES ($1, $2, $3, $4)",
        rows,
    )
