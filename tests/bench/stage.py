"""What a measurement on a phone stands on: the app on a port, an empty company, a browser."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from litestar import Litestar
from playwright.async_api import Browser, async_playwright

from server import config
from server.app import create_app
from server.kit import embedded
from server.kit.migrate import migrate
from server.plans import queries as plans
from tests.bench.services import Measured
from tests.support import services as support
from tests.support.live import chromium_options, serving
from tests.support.services import Clock


@dataclass(frozen=True)
class Stage:
    """A browser, and an app whose company can be emptied."""

    browser: Browser
    _app: Litestar
    _control: asyncpg.Connection
    _services: support.Addresses

    @asynccontextmanager
    async def emptied(self) -> AsyncIterator[tuple[str, Clock]]:
        """The app with nobody in it; gives its origin and the clock."""
        await self._control.execute("SELECT reset_all()")
        self._services.flush()
        plans.forget()
        async with serving(self._app) as site:
            yield site, Clock(self._control)


def on_stage(name: str, measure: Callable[[Stage], Awaitable[Measured]]) -> Measured:
    """Measure on a stage, which is gone afterwards."""
    with embedded.throwaway(f"bench-{name}") as services:
        config.use(
            config.Settings(
                _env_file=None,
                database_url=services.database_url,
                redis_url=services.redis_url,
                leitai_origin=None,
                leitai_key_file=Path(tempfile.mkdtemp()) / "leitai.key",
                message_webhook_url=None,
            )
        )
        addresses = support.Addresses(services.database_url, services.redis_url)
        return asyncio.run(_measured(addresses, measure))


async def _measured(
    services: support.Addresses, measure: Callable[[Stage], Awaitable[Measured]]
) -> Measured:
    await migrate(services.database_url)
    control = await asyncpg.connect(services.database_url)
    await control.execute(support.TEST_SQL)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**chromium_options())
        found = await measure(Stage(browser, create_app(), control, services))
        await browser.close()
    await control.close()
    return found
