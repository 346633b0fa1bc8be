"""Phones that must be nowhere in clear, and every way in which they might be (promises.md P17)."""

import base64
import hashlib
import os
import subprocess
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory
from typing import Final, Self

import redis

SHORTEST: Final = 8


def phones(count: int) -> list[str]:
    """Numbers that nobody has."""
    return [f"1990000{7000 + 37 * number:04d}" for number in range(count)]


def all_traces(numbers: Iterable[str]) -> set[bytes]:
    """All that would give any of these phones away."""
    return set().union(*(traces(each) for each in numbers))


def forms(phone: str) -> set[bytes]:
    """A phone as people and programs write it."""
    return {text.encode() for text in (phone, f"+86{phone}", f"86{phone}", f"0086{phone}")}


def traces(phone: str) -> set[bytes]:
    """All that would give a phone away: as text, encoded, or hashed without a key."""
    found: set[bytes] = set()
    for form in forms(phone):
        text = form.decode()
        found |= {form, text.encode("utf-16-le"), text.encode("utf-16-be")}
        found |= {form.hex().encode(), form.hex().upper().encode(), *_base64(form)}
        for kind in (hashlib.md5, hashlib.sha1, hashlib.sha256):
            digest = kind(form).digest()
            found |= {digest, digest.hex().encode(), digest.hex().upper().encode()}
            found |= {base64.b64encode(digest).rstrip(b"="), base64.urlsafe_b64encode(digest)}
    return found


def _base64(form: bytes) -> Iterator[bytes]:
    """As it reads inside a longer text: at each of three places, the edges left out."""
    for before in range(3):
        text = base64.b64encode(b"\0" * before + form)
        yield text[4 if before else 0 : -4]


class Finder:
    """Looks for many needles at once: grep reads a data folder in a second, Python in minutes."""

    def __init__(self, needles: Iterable[bytes]) -> None:
        # What grep reads as two lines is looked for by its longer one.
        self.needles = {max(needle.split(b"\n"), key=len) for needle in needles}
        assert all(len(needle) >= SHORTEST for needle in self.needles)

    def inside(self, *bodies: bytes) -> bool:
        """Say whether one of the needles is in some bytes."""
        with TemporaryDirectory() as folder:
            Path(folder, "body").write_bytes(b"\n".join(bodies))
            return self.in_folder(Path(folder)) == {"body"}

    def in_folder(self, folder: Path) -> set[str]:
        """Return the names of the files of a folder, however deep, with one of the needles."""
        with NamedTemporaryFile() as wanted:
            wanted.write(b"\n".join(sorted(self.needles)))
            wanted.flush()
            # Status 2 alone says nothing: a server takes files away meanwhile.
            found = subprocess.run(
                ["grep", "-rlaF", "--null", "-s", "-f", wanted.name, str(folder)],
                env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"}, capture_output=True, check=False,
            )  # fmt: skip
        return {Path(os.fsdecode(path)).name for path in found.stdout.split(b"\0") if path}


class Overheard:
    """All that is said to Valkey meanwhile: what its log of commands would hold, and more."""

    END = "the canary has flown"

    def __init__(self, url: str) -> None:
        self.url = url
        self.said: list[bytes] = []
        self.ready = threading.Event()
        self.thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        assert self.ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        with redis.Redis.from_url(self.url) as client:
            client.echo(self.END)
        self.thread.join(10)
        assert not self.thread.is_alive()

    def _listen(self) -> None:
        with redis.Redis.from_url(self.url) as client, client.monitor() as monitor:
            self.ready.set()
            for each in monitor.listen():
                self.said.append(str(each["command"]).encode("utf-8", "surrogateescape"))
                if self.END in each["command"]:
                    return


def kept_by(url: str) -> bytes:
    """What Valkey holds now, as it would write it down."""
    with redis.Redis.from_url(url) as client:
        client.config_set("rdbcompression", "no")
        return b"\n".join(
            part for key in client.scan_iter() for part in (key, client.dump(key) or b"")
        )
