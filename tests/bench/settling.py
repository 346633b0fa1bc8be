"""How many deals a settlement states a second, and whether ten times as many take ten times as long.

Each deal is a transfer of its own into one of many wallets, written set by set; what is timed is
the command that computes a month, from the first read to the commit. Months of 10,000 and of
100,000 deals take turns, on a durable server, with as many deals a person in both.
"""

import statistics
from datetime import datetime
from time import perf_counter
from typing import Any

import asyncpg

from server import wiring
from server.kit import db, embedded
from server.kit.migrate import migrate
from server.settlements import commands
from tests.bench.services import on_services
from tests.support.cast import DESK, bring_in, launch, person_id
from tests.support.settling import PLAN

FEW, MANY, OF_A_PERSON, ROUNDS = 10_000, 100_000, 50, 3

CLOCK = """
CREATE TABLE bench_clock (moment timestamptz NOT NULL);
INSERT INTO bench_clock VALUES (now());
CREATE OR REPLACE FUNCTION leitai_clock() RETURNS timestamptz LANGUAGE sql VOLATILE
AS $$ SELECT moment FROM public.bench_clock $$;
"""
PEOPLE = """
INSERT INTO person (id, code, name, rank) SELECT
  ('01900002-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'S' || n, '销', 'staff'
FROM generate_series(0, $1::int - 1) n
"""
ACCOUNTS = """
SELECT ledger_account(k, id, 'cash') FROM person, unnest(ARRAY['wallet', 'debt']) k
WHERE code LIKE 'S%'
"""
# The ledger's own door takes one at a time; the same rows come out of these three statements.
DEALS = """
WITH deal AS (
  SELECT n, ('01900003-' || lpad(to_hex($3::int), 4, '0') || '-7000-8000-' ||
    lpad(to_hex(n), 12, '0'))::uuid AS id
  FROM generate_series(0, $1::int - 1) n
), sent AS (
  INSERT INTO transfer (id, kind, reference, facts, body_hash)
  SELECT id, 'commission', id::text, '{"title": {"en": "A deal"}}', sha256('') FROM deal
), moved AS (
  SELECT d.id, a.id AS account, 1000 + d.n % 977 AS amount,
    a.version + row_number() OVER (PARTITION BY a.id ORDER BY d.n) AS version,
    a.posted + sum(1000 + d.n % 977) OVER (PARTITION BY a.id ORDER BY d.n) AS posted
  FROM deal d JOIN person p ON p.code = 'S' || (d.n % $2::int)
  JOIN account a ON a.owner = p.id AND a.kind = 'wallet' AND a.asset = 'cash'
)
INSERT INTO entry (transfer, account, asset, amount, version, posted_after)
SELECT id, account, 'cash', amount, version, posted FROM moved
UNION ALL
SELECT id, (SELECT ledger_account('issuer', NULL, 'cash')), 'cash', -amount, NULL, NULL FROM moved
"""
BALANCES = """
UPDATE account a SET version = e.version, posted = e.posted_after
FROM (SELECT DISTINCT ON (account) account, version, posted_after FROM entry
      WHERE version IS NOT NULL ORDER BY account, version DESC) e
WHERE a.id = e.account
"""


def run() -> dict[str, Any]:
    """Measure; returns deals a second, and the time of a deal among few ÷ among many."""
    return on_services("settling", _measure)


async def _measure(services: embedded.Services) -> dict[str, Any]:
    await migrate(services.database_url)
    wiring.wire()
    await db.open_pool()
    # Filling a month takes longer than any statement of the product may.
    filling = await asyncpg.connect(services.database_url)
    await filling.execute(CLOCK)
    await bring_in(DESK)
    await launch(PLAN)
    await filling.execute(PEOPLE, MANY // OF_A_PERSON)
    await filling.execute(ACCOUNTS)
    seconds: dict[int, list[float]] = {FEW: [], MANY: []}
    for month in range(1, 2 * ROUNDS + 1):
        count = FEW if month % 2 else MANY
        seconds[count].append(await _settle(filling, month, count))
    await filling.close()
    await db.close_pool()
    few, many = (statistics.median(seconds[count]) / count for count in (FEW, MANY))
    return {
        "settle_rows_per_s": round(1 / many, 1),
        "settle_linearity": round(few / many, 3),
    }


async def _settle(filling: "asyncpg.Connection[Any]", month: int, count: int) -> float:
    """Fill a month with deals, and time its settlement."""
    moment = "UPDATE bench_clock SET moment = $1"
    await filling.execute(moment, datetime.fromisoformat(f"2026-{month:02d}-10T09:00+08:00"))
    await filling.execute(DEALS, count, count // OF_A_PERSON, month)
    await filling.execute(BALANCES)
    await filling.execute("VACUUM ANALYZE")
    await filling.execute(moment, datetime.fromisoformat(f"2026-{month + 1:02d}-05T09:00+08:00"))
    begun = perf_counter()
    made = await commands.compute("month", None)
    taken = perf_counter() - begun
    stated = await filling.fetchval(
        "SELECT count(*) FROM statement_line l JOIN statement s ON s.id = l.statement"
        " WHERE s.settlement = $1",
        made,
    )
    if stated != count:
        msg = f"{stated} of {count} deals were stated"
        raise RuntimeError(msg)
    await commands.approve(made, await person_id("FI"))
    return taken
