"""Coupons redeemed a second through HTTP ÷ pgbench of the very statements of one redemption.

As in scoring.py: one redemption (an order with the token of its coupon) is recorded on its
connection and becomes pgbench's script, in one transaction, with other ids at each turn. Both
sides work on the same durable server with 16 clients, in turns.
"""

import re
import statistics
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from server import wiring
from server.coupons import codes
from server.kit import db, embedded
from server.kit.migrate import migrate
from server.people.sessions import start_session
from tests.bench.redeems import PER_CLIENT, body, coupon_id, headers
from tests.bench.services import on_services
from tests.bench.statements import ORIGIN, Record, apps, literal, output, pgbench, recorded
from tests.support.cast import bring_in, launch, person_id
from tests.support.shop import PLAN

CLIENTS, PEOPLE, ROUNDS, SECONDS = 16, 400, 3, 8
# Each client's stretch of coupons in each round; the recorded ones are the first of all.
STRETCH = 4_000
STORE = "华东/滨江店"


def run() -> dict[str, Any]:
    """Measure; returns the ratio and what it is made of."""
    return on_services("redeeming", _measure)


async def _measure(services: embedded.Services) -> dict[str, Any]:
    await migrate(services.database_url)
    wiring.wire()
    await db.open_pool()
    tokens = await _company()
    await db.close_pool()
    script = Path(tempfile.mkdtemp()) / "redeem.sql"
    script.write_text(_script(await recorded(partial(_redeem, tokens[0]))), encoding="utf-8")
    rates: dict[str, list[float]] = {"http": [], "pgbench": []}
    async with apps(services) as ports:
        for number in range(ROUNDS):
            first = (2 * number + 1) * CLIENTS * PER_CLIENT
            rates["http"].append(await _http(first, ports, tokens))
            rates["pgbench"].append(
                await pgbench(services, script, first + CLIENTS * PER_CLIENT, CLIENTS, SECONDS)
            )
    http, bench = (statistics.median(rates[name]) for name in ("http", "pgbench"))
    return {
        "redeem_vs_pgbench": round(http / bench, 3),
        "redeem_http_per_s": round(http, 1),
        "redeem_pgbench_per_s": round(bench, 1),
    }


async def _company() -> list[str]:
    """A store with its tills, old customers, and a coupon for each turn."""
    await bring_in([(f"T{n}", f"店{n}", "staff", STORE, "", "store") for n in range(CLIENTS)])
    await launch(PLAN.format(version=1, least_order=0))
    await db.execute(
        "INSERT INTO person (id, code, name, kind) SELECT"
        " ('01900002-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'C' || n, '客', 'customer'"
        " FROM generate_series(0, $1::int - 1) n",
        PEOPLE,
    )
    for stretch in range((2 * ROUNDS + 1) * CLIENTS):
        await _give(stretch * PER_CLIENT, is_scanned=stretch // CLIENTS % 2 == 1 or stretch == 0)
    await db.execute("VACUUM ANALYZE")
    return [(await start_session(await person_id(f"T{n}"))).token for n in range(CLIENTS)]


async def _give(first: int, *, is_scanned: bool) -> None:
    """Issue a stretch of coupons; what pgbench redeems needs no real token."""
    numbers = range(first, first + STRETCH)
    indexes = [
        codes.index_of(codes.token_of(coupon_id(n))) if is_scanned else n.to_bytes(32)
        for n in numbers
    ]
    await db.execute(
        "INSERT INTO coupon (id, plan, plan_version, rule, holder, source, reference, code_index,"
        " token_index, issued_at, expires_at) SELECT"
        " ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'shop', 1, 'thanks',"
        " ('01900002-0000-7000-8000-' || lpad(to_hex(n % $3), 12, '0'))::uuid, 'gift', n::text,"
        " sha256(n::text::bytea), i, m, m + interval '90 days'"
        " FROM unnest($1::bigint[], $2::bytea[]) AS u(n, i), leitai_clock() AS m",
        list(numbers), indexes, PEOPLE,
    )  # fmt: skip


def _nth(n: int) -> int:
    """The coupons that are recorded are of one customer: the second is no first order."""
    return n * PEOPLE


async def _redeem(token: str, client: httpx.AsyncClient, n: int) -> httpx.Response:
    said = headers(ORIGIN, token, _nth(n))
    return await client.post("/api/orders", content=body(_nth(n)), headers=said)


def _script(record: Record) -> str:
    """Write the recorded statements as one pgbench transaction, its ids by client and turn."""
    n = _nth(1)
    holder = UUID(f"01900002-0000-7000-8000-{n % PEOPLE:012x}")
    coupon = _id("01900000", ":n::bigint")
    customer = _id("01900002", f"(:n % {PEOPLE})::bigint")
    order = _id("01900003", ":n::bigint")
    placed = next(values[0] for query, values in record if "order_place" in query)
    turns = {
        literal(codes.index_of(codes.token_of(coupon_id(n)))):
            "decode(lpad(to_hex(:n::bigint), 64, '0'), 'hex')",
        literal(coupon_id(n)): coupon,
        literal(holder): customer,
        literal(f"person:{holder}"): f"('person:' || {customer})",
        literal(placed): order,
        literal(f"R{n}"): "('R' || :n)",
        literal(f"key-{n}"): "('key-' || :n)",
    }  # fmt: skip
    lines = [r"\set i :i + 1", rf"\set n :first + :client_id * {PER_CLIENT} + :i", "BEGIN;"]
    for query, values in record:
        if query not in {"BEGIN;", "COMMIT;"}:
            literals = [turns.get(literal(each), literal(each)) for each in values]
            flat = " ".join(query.split())
            said = re.sub(r"\$(\d+)", lambda at, of=literals: of[int(at[1]) - 1], flat)
            lines.append(f"{said};")
    return "\n".join([*lines, "COMMIT;", ""])


def _id(head: str, number: str) -> str:
    return f"('{head}-0000-7000-8000-' || lpad(to_hex({number}), 12, '0'))::uuid"


async def _http(first: int, ports: list[int], tokens: list[str]) -> float:
    out = await output(
        sys.executable, "-m", "tests.bench.redeems", str(SECONDS), str(first), str(STRETCH),
        ",".join(map(str, ports)), ",".join(tokens),
    )  # fmt: skip
    return int(out) / SECONDS
