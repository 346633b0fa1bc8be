"""Seals over the ledger and the audit trail (promises.md § 4.10, P19).

A batch is what a range of finished transactions wrote. Its leaves make a Merkle root; a seal
keys the root together with the seal before it. Whoever edits, deletes, adds or reorders a row of
a sealed range without the key breaks that seal, and whoever takes the newest seals away misses
the anchors, which are kept outside the database.
"""

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from server.config import settings
from server.kit import clock, crypto, db
from server.kit.db import command

BATCH: Final = 1000
"""Rows after which a seal is closed; the rows of one transaction are never parted."""
LOCK: Final = 781_623
NOTHING: Final = hashlib.sha256(b"").digest()

# The end of the next batch: behind the fence of transactions still under way, and so near that
# the range holds about a batch.
NEXT: Final = """
WITH fence AS (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS x),
upcoming AS (
  (SELECT xid FROM transfer, fence WHERE xid >= $1::text::xid8 AND xid < x ORDER BY xid LIMIT $2)
  UNION ALL
  (SELECT xid FROM audit_record, fence WHERE xid >= $1::text::xid8 AND xid < x
   ORDER BY xid LIMIT $2)
)
SELECT ((max(xid)::text::numeric + 1)::text) FROM (SELECT xid FROM upcoming ORDER BY xid LIMIT $2) u
"""


class Seal(msgspec.Struct, frozen=True):
    """One link of the chain; `upto` is the first transaction it no longer covers."""

    n: int
    upto: str
    transfers: int
    records: int
    root: bytes
    mac: bytes


class Leaf(msgspec.Struct, frozen=True):
    """One row of a range, hashed whole."""

    source: str
    leaf: bytes


class SealFault(msgspec.Struct, frozen=True):
    """What does not hold of the chain, and where."""

    promise: str
    where: str


PROMISES: Final = (
    "what was sealed is as it was",
    "the chain of seals has no gap",
    "every anchored seal is in the chain",
    "transactions are numbered on from the last seal",
)
_SEALS: Final = "SELECT n, upto::text AS upto, transfers, records, root, mac FROM seal "
_BEGIN: Final = Seal(0, "0", 0, 0, NOTHING, NOTHING)


@command
async def seal_batch() -> Seal | None:
    """Seal what finished transactions wrote since the last seal, a batch of it; None: nothing."""
    await db.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
    last = await db.row(Seal, _SEALS + "ORDER BY n DESC LIMIT 1") or _BEGIN
    upto: str | None = await db.value(NEXT, last.upto, BATCH)
    if upto is None:
        return None
    made = _sealed(last, upto, await _leaves(last.upto, upto))
    await db.execute(
        "INSERT INTO seal (n, upto, transfers, records, root, mac)"
        " VALUES ($1, $2::text::xid8, $3, $4, $5, $6)",
        made.n, made.upto, made.transfers, made.records, made.root, made.mac,
    )  # fmt: skip
    return made


async def seal_all() -> int:
    """Seal everything that is finished; returns how many seals that took."""
    made = 0
    while await seal_batch() is not None:
        made += 1
    return made


async def verify(anchors: Path | None = None) -> list[SealFault]:
    """Recompute every seal and compare the anchors; nothing when all holds."""
    seals = await db.rows(Seal, _SEALS + "ORDER BY n")
    faults = [*await _broken(seals)]
    known = {each.n: each.mac.hex() for each in seals}
    for n, mac in anchored(anchors or settings().leitai_anchor_file):
        if known.get(n) != mac:
            faults.append(SealFault(PROMISES[2], f"seal {n}"))
    # A copy restored from a dump counts its transactions from the beginning: nothing would be
    # sealed any more. One restored from a physical backup counts on.
    counted: bool = await db.value(
        "SELECT coalesce(max(upto), '0'::xid8) <= pg_snapshot_xmax(pg_current_snapshot()) FROM seal"
    )
    return faults if counted else [*faults, SealFault(PROMISES[3], "the last seal")]


async def _broken(seals: Sequence[Seal]) -> list[SealFault]:
    faults = []
    before = _BEGIN
    for each in seals:
        if each.n != before.n + 1:
            faults.append(SealFault(PROMISES[1], f"seal {each.n} follows {before.n}"))
        if _sealed(before, each.upto, await _leaves(before.upto, each.upto)) != each:
            faults.append(SealFault(PROMISES[0], f"seal {each.n}"))
        before = each
    return faults


async def unsealed() -> int:
    """Return how many rows no seal covers yet."""
    found: int = await db.value(
        "WITH last AS (SELECT coalesce(max(upto), '0'::xid8) AS x FROM seal)"
        " SELECT (SELECT count(*) FROM transfer, last WHERE xid >= x)"
        " + (SELECT count(*) FROM audit_record, last WHERE xid >= x)"
    )
    return found


async def anchor() -> Seal | None:
    """Write the newest seal's mac to the anchor file, outside the database; None: it is there."""
    last = await db.row(Seal, _SEALS + "ORDER BY n DESC LIMIT 1")
    path = settings().leitai_anchor_file
    if last is None or any(n == last.n for n, _ in anchored(path)):
        return None
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="ascii") as file:
        file.write(f"{last.n} {last.mac.hex()} {await clock.now():%Y-%m-%dT%H:%M:%SZ}\n")
    return last


def anchored(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the number and mac of every seal that the anchor file names."""
    if not path.exists():
        return
    for line in path.read_text(encoding="ascii").splitlines():
        n, mac, _ = line.split(" ")
        yield int(n), mac


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaves in their order; an odd one goes up as it is.

    Leaves and nodes are hashed under different first bytes, so that neither passes for the other.
    """
    level = [hashlib.sha256(b"\0" + leaf).digest() for leaf in leaves]
    if not level:
        return NOTHING
    while len(level) > 1:
        paired = [
            hashlib.sha256(b"\1" + left + right).digest()
            for left, right in zip(level[::2], level[1::2], strict=False)
        ]
        level = paired + level[len(paired) * 2 :]
    return level[0]


async def _leaves(start: str, upto: str) -> list[Leaf]:
    return await db.rows(
        Leaf,
        "SELECT source, leaf FROM seal_leaves($1::text::xid8, $2::text::xid8)",
        start,
        upto,
    )


def _sealed(before: Seal, upto: str, leaves: Sequence[Leaf]) -> Seal:
    root = merkle_root([each.leaf for each in leaves])
    transfers = sum(each.source == "transfer" for each in leaves)
    records = len(leaves) - transfers
    said = f"{before.n + 1}|{before.upto}|{upto}|{transfers}|{records}|".encode()
    mac = hmac.digest(crypto.derived_key("seals"), said + before.mac + root, hashlib.sha256)
    return Seal(before.n + 1, upto, transfers, records, root, mac)
