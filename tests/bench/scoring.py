"""Accepted actions a second through HTTP ÷ pgbench of the very statements of one acceptance.

The statements are not written down twice: one acceptance is recorded on its connection, and
the record becomes pgbench's script, in one transaction, the same ids spread over the same
people. Both sides work on the same durable server with 16 clients, in turns.
"""

import re
import statistics
import sys
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from server import wiring
from server.battles import commands as battles
from server.kit import clock, db, embedded
from server.kit.migrate import migrate
from server.people.sessions import start_session
from tests.bench.accepts import BODY, PER_CLIENT, action_id
from tests.bench.services import on_services
from tests.bench.statements import ORIGIN, Record, apps, literal, output, pgbench, recorded
from tests.support.cast import bring_in, launch, person_id
from tests.support.eventually import eventually

CLIENTS, PEOPLE, ROUNDS, SECONDS = 16, 400, 3, 8
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


def run() -> dict[str, Any]:
    """Measure; returns the ratio and what it is made of."""
    return on_services("scoring", _measure)


async def _measure(services: embedded.Services) -> dict[str, Any]:
    await migrate(services.database_url)
    wiring.wire()
    await db.open_pool()
    tokens = await _company()
    await db.close_pool()
    script = Path(tempfile.mkdtemp()) / "accept.sql"
    script.write_text(_script(await recorded(partial(_accept, tokens[0]))), encoding="utf-8")
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
        "scoring_vs_pgbench": round(http / bench, 3),
        "scoring_http_per_s": round(http, 1),
        "scoring_pgbench_per_s": round(bench, 1),
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


async def _accept(token: str, client: httpx.AsyncClient, n: int) -> httpx.Response:
    return await client.post(
        f"/api/actions/{action_id(n)}/verdict", content=BODY,
        headers={
            "Origin": ORIGIN, "Cookie": f"sid={token}", "Idempotency-Key": f"key-{n}",
            "Content-Type": "application/json",
        },
    )  # fmt: skip


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
    literals = [literal(value) for value in values]
    if "command" in flat and "p_" not in flat:
        literals[1] = "'key-' || :n"
        if flat.startswith("INSERT"):
            literals[1] = "('key-' || :n)"
    if is_post:
        literals[0], literals[2] = "gen_random_uuid()", "gen_random_uuid()::text"
    if "INTO audit_record" in flat:
        literals[0] = "gen_random_uuid()"
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


async def _http(first: int, ports: list[int], tokens: list[str]) -> float:
    out = await output(
        sys.executable, "-m", "tests.bench.accepts", str(SECONDS), str(first),
        ",".join(map(str, ports)), ",".join(tokens),
    )  # fmt: skip
    return int(out) / SECONDS
