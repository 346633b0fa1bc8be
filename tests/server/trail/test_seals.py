"""P19: whatever is edited, deleted, added, reordered or cut off under the seals is found."""

import random
from collections.abc import Iterator
from uuid import UUID

import asyncpg
import pytest

from game.ledger import award
from server.config import settings
from server.kit import db, ids
from server.ledger.commands import Transfer, post
from server.people.rights import record
from server.trail import seals
from server.trail.seals import merkle_root

pytestmark = pytest.mark.usefixtures("pool")

TABLES = ("transfer", "entry", "audit_record", "seal")
SEED = 20261123
MUTATIONS = 60


@pytest.fixture(autouse=True)
def _no_anchor_yet() -> Iterator[None]:
    settings().leitai_anchor_file.unlink(missing_ok=True)
    yield
    settings().leitai_anchor_file.unlink(missing_ok=True)


async def write(rows: int, batch: int = 7) -> None:
    """Post awards and write records, some of them in one transaction."""
    people = [ids.new_id() for _ in range(3)]
    for place in range(0, rows, batch):
        await _some(people, place, min(batch, rows - place))
        await seals.seal_all()


@db.command
async def _some(people: list[UUID], first: int, count: int) -> None:
    for place in range(first, first + count):
        person = people[place % 3]
        await post(
            Transfer(
                id=ids.new_id(), kind="award", reference=f"{place}:1", actor=None,
                facts={"n": place}, posting=award(str(person), place + 1),
            )
        )  # fmt: skip
        await record(person, "decide", f"action:{place}", "因为")


async def test_what_nobody_touched_holds() -> None:
    assert await seals.verify() == []
    await write(20)
    assert await seals.unsealed() == 0
    assert await seals.verify() == []
    assert await seals.seal_batch() is None, "nothing is sealed twice"
    covered = await db.row(
        seals.Seal,
        "SELECT count(*) AS n, '' AS upto, sum(transfers)::integer AS transfers,"
        " sum(records)::integer AS records, ''::bytea AS root, ''::bytea AS mac FROM seal",
    )
    assert covered is not None
    assert (covered.n, covered.transfers, covered.records) == (3, 20, 20)


async def test_a_batch_never_parts_a_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seals, "BATCH", 5)
    await write(30, batch=4)
    assert await seals.verify() == []
    sizes = await db.column("SELECT transfers + records FROM seal ORDER BY n")
    assert sum(sizes) == 60
    assert set(sizes[:-1]) == {8}, "each transaction wrote eight rows: more than a batch, and whole"


async def test_what_is_not_committed_is_waited_for(control: asyncpg.Connection) -> None:
    await write(3)
    slow = await asyncpg.connect(settings().database_url)
    begun = slow.transaction()
    await begun.start()
    await slow.execute(
        "INSERT INTO audit_record (id, verb, subject) VALUES ($1, 'late', 'x')", ids.new_id()
    )
    await _some([ids.new_id()] * 3, 50, 2)
    await seals.seal_all()
    assert await seals.unsealed() == 4, "what began after the slow one waits with it"
    await begun.commit()
    await slow.close()
    await seals.seal_all()
    assert await seals.unsealed() == 0
    assert await seals.verify() == []


async def mutate(control: asyncpg.Connection, chance: random.Random) -> str:
    """Do one thing that whoever holds the database could do; returns what it was."""
    table, column, to = chance.choice(
        [
            ("entry", "amount", "amount + 1"),
            ("entry", "version", "coalesce(version, 0) + 1000"),
            ("entry", "posted_after", "coalesce(posted_after, 0) - 1"),
            ("transfer", "facts", """facts || '{"n": -1}'"""),
            ("transfer", "reference", "reference || 'x'"),
            ("transfer", "booked_at", "booked_at - interval '1 microsecond'"),
            ("transfer", "actor", "gen_random_uuid()"),
            ("transfer", "xid", "'0'::xid8"),
            ("audit_record", "reason", "'anders'"),
            ("audit_record", "actor", "NULL"),
            ("audit_record", "at", "at + interval '1 second'"),
            ("seal", "root", "set_byte(root, 3, get_byte(root, 3) # 1)"),
            ("seal", "mac", "set_byte(mac, 31, get_byte(mac, 31) # 128)"),
            ("seal", "transfers", "transfers + 1"),
            ("entry", "", ""),
            ("transfer", "", ""),
            ("audit_record", "", ""),
            ("seal", "", ""),
            ("audit_record", "added", ""),
        ]
    )
    async with control.transaction():
        await control.execute("SET LOCAL session_replication_role = replica")
        if column == "added":
            await control.execute(
                "INSERT INTO audit_record (id, verb, subject, xid)"
                " SELECT gen_random_uuid(), 'v', 's', xid FROM audit_record LIMIT 1"
            )
            return "a record was added"
        rows = await control.fetch(f"SELECT ctid FROM {table} ORDER BY ctid")
        one = chance.choice(rows)["ctid"]
        if column:
            await control.execute(f"UPDATE {table} SET {column} = {to} WHERE ctid = $1", one)
            return f"{table}.{column} became {to}"
        await control.execute(f"DELETE FROM {table} WHERE ctid = $1", one)
        return f"a row of {table} was deleted"


async def test_every_mutation_is_found(control: asyncpg.Connection) -> None:
    await write(20)
    await seals.anchor()
    for table in TABLES:
        await control.execute(f"CREATE TEMP TABLE kept_{table} AS TABLE {table}")
    chance = random.Random(SEED)
    done = set()
    for _ in range(MUTATIONS):
        what = await mutate(control, chance)
        done.add(what)
        assert await seals.verify() != [], what
        async with control.transaction():
            await control.execute("SET LOCAL session_replication_role = replica")
            for table in TABLES:
                await control.execute(f"DELETE FROM {table}")
                await control.execute(f"INSERT INTO {table} TABLE kept_{table}")
        assert await seals.verify() == [], what
    assert len(done) > 12
    for table in TABLES:
        await control.execute(f"DROP TABLE kept_{table}")


async def test_a_tail_that_was_cut_off_is_missed_by_its_anchor(control: asyncpg.Connection) -> None:
    await write(20)
    last = await seals.anchor()
    assert last is not None
    assert await seals.anchor() is None, "a seal is noted once"
    async with control.transaction():
        await control.execute("SET LOCAL session_replication_role = replica")
        await control.execute("DELETE FROM seal WHERE n = $1", last.n)
        for table in ("entry", "transfer", "audit_record"):
            since = "xid >= (SELECT max(upto) FROM seal)"
            where = (
                since
                if table != "entry"
                else f"transfer IN (SELECT id FROM transfer WHERE {since})"
            )
            await control.execute(f"DELETE FROM {table} WHERE {where}")
    [fault] = await seals.verify()
    assert fault.promise == "every anchored seal is in the chain"


async def test_another_key_can_not_make_the_seals(control: asyncpg.Connection) -> None:
    await write(5)
    async with control.transaction():
        await control.execute("SET LOCAL session_replication_role = replica")
        await control.execute("UPDATE seal SET mac = sha256(root)")
    assert await seals.verify() != []


async def test_seals_can_not_be_changed_by_the_app() -> None:
    await write(2)
    with pytest.raises(asyncpg.ObjectNotInPrerequisiteStateError):
        await db.execute("UPDATE seal SET n = n + 1")


async def test_a_copy_from_a_dump_is_told(control: asyncpg.Connection) -> None:
    await write(2)
    async with control.transaction():
        await control.execute("SET LOCAL session_replication_role = replica")
        await control.execute("UPDATE seal SET upto = '999999999999'")
    assert "transactions are numbered on from the last seal" in {
        fault.promise for fault in await seals.verify()
    }


def test_a_root_tells_leaves_from_nodes_and_their_order() -> None:
    one, two, three = (bytes([n]) * 32 for n in range(3))
    roots = [
        merkle_root(leaves)
        for leaves in (
            [],
            [one],
            [one, two],
            [two, one],
            [one, two, three],
            [one, two, three, three],
        )
    ]
    assert len(set(roots)) == len(roots)
    assert merkle_root([merkle_root([one, two])]) != merkle_root([one, two])
