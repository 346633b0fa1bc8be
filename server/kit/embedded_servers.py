"""The two servers themselves: start, adopt, stop, kill. Blocking calls; threads for async code.

Both servers detach themselves from us (`pg_ctl`, `--daemonize`), so that it makes no difference
who started them: they are known by the folder they work in, never by a remembered pid.
"""

import contextlib
import io
import os
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import psutil
import redis

from server.kit.embedded_home import EmbeddedError, Home, Programs

READY_SECONDS = 30
GONE_SECONDS = 20
POLL_SECONDS = 0.05
LOG_LINES_SHOWN = 8
INITDB = (
    *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--encoding=UTF8"),
    *("--data-checksums", "--auth=trust", "--username=postgres"),
)
UNDURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Server:
    """What both servers have: a folder they work in, by which their processes are found."""

    program: str

    def __init__(self, home: Home, programs: Programs) -> None:
        self.home = home
        self.programs = programs
        self.folder = home.folder / self.program
        self.log = home.folder / f"{self.program}.log"

    def start(self) -> None:
        """Start it, or adopt the one that is there and answers; returns when it answers."""
        raise NotImplementedError

    def stop(self) -> None:
        """Stop it in good order; does nothing when it isn't there."""
        raise NotImplementedError

    def answers(self) -> bool:
        """Say whether it accepts connections now."""
        raise NotImplementedError

    def restart(self) -> None:
        self.stop()
        self.start()

    def kill(self) -> None:
        """End every process of this server at once, as a power cut would."""
        for process in self.living():
            with contextlib.suppress(psutil.Error):
                process.send_signal(signal.SIGKILL)
        self._wait_until_gone()

    def living(self) -> list[psutil.Process]:
        """Return this server's processes; one that only waits to be reaped is not living."""
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if (
                    process.name().startswith(self.program)
                    and process.cwd() == os.path.realpath(self.folder)
                    and process.status() != psutil.STATUS_ZOMBIE
                ):
                    found.append(process)
        return found

    def _wait_until_gone(self) -> None:
        # A start before the last child has ended is refused, or finds its stale socket.
        if not _within(GONE_SECONDS, lambda: not self.living()):
            raise EmbeddedError(f"{self.program} in {self.folder} does not end: see {self.log}")

    def _run(self, *command: str | Path) -> bool:
        """Run a program as the services' user; True when it went well. Its words go to the log."""
        owner = self.home.owner
        with self._open_log() as log:
            done = subprocess.run(  # noqa: S603
                [str(part) for part in command],
                cwd=self.home.sockets,
                user=owner.uid if owner else None,
                group=owner.gid if owner else None,
                extra_groups=[] if owner else None,
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # A Ctrl-C in the terminal is for us, not for the servers.
                start_new_session=True,
                check=False,
            )
        return done.returncode == 0

    def _open_log(self) -> io.FileIO:
        log = self.log.open("ab", buffering=0)
        self.log.chmod(0o600)
        if self.home.owner:
            os.chown(self.log, self.home.owner.uid, self.home.owner.gid)
        return log

    def _failed(self) -> EmbeddedError:
        last = self.log.read_text(errors="replace").splitlines()[-LOG_LINES_SHOWN:]
        return EmbeddedError(
            f"{self.program} did not start. The end of {self.log}:\n  " + "\n  ".join(last)
        )


class Postgres(Server):
    """PostgreSQL on a unix socket; whoever may enter the socket's folder is `postgres`."""

    program = "postgres"

    def __init__(self, home: Home, programs: Programs, *, durable: bool) -> None:
        super().__init__(home, programs)
        self.durable = durable

    @property
    def url(self) -> str:
        """The address, as libpq, asyncpg and pgbench read it."""
        return f"postgresql://postgres@/postgres?host={quote(str(self.home.sockets), safe='')}"

    def start(self) -> None:
        if self.living():
            # It may still be repairing itself after a crash, or be on its way down.
            _within(READY_SECONDS, lambda: self.answers() or not self.living())
        if self.answers():
            return
        self.kill()
        self._clear_stale()
        self.log.unlink(missing_ok=True)
        if not self.folder.exists():
            self._init()
        if not self._pg_ctl("start", "-t", str(READY_SECONDS), "-o", shlex.join(self._options())):
            raise self._failed()

    def stop(self) -> None:
        if self.living() and not self._pg_ctl("stop", "-m", "fast", "-t", str(GONE_SECONDS)):
            self.kill()

    def answers(self) -> bool:
        return self._run(self.programs.postgres / "pg_isready", "-q", "-h", self.home.sockets)

    def _pg_ctl(self, verb: str, *options: str) -> bool:
        return self._run(
            self.programs.postgres / "pg_ctl", verb, "-w", "-s", "-D", self.folder, *options
        )

    def _options(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": f'"{self.home.sockets}"',
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        if not self.durable:
            settings |= UNDURABLE
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def _init(self) -> None:
        # Renamed when whole: half a cluster would be taken for one at the next start.
        draft = self.folder.with_name("postgres.draft")
        shutil.rmtree(draft, ignore_errors=True)
        self.home.make_private(draft)
        speed = [] if self.durable else ["--no-sync"]
        if not self._run(self.programs.postgres / "initdb", *INITDB, *speed, "-D", draft):
            raise self._failed()
        draft.rename(self.folder)

    def _clear_stale(self) -> None:
        # After kill -9 these name a pid that may by now be anybody's; nothing here is living.
        (self.folder / "postmaster.pid").unlink(missing_ok=True)
        for socket in self.home.sockets.glob(".s.PGSQL.*"):
            socket.unlink()


class Valkey(Server):
    """Valkey on a unix socket, in memory only: what it holds can be rebuilt."""

    program = "valkey"

    @property
    def socket(self) -> Path:
        return self.home.sockets / "valkey.sock"

    @property
    def url(self) -> str:
        """The address, as redis-py and channels-redis read it."""
        return f"unix://{quote(str(self.socket))}"

    def start(self) -> None:
        if self.answers():
            return
        self.kill()
        self.socket.unlink(missing_ok=True)
        self.log.unlink(missing_ok=True)
        self.home.make_private(self.folder)
        if not (
            self._run(
                self.programs.valkey,
                *("--port", "0", "--unixsocket", self.socket, "--unixsocketperm", "700"),
                *("--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction"),
                *("--dir", self.folder, "--pidfile", self.folder / "pid", "--logfile", self.log),
                *("--daemonize", "yes"),
            )
            and _within(READY_SECONDS, self.answers)
        ):
            raise self._failed()

    def stop(self) -> None:
        for process in self.living():
            with contextlib.suppress(psutil.Error):
                process.terminate()
        self._wait_until_gone()

    def answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_timeout=1) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def wipe(self) -> None:
        """Forget everything, as a lost disk would."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()


def _within(seconds: float, happened: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True
