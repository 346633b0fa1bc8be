"""PostgreSQL 18 and Valkey 9 from wheels, for demo, dev, bench and tests; never for `serve`.

Several processes share one named set: who comes first starts it, who leaves last stops it, and
what a killed process left running is adopted, or cleared away, by the next.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

import psutil

from server.kit.embedded_home import EmbeddedError, Home, home, make_root, programs, root
from server.kit.embedded_servers import Postgres, Valkey
from server.kit.signals import undisturbed

__all__ = ["EmbeddedError", "Services", "discard", "services", "sweep", "throwaway"]


@dataclass(frozen=True)
class Services:
    """A running set: its addresses, and the servers themselves for those who kill them."""

    postgres: Postgres
    valkey: Valkey

    @property
    def database_url(self) -> str:
        return self.postgres.url

    @property
    def redis_url(self) -> str:
        return self.valkey.url

    def start(self) -> None:
        self.valkey.start()
        self.postgres.start()

    def stop(self) -> None:
        self.valkey.stop()
        self.postgres.stop()

    def discard(self) -> None:
        """End both at once and remove all they have kept."""
        for server in (self.valkey, self.postgres):
            server.kill()
            shutil.rmtree(server.folder, ignore_errors=True)


@contextmanager
def services(name: str, *, durable: bool = True, reset: bool = False) -> Iterator[Services]:
    """Have the services called `name` for as long as the block runs; their data stays.

    `durable=False` trades safety for speed (tests), `reset=True` begins with empty ones. Raises
    EmbeddedError, one sentence, when they cannot be had or `reset` would pull them from under
    somebody.
    """
    make_root()
    place = home(name)
    place.make()
    chosen = _in(place, durable=durable)
    with place.users.open("ab") as users:
        try:
            with _alone(place):
                if reset:
                    _empty(chosen, users)
                fcntl.flock(users, fcntl.LOCK_SH)
                chosen.start()
            yield chosen
        finally:
            with undisturbed(), _alone(place):
                if _nobody_else(users):
                    chosen.stop()


@contextmanager
def throwaway(name: str, *, durable: bool = False) -> Iterator[Services]:
    """Have new services for the block, gone without a trace afterwards; `name` says what for.

    What killed processes left under the same name is cleared away first.
    """
    sweep(name)
    mine = f"{name}-{os.getpid()}"
    try:
        with services(mine, durable=durable) as chosen:
            yield chosen
    finally:
        discard(mine)


def sweep(name: str) -> None:
    """Discard every `throwaway(name)` whose process was killed before it could."""
    for left in root().glob(f"{name}-*"):
        maker = left.name.removeprefix(f"{name}-")
        if maker.isdecimal() and not psutil.pid_exists(int(maker)):
            discard(left.name)


def discard(name: str) -> None:
    """End the services called `name`, whoever uses them, and remove all they have kept."""
    place = home(name)
    with undisturbed():
        _in(place).discard()
        shutil.rmtree(place.sockets, ignore_errors=True)
        shutil.rmtree(place.folder, ignore_errors=True)


def _empty(chosen: Services, users: IO[bytes]) -> None:
    if not _nobody_else(users):
        raise EmbeddedError("Another process uses this database. Stop it first, then reset.")
    chosen.discard()


def _in(place: Home, *, durable: bool = True) -> Services:
    found = programs()
    return Services(Postgres(place, found, durable=durable), Valkey(place, found))


@contextmanager
def _alone(place: Home) -> Iterator[None]:
    """Keep other processes from starting or stopping this set meanwhile."""
    with place.lock.open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _nobody_else(users: IO[bytes]) -> bool:
    """Say whether no other process holds its share of the users file."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
