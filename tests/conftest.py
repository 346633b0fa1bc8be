"""Fixtures. Nothing starts unless a test asks for it: the rules in tests/game need no services."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import datetime
from typing import Any

import asyncpg
import httpx
import pytest
from asgi_lifespan import LifespanManager
from hypothesis import HealthCheck
from hypothesis import settings as examples
from litestar.types import ASGIApp
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from server import config
from tests.support import services as support
from tests.support.live import PHONE, chromium_options, each_with_its_own_state, serving

# No test judges by the clock: a busy machine, or the first start in a clean clone, is slow.
examples.register_profile("leitai", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("leitai")

ORIGIN = "http://leitai.test"
START_SECONDS = 30


@pytest.fixture(scope="session")
def services() -> Iterator[support.Addresses]:
    """PostgreSQL and Valkey of this pytest process."""
    with support.services() as found:
        yield found


@pytest.fixture(scope="session")
def settings(
    services: support.Addresses, tmp_path_factory: pytest.TempPathFactory
) -> config.Settings:
    """The settings of this process, whatever the environment and `.env` say."""
    chosen = config.Settings(
        _env_file=None,
        database_url=services.database_url,
        redis_url=services.redis_url,
        leitai_origin=None,
        leitai_key_file=tmp_path_factory.mktemp("keys") / "leitai.key",
        leitai_anchor_file=tmp_path_factory.mktemp("anchors") / "leitai.anchors",
        message_webhook_url=None,
    )
    config.use(chosen)
    return chosen


@pytest.fixture(scope="session")
async def control(settings: config.Settings) -> AsyncIterator[asyncpg.Connection]:
    """A connection beside the app's pool, to a migrated database."""
    from server.kit.migrate import migrate  # noqa: PLC0415

    connection = await asyncpg.connect(settings.database_url)
    await connection.execute("DROP SCHEMA IF EXISTS seed CASCADE")
    await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    await migrate(settings.database_url)
    await connection.execute(support.TEST_SQL)
    yield connection
    await connection.close()


@pytest.fixture
async def reset(control: asyncpg.Connection, services: support.Addresses) -> None:
    """Everything as the migrations left it. Runs by itself for server and journey tests."""
    from server.plans import queries as plans  # noqa: PLC0415

    await control.execute("SELECT reset_all()")
    services.flush()
    # A stored version never changes, but another test may store another one at the same moment.
    plans.forget()


@pytest.fixture
async def clock(reset: None, control: asyncpg.Connection) -> support.Clock:
    """The database's clock, to be set by the test."""
    return support.Clock(control)


@pytest.fixture
def pages_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Let pages say 今天 of another day than the machine's, from now on."""
    from server.kit import formats  # noqa: PLC0415

    return lambda moment: monkeypatch.setattr(formats, "utc_now", lambda: moment)


@pytest.fixture
async def pool(reset: None, settings: config.Settings) -> AsyncIterator[None]:
    """This process's connections, for tests that call commands without the app around them."""
    from server.kit import db  # noqa: PLC0415

    db.configure(settings.database_url)
    await db.open_pool()
    yield
    await db.close_pool()


@pytest.fixture(scope="session")
def built(settings: config.Settings) -> ASGIApp:
    """The whole app, not started: reading the routes takes longer than most tests."""
    from server.app import create_app  # noqa: PLC0415

    return create_app()


@pytest.fixture
async def app(built: ASGIApp, reset: None) -> AsyncIterator[ASGIApp]:
    """The whole app, started; its pool is open, so `pool` is not needed beside it."""
    async with LifespanManager(
        each_with_its_own_state(built),
        startup_timeout=START_SECONDS,
        shutdown_timeout=START_SECONDS,
    ) as manager:
        yield manager.app


@pytest.fixture
async def client(app: ASGIApp) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody's browser without cookies yet; for a second person see `new_client`."""
    async with _browser(app) as one:
        yield one


@pytest.fixture
async def new_client(app: ASGIApp) -> AsyncIterator[Callable[[], httpx.AsyncClient]]:
    """Make as many browsers as the test has people."""
    made = []

    def make() -> httpx.AsyncClient:
        made.append(_browser(app))
        return made[-1]

    yield make
    for each in made:
        await each.aclose()


def _browser(app: ASGIApp) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url=ORIGIN, headers={"Origin": ORIGIN}
    )


@pytest.fixture
async def service(settings: config.Settings) -> AsyncIterator[Any]:
    """A push service on this machine, which keeps all it was handed; the app may push to it."""
    from tests.support.pushing import push_service, to_loopback  # noqa: PLC0415

    with to_loopback(settings):
        async with push_service() as found:
            yield found


@pytest.fixture
async def live_server(built: ASGIApp, reset: None) -> AsyncIterator[str]:
    """The app on a real loopback port; the fixture is its origin."""
    async with serving(built) as origin:
        yield origin


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium."""
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(**chromium_options())
        yield started
        await started.close()


@pytest.fixture
async def new_phone(
    browser: Browser, live_server: str
) -> AsyncIterator[Callable[..., Awaitable[Page]]]:
    """Make a page on a phone of its own, with its own cookies: `await new_phone()`."""
    contexts: list[BrowserContext] = []

    async def make(**options: Any) -> Page:
        contexts.append(await browser.new_context(**({"base_url": live_server} | PHONE | options)))
        return await contexts[-1].new_page()

    yield make
    for each in contexts:
        await each.close()


@pytest.fixture
async def phone(new_phone: Callable[..., Awaitable[Page]]) -> Page:
    """One phone, 390 × 844, in Chinese."""
    return await new_phone()
