"""Leads received a second through HTTP ÷ pgbench of the very statements of one lead.

As in scoring.py: one lead of a customer nobody knows (encrypted, counted, judged, kept with its
first step, its thanks and the message to the customer) is recorded on its connection and becomes
pgbench's script, in one transaction, with other ids at each turn. Both sides work on the same
durable server with 16 clients, in turns; each client has a network of its own.
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
from server.kit import crypto, db, embedded
from server.kit.migrate import migrate
from server.leads import consent
from server.people.sessions import start_session
from tests.bench.services import on_services
from tests.bench.statements import ORIGIN, Record, apps, literal, output, pgbench, recorded
from tests.bench.submits import CLIENTS, PER_CLIENT, body, headers
from tests.support.cast import DESK, bring_in, launch
from tests.support.leads import PLAN

PEOPLE, ROUNDS, SECONDS, STRETCH = 400, 3, 8, 4_000
STORE = "华东/滨江店"
MANY = 1_000_000


def run() -> dict[str, Any]:
    """Measure; returns the ratio and what it is made of."""
    return on_services("submitting", _measure)


async def _measure(services: embedded.Services) -> dict[str, Any]:
    await migrate(services.database_url)
    wiring.wire()
    await db.open_pool()
    tokens = await _company()
    await db.close_pool()
    script = Path(tempfile.mkdtemp()) / "lead.sql"
    script.write_text(_script(await recorded(partial(_submit, tokens[0]))), encoding="utf-8")
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
        "lead_vs_pgbench": round(http / bench, 3),
        "lead_http_per_s": round(http, 1),
        "lead_pgbench_per_s": round(bench, 1),
    }


async def _company() -> list[str]:
    """Colleagues who report, each signed in, and a desk that sees what comes."""
    await bring_in([("P", "同事", "staff", STORE, "", ""), *DESK])
    await launch(PLAN.format(version=1, checks=20, limit=MANY))
    await db.execute(
        "INSERT INTO person (id, code, name, rank, unit) SELECT"
        " ('01900002-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'P' || n, '同事', 'staff',"
        " unit FROM generate_series(0, $1::int - 1) n, person WHERE code = 'P'",
        PEOPLE,
    )
    await db.execute("VACUUM ANALYZE")
    people = [UUID(f"01900002-0000-7000-8000-{n:012x}") for n in range(PEOPLE)]
    return [(await start_session(each)).token for each in people]


async def _submit(token: str, client: httpx.AsyncClient, n: int) -> httpx.Response:
    return await client.post("/api/leads", content=body(n), headers=headers(ORIGIN, token, n))


def _script(record: Record) -> str:
    """Write the recorded statements as one pgbench transaction, its ids by client and turn."""
    turns = _turns(record)
    lines = [r"\set i :i + 1", rf"\set n :first + :client_id * {PER_CLIENT} + :i", "BEGIN;"]
    for query, values in record:
        if query not in {"BEGIN;", "COMMIT;"}:
            literals = [turns.get(_literal(each), _literal(each)) for each in values]
            bare = re.sub(r"--.*", "", query)
            said = re.sub(
                r"\$(\d+)", lambda at, of=literals: of[int(at[1]) - 1], " ".join(bare.split())
            )
            lines.append(f"{said.rstrip(';')};")
    return "\n".join([*lines, "COMMIT;", ""])


def _turns(record: Record) -> dict[str, str]:
    """Return what takes the place of each recorded value that is another at each turn."""
    kept = next(values for query, values in record if query.startswith("INSERT INTO lead ("))
    lead, person, customer = kept[0], kept[3], kept[4]
    verdict = next(values[0] for query, values in record if query.startswith("INSERT INTO verdict"))
    notices = next(values[0] for query, values in record if query.startswith("INSERT INTO notice"))
    arrived = next(values for query, values in record if "INSERT INTO lead_arrival" in query)
    who = _id("01900002", f"(:n % {PEOPLE})::bigint")
    its, index = _id("01900003", ":n::bigint"), "lpad(to_hex(:n::bigint), 64, '0')"
    named = {
        lead: its,
        f"lead:{lead}": f"('lead:' || {its})",
        f"/leads/{lead}": f"('/leads/' || {its})",
        person: who,
        str(person): f"{who}::text",
        customer: f"('tel:' || {index})",
        crypto.blind_index("+8613900000001"): f"decode({index}, 'hex')",
        consent.index_of(consent.token_of(lead)): f"decode({index}, 'hex')",
        verdict: _id("01900004", ":n::bigint"),
        arrived[2]: f"('device' || :n % {PEOPLE})",
        arrived[3]: "('network' || :client_id)",
        "key-1": "('key-' || :n)",
    }
    return {_literal(each): turn for each, turn in named.items()} | {
        _literal(notices): f"ARRAY[{_id('01900005', ':n::bigint')}]",
        _literal([person]): f"ARRAY[{who}]",
        _literal([f"{consent.MESSAGE}:{lead}"]): f"ARRAY['{consent.MESSAGE}:' || {its}]",
    }


def _literal(value: Any) -> str:
    """Write a value as SQL; a list without entries has no type of its own."""
    if value == ():
        return "'[]'"
    return "'{}'" if value == [] else literal(value)


def _id(head: str, number: str) -> str:
    return f"('{head}-0000-7000-8000-' || lpad(to_hex({number}), 12, '0'))::uuid"


async def _http(first: int, ports: list[int], tokens: list[str]) -> float:
    out = await output(
        sys.executable, "-m", "tests.bench.submits", str(SECONDS), str(first), str(STRETCH),
        ",".join(map(str, ports)), ",".join(tokens),
    )  # fmt: skip
    return int(out) / SECONDS
