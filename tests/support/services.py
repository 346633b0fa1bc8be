"""What the tests run on: one database and one Valkey a pytest process, emptied between tests."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import asyncpg
import redis

from server.kit import embedded

# Laid over the migrations once: the clock the tests set, what the migrations left in tables and
# sequences, and a way back to exactly that (DELETE, because TRUNCATE takes twenty times as long).
TEST_SQL = """
CREATE TABLE test_clock (moment timestamptz NOT NULL);
CREATE OR REPLACE FUNCTION leitai_clock() RETURNS timestamptz LANGUAGE sql VOLATILE
AS $$ SELECT coalesce((SELECT moment FROM public.test_clock), clock_timestamp()) $$;

CREATE SCHEMA seed;
CREATE TABLE seed.sequences AS SELECT schemaname, sequencename, last_value FROM pg_sequences;
DO $$
DECLARE
  kept regclass;
  filled boolean;
BEGIN
  FOR kept IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
  LOOP
    EXECUTE format('SELECT EXISTS (TABLE %s)', kept) INTO filled;
    IF filled THEN
      EXECUTE format('CREATE TABLE seed.%s AS TABLE %s', kept, kept);
    END IF;
  END LOOP;
END $$;

CREATE FUNCTION reset_all() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  used regclass;
  filled boolean;
  moved record;
BEGIN
  -- No trigger fires: the ledger refuses a DELETE.
  SET LOCAL session_replication_role = replica;
  FOR used IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
  LOOP
    EXECUTE format('SELECT EXISTS (TABLE %s)', used) INTO filled;
    IF filled THEN
      EXECUTE format('DELETE FROM %s', used);
    END IF;
    IF to_regclass(format('seed.%s', used)) IS NOT NULL THEN
      EXECUTE format('INSERT INTO %s OVERRIDING SYSTEM VALUE TABLE seed.%s', used, used);
    END IF;
  END LOOP;
  FOR moved IN
    SELECT format('%I.%I', schemaname, sequencename)::regclass AS name, now.start_value,
           seed.last_value
    FROM pg_sequences AS now LEFT JOIN seed.sequences AS seed USING (schemaname, sequencename)
    WHERE now.last_value IS DISTINCT FROM seed.last_value
  LOOP
    PERFORM setval(
      moved.name, coalesce(moved.last_value, moved.start_value), moved.last_value IS NOT NULL
    );
  END LOOP;
END $$;
"""


@dataclass(frozen=True)
class Addresses:
    """Where the tests' PostgreSQL and Valkey are."""

    database_url: str
    redis_url: str

    def flush(self) -> None:
        with redis.Redis.from_url(self.redis_url) as client:
            client.flushall()


@contextmanager
def services() -> Iterator[Addresses]:
    """Start throwaway services, or use those of the environment where both are named."""
    database_url, redis_url = os.environ.get("DATABASE_URL"), os.environ.get("REDIS_URL")
    if not (database_url and redis_url):
        with embedded.throwaway("test") as own:
            yield Addresses(own.database_url, own.redis_url)
    elif urlsplit(database_url).path.endswith("_test"):
        yield Addresses(database_url, redis_url)
    else:
        raise RuntimeError(
            "The tests empty every table and all of Redis. Unset DATABASE_URL and REDIS_URL, "
            "or name a database that ends in _test."
        )


class Clock:
    """The database's clock: the real one until it is set, then still until it is moved."""

    def __init__(self, control: asyncpg.Connection) -> None:
        self.control = control

    async def now(self) -> datetime:
        return await self.control.fetchval("SELECT leitai_clock()")

    async def set(self, moment: datetime) -> datetime:
        """Stop the clock at a moment, which must have a zone."""
        assert moment.tzinfo, "a moment without a zone is a different one on each machine"
        async with self.control.transaction():
            await self.control.execute("DELETE FROM test_clock")
            await self.control.execute("INSERT INTO test_clock VALUES ($1)", moment)
        return moment

    async def advance(self, **by: float) -> datetime:
        """Move the clock on, `advance(minutes=20)`; it stands still afterwards."""
        return await self.set(await self.now() + timedelta(**by))
