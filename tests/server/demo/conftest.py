"""The app as a demo, and who acts in it."""

from collections.abc import Callable, Iterator

import httpx
import httpx2
import pytest
from litestar.types import ASGIApp

from server import config
from server.app import create_app
from server.demo import history
from server.demo.phones import Phone
from tests.conftest import ORIGIN


@pytest.fixture
def demo_mode(reset: None, settings: config.Settings, built: ASGIApp) -> Iterator[None]:
    """This process in demo mode, for one test; the plain app was built before it."""
    config.use(config.DemoSettings(_env_file=None, **settings.model_dump()))
    yield
    config.use(settings)


@pytest.fixture(scope="session")
def built_demo(settings: config.Settings) -> ASGIApp:
    """The app with the routes that only a demo has."""
    config.use(config.DemoSettings(_env_file=None, **settings.model_dump()))
    app = create_app()
    config.use(settings)
    return app


@pytest.fixture
def built(request: pytest.FixtureRequest, built: ASGIApp, built_demo: ASGIApp) -> ASGIApp:
    """The app of the mode that the test is in."""
    return built_demo if "demo_mode" in request.fixturenames else built


@pytest.fixture
async def demo(demo_mode: None, app: ASGIApp) -> ASGIApp:
    """The app of a demo, with its company but without its story."""
    await history.found_company()
    return app


@pytest.fixture
async def visitor(demo: ASGIApp, client: httpx.AsyncClient) -> httpx.AsyncClient:
    """A visitor's browser without cookies yet."""
    return client


@pytest.fixture
def phone(demo: ASGIApp) -> Callable[[str], Phone]:
    """Give a colleague their phone."""
    transport = httpx2.ASGITransport(app=demo)
    return lambda person: Phone(ORIGIN, person, transport)
