"""What the environment (or `.env`) says: read once, checked whole, frozen.

Every setting is an environment variable with the field's name in capitals. A wrong value stops
the program with one sentence per fault that names the variable, never with a traceback.
"""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar, NoReturn
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

CHECKOUT = Path(__file__).resolve().parent.parent
"""The folder that holds `server/`: a git checkout, or site-packages when installed."""

VAR = CHECKOUT / "var"
"""Where the program may write when nothing else is said; git-ignored."""

EXAMPLES = {
    "DATABASE_URL": "postgresql://leitai:secret@127.0.0.1:5432/leitai",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
}


class Settings(BaseSettings):
    """One company's deployment."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, frozen=True, extra="ignore"
    )

    # Not a field: only the demo command may turn it on, no environment variable can.
    demo: ClassVar[bool] = False
    # Likewise: `leitai dev` and the demo show the style page.
    styleguide: ClassVar[bool] = False

    # Nor this: the tests have a push service of their own on this machine.
    push_to_loopback: ClassVar[bool] = False

    database_url: str | None = None
    """PostgreSQL, `postgresql://…`. Unset: demo, dev, bench and tests start their own."""

    redis_url: str | None = None
    """Redis or Valkey, `redis://…`, `rediss://…` or `unix://…`."""

    database_pool_max: int = Field(default=20, ge=2, le=500)
    """Connections one process may hold."""

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)

    leitai_origin: str | None = None
    """What people type to get here, `https://pk.example.com`: for links, QR codes and Origin
    checks. Unset: the Host header of each request is believed, which suits a demo only."""

    leitai_key_file: Path = VAR / "leitai.key"
    """The master key that phone numbers are encrypted under; made at first start, mode 0600."""

    leitai_anchor_file: Path = VAR / "leitai.anchors"
    """Where the seals of the audit trail are noted every hour: best on another machine's disk, so
    that whoever holds the database can't also take back what is written here."""

    company_timezone: str = "Asia/Shanghai"
    """IANA zone of days and months where no plan names another."""

    message_webhook_url: str | None = None
    """Receives one-time codes and invites as JSON. Unset: they are printed on the console."""

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, url: str | None) -> str | None:
        return _with_scheme(url, "postgresql", "postgres")

    @field_validator("redis_url")
    @classmethod
    def _is_redis(cls, url: str | None) -> str | None:
        return _with_scheme(url, "redis", "rediss", "unix")

    @field_validator("message_webhook_url")
    @classmethod
    def _is_webhook(cls, url: str | None) -> str | None:
        return _with_scheme(url, "https", "http")

    @field_validator("leitai_origin")
    @classmethod
    def _is_origin(cls, url: str | None) -> str | None:
        origin = _with_scheme(url and url.rstrip("/"), "https", "http")
        if origin is not None and urlsplit(origin).path:
            raise ValueError("an origin is a scheme, a host and maybe a port, without a path")
        return origin

    @field_validator("company_timezone")
    @classmethod
    def _is_zone(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError("not a zone of the IANA database, such as Asia/Shanghai")
        return name


class DemoSettings(Settings):
    """The demo company: everybody may step into any role, so never a real deployment."""

    demo: ClassVar[bool] = True
    styleguide: ClassVar[bool] = True


class DevSettings(Settings):
    """A developer's machine: `leitai dev`."""

    styleguide: ClassVar[bool] = True


# A list, so that `use` can put settings in without a global statement.
_current: list[Settings] = []


def settings() -> Settings:
    """Return the settings of this process, read at the first call."""
    if not _current:
        _current.append(_read())
    return _current[0]


def use(chosen: Settings) -> None:
    """Make `chosen` the settings of this process: for commands that start their own services."""
    _current[:] = [chosen]


def require_services() -> Settings:
    """Return the settings, or exit 2 and name what is unset.

    For `serve`, `work` and `migrate`: a lost variable must not open an empty ledger.
    """
    found = settings()
    unset = [name for name in EXAMPLES if getattr(found, name.lower()) is None]
    if unset:
        _stop(
            f"{name} is not set. Set it in the environment or in .env, "
            f"for example {name}={EXAMPLES[name]}"
            for name in unset
        )
    return found


def _read() -> Settings:
    try:
        return Settings()
    except ValidationError as faults:
        # The value is not repeated: a URL may hold a password.
        _stop(
            f"{str(fault['loc'][0]).upper()} is wrong: {fault['msg'].removeprefix('Value error, ')}"
            for fault in faults.errors(include_input=False)
        )


def _stop(sentences: Iterable[str]) -> NoReturn:
    sys.stderr.writelines(f"{sentence}\n" for sentence in sentences)
    sys.exit(2)


def _with_scheme(url: str | None, *schemes: str) -> str | None:
    if url is not None and urlsplit(url).scheme not in schemes:
        raise ValueError(f"must begin with {' or '.join(f'{s}://' for s in schemes)}")
    return url
