"""Bring a database to this version: our migrations, then the job queue's own schema."""

import contextlib
import io
import os

import asyncpg
from piccolo.apps.migrations.commands.forwards import ForwardsMigrationManager

from server.kit import db

# Any fixed number: two processes that migrate at once take turns.
MIGRATION_LOCK = 781_604


async def migrate(database_url: str) -> None:
    """Run what has not run yet, in one transaction: a half-failed migration leaves nothing."""
    os.environ.setdefault("PICCOLO_CONF", "server.piccolo_conf")
    db.configure(database_url)
    async with db.DB.transaction():
        one = db.own_connection()
        await one.execute("SET LOCAL statement_timeout = 0")
        await one.execute("SELECT pg_advisory_xact_lock($1)", MIGRATION_LOCK)
        with contextlib.redirect_stdout(io.StringIO()):
            await ForwardsMigrationManager(app_name="leitai").run()
        await _migrate_jobs(one)


async def _migrate_jobs(one: "asyncpg.Connection[asyncpg.Record]") -> None:
    from pgqueuer.db import AsyncpgDriver  # noqa: PLC0415
    from pgqueuer.queries import Queries  # noqa: PLC0415

    queries = Queries(AsyncpgDriver(one))
    if await queries.schema_is_installed():
        await queries.upgrade()
    else:
        await queries.install()
