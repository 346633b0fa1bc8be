"""`leitai doctor`: what is wrong with this installation, and how to mend it."""

import stat
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import msgspec
import redis.asyncio as redis

from game.errors import RuleViolation
from server import config
from server.kit import db
from server.kit.assets import BUILD
from server.piccolo_app import APP_CONFIG
from server.push import keys

VERSION_MIN = 15
MIGRATIONS = {path.stem for path in Path(APP_CONFIG.migrations_folder_path).glob("m*.py")}


class Finding(msgspec.Struct, frozen=True):
    """One thing looked at: how to mend it, or None when it is well."""

    what: str
    mend: str | None = None


async def examine() -> int:
    """Print each finding; 0 when all is well, 2 otherwise."""
    ill = 0
    async for finding in _findings():
        ill += finding.mend is not None
        print(f"{'ok   ' if finding.mend is None else 'WRONG'}  {finding.what}")  # noqa: T201
        if finding.mend is not None:
            print(f"       → {finding.mend}")  # noqa: T201
    return 2 if ill else 0


async def _findings() -> AsyncIterator[Finding]:
    chosen = config.require_services()
    async for finding in _of_database(chosen.database_url or ""):
        yield finding
    yield await _of_redis(chosen.redis_url or "")
    yield _of_key(chosen.leitai_key_file)
    yield Finding(
        "LEITAI_ORIGIN names the address people type",
        None if chosen.leitai_origin else "set LEITAI_ORIGIN=https://… in the environment or .env",
    )
    built = (BUILD / ".vite" / "manifest.json").exists()
    yield Finding("the front end is built", None if built else "run: make setup")


async def _of_database(url: str) -> AsyncIterator[Finding]:
    db.configure(url)
    try:
        await db.open_pool()
    except (OSError, asyncpg.PostgresError) as error:
        yield Finding(f"PostgreSQL answers ({error})", "check DATABASE_URL and that it runs")
        return
    try:
        version = int(await db.value("SHOW server_version_num")) // 10_000
        yield Finding(
            f"PostgreSQL {version}",
            None if version >= VERSION_MIN else f"PostgreSQL {VERSION_MIN} or newer is needed",
        )
        lossy = await db.undurable()
        yield Finding(
            "what is acknowledged survives a crash",
            f"set {' and '.join(f'{name}=on' for name in lossy)} in postgresql.conf"
            if lossy
            else None,
        )
        migrations = await _of_migrations()
        yield migrations
        if migrations.mend is None:
            yield await _of_pushes()
    finally:
        await db.close_pool()


async def _of_migrations() -> Finding:
    known = await db.value("SELECT to_regclass('migration') IS NOT NULL")
    done = set(await db.column("SELECT name FROM migration")) if known else set()
    return Finding(
        "the database is up to date", "run: leitai migrate" if MIGRATIONS - done else None
    )


async def _of_pushes() -> Finding:
    try:
        await keys.ours()
    except RuleViolation:
        return Finding(
            "phones can be woken", "put back the key file that the database was made with"
        )
    return Finding("phones can be woken")


async def _of_redis(url: str) -> Finding:
    client = redis.Redis.from_url(url, socket_timeout=2)
    try:
        await client.execute_command("PING")  # type: ignore[no-untyped-call]
    except redis.RedisError as error:
        return Finding(
            f"Redis answers ({error})", "check REDIS_URL; until then boards are shown delayed"
        )
    finally:
        await client.aclose()
    return Finding("Redis answers")


def _of_key(path: Path) -> Finding:
    if not path.exists():
        return Finding(f"the key file {path}", "it is made at the first start; then back it up")
    if stat.S_IMODE(path.stat().st_mode) != 0o600:
        return Finding(f"the key file {path} is private", f"run: chmod 600 {path}")
    return Finding(f"the key file {path}: keep a copy apart from the database's backup")
