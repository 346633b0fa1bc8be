"""Accepted actions a second through HTTP ÷ pgbench of the very statements of one acceptance.

The statements are not written down twice: one acceptance is recorded on its connection, and
the record becomes pgbench's script, in one transaction, the same ids spread over the same
people. Both sides work on the same durable server with 16 clients, in turns.
"""

import asyncio
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import uvloop
from asgi_lifespan import LifespanManager

from server import config, wiring
from server.app import create_app
from server.battles import commands as battles
from server.kit import clock, db, embedded
from server.kit.migrate import migrate
from server.people.sessions import start_session
from tests.bench.accepts import BODY, PER_CLIENT, action_id
from tests.bench.frames import free_port
from tests.support.cast import bring_in, launch, person_id
from tests.support.eventually import eventually
from tests.support.live import each_with_its_own_state

CLIENTS, PEOPLE, ROUNDS, SECONDS = 16, 400, 3, 8
APPS = 2
ORIGIN = "http://bench"
# Each client's stretch of actions in each round; the first action of all is the recorded one.
STRETCH = 12_000
PLAN = """
[plan]
id = "bench"
version = 1
timezone = "Asia/Shanghai"
title = {{ zh_Hans = "测", zh_Hant = "測", en = "Bench" }}
[actions.call]
title = {{ zh_Hans = "回访", zh_Hant = "回訪", en = "Call" }}
points = 5
[[battles]]
id = "calls"
title = {{ zh_Hans = "擂台", zh_Hant = "擂台", en = "Battle" }}
actions = ["call"]
starts = {starts}
cut_off = {cut_off}
score = "sum"
tie = "first_to_reach"
share = "equal"
[battles.sponsor]
asset = "cash"
amount = 100
"""

Record = list[tuple[str, tuple[Any, ...]]]


def run() -> dict[str, Any]:
    """Measure; returns the ratio and what it is made of."""
    with embedded.throwaway("bench-scoring", durable=True) as services:
        config.use(
            config.Settings(
                _env_file=None, database_url=services.database_url, redis_url=services.redis_url
            )
        )
        return uvloop.run(_measure(services))


async def _measure(services: embedded.Services) -> dict[str, Any]:
    await migrate(services.database_url)
    wiring.wire()
    await db.open_pool()
    tokens = await _company()
    await db.close_pool()
    script = Path(tempfile.mkdtemp()) / "accept.sql"
    script.write_text(_script(await _recorded(tokens[0])), encoding="utf-8")
    rates: dict[str, list[float]] = {"http": [], "pgbench": []}
    async with _apps(services) as ports:
        for number in range(ROUNDS):
            first = (2 * number + 1) * CLIENTS * PER_CLIENT
            rates["http"].append(await _http(first, ports, tokens))
            rates["pgbench"].append(await _pgbench(services, script, first + CLIENTS * PER_CLIENT))
    http, pgbench = (statistics.median(rates[name]) for name in ("http", "pgbench"))
    return {
        "scoring_vs_pgbench": round(http / pgbench, 3),
        "scoring_http_per_s": round(http, 1),
        "scoring_pgbench_per_s": round(pgbench, 1),
    }


async def _company() -> list[str]:
    """People on two sides, a live battle, reviewers with sessions, actions that wait."""
    sides = ("一队", "二队")
    people = [(f"E{n}", f"人{n}", "staff", "司", sides[n % 2], "") for n in range(PEOPLE)]
    desk = [(f"R{n}", f"审{n}", "staff", "司", "", "operations") for n in range(CLIENTS)]
    await bring_in([*people, *desk])
    starts = await clock.now() + timedelta(seconds=3)
    cut_off = starts + timedelta(days=1)
    [battle] = await launch(PLAN.format(starts=starts.isoformat(), cut_off=cut_off.isoformat()))
    await eventually(lambda: battles.start(battle), within=20)
    await _wait_for_review()
    reviewers = [await person_id(f"R{n}") for n in range(CLIENTS)]
    return [(await start_session(each)).token for each in reviewers]


async def _wait_for_review() -> None:
    """Put the actions of every stretch into the queue."""
    for stretch in range((2 * ROUNDS + 1) * CLIENTS):
        await db.execute(
            "INSERT INTO action (id, person, plan, plan_version, kind, happened_at, received_at,"
            " within_cap, outcome) SELECT"
            " ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,"
            " p.ids[1 + n % $3], 'bench', 1, 'call', m, m, true, 'pending'"
            " FROM generate_series($1::bigint, $2::bigint) n, leitai_clock() m,"
            " (SELECT array_agg(id ORDER BY code) AS ids FROM person WHERE code LIKE 'E%') p",
            stretch * PER_CLIENT, stretch * PER_CLIENT + STRETCH - 1, PEOPLE,
        )  # fmt: skip
    await db.execute("VACUUM ANALYZE")


async def _recorded(token: str) -> Record:
    """Accept one action and return the statements that it took, in order."""
    record: Record = []
    async with LifespanManager(each_with_its_own_state(create_app())) as manager:
        pool = db.DB.pool
        connections = [await pool.acquire() for _ in range(pool.get_max_size())]
        for connection in connections:
            connection.add_query_logger(lambda query: record.append((query.query, query.args)))
        for connection in connections:
            await pool.release(connection)
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app=manager.app), base_url=ORIGIN
        ) as client:
            for n in (0, 1):  # the second finds every statement and type known
                record.clear()
                answer = await client.post(
                    f"/api/actions/{action_id(n)}/verdict", content=BODY,
                    headers={
                        "Origin": ORIGIN, "Cookie": f"sid={token}", "Idempotency-Key": f"key-{n}",
                        "Content-Type": "application/json",
                    },
                )  # fmt: skip
                answer.raise_for_status()
    last = next(at for at, (query, _) in enumerate(record) if query == "COMMIT;")
    return record[: last + 1]


def _script(record: Record) -> str:
    """Write the recorded statements as one pgbench transaction, its ids by client and turn."""
    lines = [
        r"\set i :i + 1",
        rf"\set n :first + :client_id * {PER_CLIENT} + :i",
        "BEGIN;",
    ]
    person = ""
    for query, values in record:
        if query in {"BEGIN;", "COMMIT;"}:
            continue
        if not person and "FROM action WHERE id = $1" in query:
            lines.append(_statement(query, values, "") + r" \gset")
            person = "found"
            continue
        lines.append(_statement(query, values, person) + ";")
    return "\n".join([*lines, "COMMIT;", ""])


ACTION = "('01900000-0000-7000-8000-' || lpad(to_hex(:n::bigint), 12, '0'))::uuid"


def _statement(query: str, values: Sequence[Any], person: str) -> str:
    """Put the arguments into a statement; what differs from turn to turn becomes a variable."""
    flat = " ".join(query.split())
    is_post = "ledger_post" in flat
    literals = [_literal(value) for value in values]
    if "command" in flat and "p_" not in flat:
        literals[1] = "'key-' || :n"
        if flat.startswith("INSERT"):
            literals[1] = "('key-' || :n)"
    if is_post:
        literals[0], literals[2] = "gen_random_uuid()", "gen_random_uuid()::text"
    literals = [ACTION if each == f"'{action_id(1)}'::uuid" else each for each in literals]
    if person:
        literals = _with_person(flat, literals, is_post=is_post)
    return re.sub(r"\$(\d+)", lambda found: literals[int(found[1]) - 1], flat)


def _with_person(flat: str, literals: list[str], *, is_post: bool) -> list[str]:
    place = {"FROM battle ": 3, "standing": 1}
    if is_post:
        return [*literals[:10], "ARRAY[:person::uuid]", literals[11]]
    for words, at in place.items():
        if words in flat and at < len(literals):
            return [*literals[:at], ":person::uuid", *literals[at + 1 :]]
    return literals


def _literal(value: Any) -> str:
    match value:
        case None:
            return "NULL"
        case UUID():
            return f"'{value}'::uuid"
        case bytes():
            return f"'\\x{value.hex()}'::bytea"
        case datetime():
            return f"'{value.isoformat()}'::timestamptz"
        case timedelta():
            return f"'{value.total_seconds()} s'::interval"
        case bool() | int():
            return str(int(value))
        case list():
            return f"ARRAY[{', '.join(_literal(each) for each in value)}]"
        case dict():
            return "'" + json.dumps(value, ensure_ascii=False).replace("'", "''") + "'::jsonb"
        case _:
            return "'" + str(value).replace("'", "''") + "'"


@asynccontextmanager
async def _apps(services: embedded.Services) -> AsyncIterator[list[int]]:
    """Start the app processes; yields their ports once they answer."""
    environment = os.environ | {
        "DATABASE_URL": services.database_url,
        "REDIS_URL": services.redis_url,
    }
    ports = [free_port() for _ in range(APPS)]
    started = [
        subprocess.Popen(
            [str(Path(sys.executable).parent / "leitai"), "serve"],
            env=environment | {"PORT": str(port)},
        )
        for port in ports
    ]
    try:
        for port in ports:
            await eventually(lambda port=port: _answers(port), within=60)
        yield ports
    finally:
        for process in started:
            process.terminate()
        for process in started:
            await asyncio.to_thread(process.wait, 20)


async def _answers(port: int) -> bool:
    async with httpx.AsyncClient() as client:
        try:
            return (await client.get(f"http://127.0.0.1:{port}/healthz")).status_code == 200
        except httpx.TransportError:
            return False


async def _http(first: int, ports: list[int], tokens: list[str]) -> float:
    out = await _output(
        sys.executable, "-m", "tests.bench.accepts", str(SECONDS), str(first),
        ",".join(map(str, ports)), ",".join(tokens),
    )  # fmt: skip
    return int(out) / SECONDS


async def _pgbench(services: embedded.Services, script: Path, first: int) -> float:
    out = await _output(
        str(services.postgres.programs.postgres / "pgbench"), "-n", "-M", "prepared", "-c", str(CLIENTS),
        "-j", "2", "-T", str(SECONDS), "-D", "i=-1", "-D", f"first={first}", "-f", str(script),
        services.database_url,
    )  # fmt: skip
    found = re.search(r"tps = ([\d.]+)", out)
    if found is None or "number of failed transactions: 0 " not in out:
        raise RuntimeError(out)
    return float(found[1])


async def _output(*command: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await process.communicate()
    if process.returncode:
        raise RuntimeError(err.decode())
    return out.decode()
