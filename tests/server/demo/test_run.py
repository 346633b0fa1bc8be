"""The command: what it refuses, and that it leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import httpx
import psutil
import pytest

from server import config
from server.demo import network, run, terminal
from server.kit import db
from tests.support import services as support

LOOPBACK = "127.0.0.1"


@pytest.fixture
def port() -> Iterator[int]:
    """A port that was free a moment ago."""
    with socket.create_server((LOOPBACK, 0)) as taken:
        free: int = taken.getsockname()[1]
    return free


def test_a_taken_port_is_named_with_what_to_type(
    settings: config.Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        assert run.run(lan=False, reset=False, port=port) == run.REFUSED
    said = capsys.readouterr().err
    assert f"Port {port} is taken" in said
    assert "Type: PORT=" in said


def test_a_named_database_is_never_emptied(
    settings: config.Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert run.run(lan=False, reset=True, port=1) == run.REFUSED
    assert "DATABASE_URL is set" in capsys.readouterr().err


def test_a_database_that_cannot_be_used_is_named(
    settings: config.Settings,
    port: int,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    lost = settings.model_copy(update={"database_url": f"postgresql://{LOOPBACK}:1/lost"})
    config.use(lost)
    try:
        assert run.run(lan=False, reset=False, port=port) == run.REFUSED
    finally:
        config.use(settings)
    assert "Check DATABASE_URL" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("spoken", "locales"),
    [
        ({"LANG": "zh_TW.UTF-8"}, ("zh_Hant",)),
        ({"LANG": "zh_CN.UTF-8"}, ("zh_Hans",)),
        ({"LANG": "de_DE.UTF-8"}, ("en",)),
        ({"LC_ALL": "en_GB", "LANG": "zh_CN"}, ("en",)),
        ({"LANG": "C.UTF-8"}, ("zh_Hans", "en")),
        ({}, ("zh_Hans", "en")),
    ],
)
def test_it_speaks_the_language_of_the_terminal(
    monkeypatch: pytest.MonkeyPatch, spoken: dict[str, str], locales: tuple[str, ...]
) -> None:
    for name in terminal.VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in spoken.items():
        monkeypatch.setenv(name, value)
    assert terminal.locales() == locales


def test_the_origin_is_the_lan_address_only_where_the_network_is_let_in() -> None:
    assert network.origin(LOOPBACK, 8000) == "http://127.0.0.1:8000"
    assert network.EVERYWHERE not in network.origin(network.EVERYWHERE, 8000)


async def test_it_begins_serves_and_ends_without_a_trace(
    pool: None, services: support.Addresses, port: int, settings: config.Settings
) -> None:
    environment = os.environ | {
        "DATABASE_URL": services.database_url,
        "REDIS_URL": services.redis_url,
        "LEITAI_KEY_FILE": str(settings.leitai_key_file),
        "PORT": str(port),
        "LC_ALL": "en_US.UTF-8",
    }
    demo = subprocess.Popen(
        [sys.executable, "-c", "from server.cli import main; main(['demo'])"],
        env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8",
    )  # fmt: skip
    assert demo.stdout is not None
    with demo, demo.stdout:
        said = next(line for line in demo.stdout if "http" in line)
        assert said == f"The battle is on: http://127.0.0.1:{port}\n"
        assert httpx.get(f"http://127.0.0.1:{port}/cast").status_code == 200
        colleagues = psutil.Process(demo.pid).children()
        demo.send_signal(signal.SIGTERM)
        demo.stdout.read()
        assert demo.wait() == 0
    assert not any(each.is_running() for each in colleagues)
    assert await db.value("SELECT max(version) FROM plan WHERE launched_at IS NOT NULL") >= 3
