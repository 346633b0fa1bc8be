"""What benches against pgbench share: recorded statements, app processes, a run of pgbench."""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from asgi_lifespan import LifespanManager

from server.app import create_app
from server.kit import db, embedded
from tests.bench.frames import free_port
from tests.support.eventually import eventually
from tests.support.live import each_with_its_own_state

Record = list[tuple[str, tuple[Any, ...]]]
ORIGIN = "http://bench"
APPS = 2


async def recorded(send: Callable[[httpx.AsyncClient, int], Awaitable[httpx.Response]]) -> Record:
    """Send something twice; returns the statements of the second time, up to its COMMIT.

    The second finds every statement and type known.
    """
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
            for n in (0, 1):
                record.clear()
                (await send(client, n)).raise_for_status()
    last = next(at for at, (query, _) in enumerate(record) if query == "COMMIT;")
    return record[: last + 1]


def literal(value: Any) -> str:
    """Write a value as SQL."""
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
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case list():
            return f"ARRAY[{', '.join(literal(each) for each in value)}]"
        case dict():
            return "'" + json.dumps(value, ensure_ascii=False).replace("'", "''") + "'::jsonb"
        case _:
            return "'" + str(value).replace("'", "''") + "'"


@asynccontextmanager
async def apps(services: embedded.Services) -> AsyncIterator[list[int]]:
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
            await eventually(lambda port=port: answers(port), within=60)
        yield ports
    finally:
        for process in started:
            process.terminate()
        for process in started:
            await asyncio.to_thread(process.wait, 20)


async def answers(port: int) -> bool:
    """Whether an app is up."""
    async with httpx.AsyncClient() as client:
        try:
            return (await client.get(f"http://127.0.0.1:{port}/healthz")).status_code == 200
        except httpx.TransportError:
            return False


async def output(*command: str) -> str:
    """Run a program; returns what it prints."""
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await process.communicate()
    if process.returncode:
        raise RuntimeError(err.decode())
    return out.decode()


async def pgbench(
    services: embedded.Services, script: Path, first: int, clients: int, seconds: int
) -> float:
    """Run a script with pgbench; returns transactions a second, none of which failed."""
    out = await output(
        str(services.postgres.programs.postgres / "pgbench"), "-n", "-M", "prepared", "-c", str(clients),
        "-j", "2", "-T", str(seconds), "-D", "i=-1", "-D", f"first={first}", "-f", str(script),
        services.database_url,
    )  # fmt: skip
    found = re.search(r"tps = ([\d.]+)", out)
    if found is None or "number of failed transactions: 0 " not in out:
        raise RuntimeError(out)
    return float(found[1])
