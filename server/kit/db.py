"""PostgreSQL: one pool a process, one transaction a command.

Reads are SQL into frozen structs (`rows`, `row`, `value`); a write is a function under
`@command`. Inside a transaction every call goes over the transaction's own connection, which
is a context variable: never `gather()` or `create_task()` there.
"""

import asyncio
import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar, cast

import asyncpg
import msgspec
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction

P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S")

POOL_MIN = 2
POOL_MAX = 20
ATTEMPTS_MAX = 5
# Asked for at every connection: a statement that hangs must not hold the others up, and a
# transaction left open would stop the projector's fence.
SERVER_SETTINGS = {
    "timezone": "UTC",
    "statement_timeout": "15s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "15s",
    "application_name": "leitai",
}
DURABLE = ("fsync", "full_page_writes", "synchronous_commit")


class Transaction(PostgresTransaction):
    """Piccolo's transaction, whose end always gives the connection back.

    Piccolo 1.38 leaks the connection when BEGIN or COMMIT fails or is cancelled, or the server
    goes away inside, and then keeps the context variable too.
    """

    async def __aenter__(self) -> PostgresTransaction:
        if self._parent is not None:
            return self._parent
        self.connection = await self.get_connection()  # type: ignore[no-untyped-call]
        try:
            self.transaction = self.connection.transaction()
            await self.begin()  # type: ignore[no-untyped-call]
        except BaseException:
            await self._give_back()
            raise
        self.context = self.engine.current_transaction.set(self)
        return self

    async def __aexit__(self, kind: object, error: object, trace: object) -> bool:
        if self._parent:
            return False
        try:
            if error is None:
                await self.commit()  # type: ignore[no-untyped-call]
            elif not self.connection.is_closed():
                await self.rollback()  # type: ignore[no-untyped-call]
        finally:
            self.engine.current_transaction.reset(self.context)
            await self._give_back()
        return False

    async def _give_back(self) -> None:
        if self.engine.pool:
            await self.engine.pool.release(self.connection)
        else:
            await self.connection.close()


class Engine(PostgresEngine):
    """Piccolo's engine that doesn't connect when it is imported."""

    async def check_version(self) -> None:
        """The version is checked by `leitai doctor`."""

    async def prep_database(self) -> None:
        """Extensions are made by migrations."""

    def transaction(self, allow_nested: bool = True) -> Transaction:
        return Transaction(engine=self, allow_nested=allow_nested)


DB = Engine(config={})
_after_commit: ContextVar[list[Callable[[], Awaitable[None]]] | None] = ContextVar(
    "after_commit", default=None
)


def configure(database_url: str) -> None:
    """Say which database this process works on; before the first query."""
    DB.config = {"dsn": database_url, "server_settings": SERVER_SETTINGS}


async def prepare(connection: "asyncpg.Connection[Any]") -> None:
    """Teach a new connection that jsonb is Python data."""
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=_to_json, decoder=msgspec.json.decode
    )


async def leave_clean(connection: "asyncpg.Connection[Any]") -> None:
    """Clean a connection that goes back to the pool, only where something was left open.

    We hold no session state (locks and settings end with their transaction), so asyncpg's own
    round trip at every release would buy nothing.
    """
    if connection.is_in_transaction():
        await connection.reset()


def _to_json(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


async def open_pool(pool_max: int = POOL_MAX) -> None:
    """Open this process's pool."""
    await DB.start_connection_pool(
        min_size=POOL_MIN, max_size=pool_max, init=prepare, reset=leave_clean
    )


async def close_pool() -> None:
    """Close the pool; a connection that hangs is cut after five seconds."""
    if DB.pool:
        try:
            await asyncio.wait_for(DB.close_connection_pool(), timeout=5)
        except TimeoutError:
            DB.pool.terminate()
            DB.pool = None


async def undurable() -> list[str]:
    """The server settings that would let an acknowledged command be lost."""
    return [name for name in DURABLE if await value(f"SHOW {name}") == "off"]


def own_connection() -> "asyncpg.Connection[Any]":
    """Return the connection of the current transaction; there must be one."""
    current = DB.current_transaction.get()
    if current is None:
        raise RuntimeError("this belongs inside a transaction")
    return current.connection


@asynccontextmanager
async def connection() -> AsyncIterator["asyncpg.Connection[Any]"]:
    """The transaction's connection, or one of the pool's."""
    current = DB.current_transaction.get()
    if current is not None:
        yield current.connection
    elif DB.pool is not None:
        async with DB.pool.acquire() as one:
            yield one
    else:
        raise RuntimeError("open_pool() has not run in this process")


async def rows(struct: type[S], sql: str, *arguments: object) -> list[S]:
    """Every row of a query as a `struct`."""
    async with connection() as one:
        found = await one.fetch(sql, *arguments)
    return [convert(dict(each), struct) for each in found]


async def row(struct: type[S], sql: str, *arguments: object) -> S | None:
    """The one row of a query, or None."""
    async with connection() as one:
        found = await one.fetchrow(sql, *arguments)
    return None if found is None else convert(dict(found), struct)


async def value(sql: str, *arguments: object) -> Any:
    """The first column of the first row."""
    async with connection() as one:
        return await one.fetchval(sql, *arguments)


async def column(sql: str, *arguments: object) -> list[Any]:
    """The first column of every row."""
    async with connection() as one:
        return [each[0] for each in await one.fetch(sql, *arguments)]


async def execute(sql: str, *arguments: object) -> str:
    """Run a statement; returns PostgreSQL's tag, such as `UPDATE 1`."""
    async with connection() as one:
        return cast("str", await one.execute(sql, *arguments))


async def execute_many(sql: str, arguments: Sequence[Sequence[object]]) -> None:
    """Run a statement once for each set of arguments."""
    async with connection() as one:
        await one.executemany(sql, arguments)


def convert(data: dict[str, Any], struct: type[S]) -> S:
    """A database row as a `struct` of values already typed by the driver."""
    return msgspec.convert(data, struct, strict=False)


def after_commit(effect: Callable[[], Awaitable[None]]) -> None:
    """Run `effect` once the current transaction has committed; at once when there is none."""
    effects = _after_commit.get()
    if effects is None:
        raise RuntimeError("after_commit() belongs inside a command")
    effects.append(effect)


async def in_transaction(work: Callable[[], Awaitable[R]]) -> R:
    """Run `work` in one transaction (or the one around it), then what it left for after commit.

    A serialisation failure or a deadlock is tried again, at the outermost layer only. Losing
    the server during COMMIT is ambiguous: the caller sees the error and sends the same id again.
    """
    if DB.current_transaction.get() is not None:
        return await work()
    for attempt in range(1, ATTEMPTS_MAX + 1):
        effects: list[Callable[[], Awaitable[None]]] = []
        token = _after_commit.set(effects)
        try:
            async with DB.transaction(allow_nested=False):
                result = await work()
        except (asyncpg.SerializationError, asyncpg.DeadlockDetectedError):
            if attempt == ATTEMPTS_MAX:
                raise
            continue
        finally:
            _after_commit.reset(token)
        for effect in effects:
            await effect()
        return result
    raise AssertionError("unreachable")


def command(verb: Callable[P, Awaitable[R]]) -> Callable[P, Coroutine[Any, Any, R]]:
    """Make a function one command: one transaction, joined by the commands it calls."""

    @functools.wraps(verb)
    async def run(*args: P.args, **kwargs: P.kwargs) -> R:
        return await in_transaction(lambda: verb(*args, **kwargs))

    return run
