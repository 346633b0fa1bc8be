"""A push service on this machine, and phones that decrypt what it was handed (RFC 8291, RFC 8292)."""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, ClassVar
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from server import config
from server.kit import db, ids
from server.notifications.notices import notify
from server.people import sessions
from server.push import commands, jobs
from server.push.commands import Browser
from tests.support.cast import person_id
from tests.support.live import serving

ORIGIN = "http://leitai.test"


class LoopbackSettings(config.Settings):
    """The settings of a process that may push to this machine."""

    push_to_loopback: ClassVar[bool] = True


@contextmanager
def to_loopback(settings: config.Settings) -> Iterator[None]:
    """For a while, the process may push to this machine."""
    config.use(LoopbackSettings(_env_file=None, **settings.model_dump()))
    yield
    config.use(settings)


class Service:
    """Takes what is posted to `/<phone>` and answers as it was told; `got` keeps it all."""

    def __init__(self) -> None:
        self.origin = ""
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: dict[str, int] = {}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            for _ in ("startup", "shutdown"):
                await send({"type": f"{(await receive())['type']}.complete"})
            return
        body, more = b"", True
        while more:
            part = await receive()
            body, more = body + part["body"], part["more_body"]
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.got.append((scope["path"], headers, body))
        status = self.answers.get(scope["path"], 201)
        answer = b'{"errcode":0,"errmsg":"ok"}'
        told = [(b"location", b"/elsewhere")] if 300 <= status < 400 else []
        await send({"type": "http.response.start", "status": status, "headers": told})
        await send({"type": "http.response.body", "body": answer})

    def at(self, path: str) -> list[tuple[dict[str, str], bytes]]:
        """What came for one phone: headers and body of each push."""
        return [(headers, body) for there, headers, body in self.got if there == path]


@asynccontextmanager
async def push_service() -> AsyncIterator[Service]:
    service = Service()
    async with serving(service) as origin:
        service.origin = origin
        yield service


class Handset:
    """A browser with a subscription: it alone can read what is sent to it."""

    def __init__(self, name: str, service: Service, private: int | None = None) -> None:
        self.path = f"/{name}"
        self.endpoint = service.origin + self.path
        self.service = service
        curve = ec.SECP256R1()
        self.private = (
            ec.generate_private_key(curve)
            if private is None
            else ec.derive_private_key(private, curve)
        )
        self.public = self.private.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
        self.auth = hashlib.sha256(name.encode()).digest()[:16]

    def described(self) -> dict[str, Any]:
        """As a browser's `PushSubscription.toJSON()` does."""
        keys = {"p256dh": unpadded(self.public), "auth": unpadded(self.auth)}
        return {"endpoint": self.endpoint, "keys": keys}

    async def turn_on(self, code: str, origin: str = ORIGIN) -> UUID:
        """Subscribe for somebody, in a session of its own; returns that session."""
        person = await person_id(code)
        session = (await sessions.start_session(person)).id
        keys = self.described()["keys"]
        browser = Browser(self.endpoint, keys["p256dh"], keys["auth"], "Chrome · Android", origin)
        await commands.turn_on(person, session, browser)
        return session

    def heard(self) -> list[dict[str, Any]]:
        """What this phone was told, decrypted."""
        return [json.loads(self.decrypted(body)) for _, body in self.service.at(self.path)]

    def decrypted(self, body: bytes) -> bytes:
        """Read an `aes128gcm` body (RFC 8188) by the steps of RFC 8291."""
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        assert len(sealed) <= size, "one record"
        curve = ec.SECP256R1()
        other = ec.EllipticCurvePublicKey.from_encoded_point(curve, sender)
        shared = self.private.exchange(ec.ECDH(), other)
        info = b"WebPush: info\0" + self.public + sender
        secret = _expand(_mac(self.auth, shared), info, 32)
        start = _mac(salt, secret)
        key = _expand(start, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _expand(start, b"Content-Encoding: nonce\0", 12)
        text, mark, _ = AESGCM(key).decrypt(nonce, sealed, None).rpartition(b"\2")
        assert mark, "the last record ends with 2"
        return text


def signed_by(authorization: str) -> tuple[str, dict[str, Any]]:
    """Check a VAPID header (RFC 8292); returns the public key it names and what it claims."""
    said = dict(part.split("=", 1) for part in authorization.removeprefix("vapid ").split(", "))
    text, _, signature = said["t"].rpartition(".")
    raw = padded(signature)
    halves = [int.from_bytes(half, "big") for half in (raw[:32], raw[32:])]
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), padded(said["k"]))
    key.verify(encode_dss_signature(*halves), text.encode(), ec.ECDSA(SHA256()))
    return said["k"], json.loads(padded(text.split(".")[1]))


def padded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def unpadded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _mac(key: bytes, data: bytes) -> bytes:
    return hmac.digest(key, data, "sha256")


def _expand(key: bytes, info: bytes, length: int) -> bytes:
    return _mac(key, info + b"\1")[:length]


async def run_pushes() -> int:
    """Do what the worker would do once the queue's time has come; returns how many jobs ran."""
    waiting = await db.column(
        "DELETE FROM pgqueuer WHERE entrypoint = ANY ($1) RETURNING entrypoint || ' ' ||"
        " convert_from(payload, 'UTF8')",
        [jobs.PUSH, "robot_say"],
    )
    for each in waiting:
        name, _, payload = each.partition(" ")
        await jobs.JOBS[name](json.loads(payload))
    return len(waiting)


async def tell_of(code: str, kind: str, facts: dict[str, Any], href: str = "/wallet") -> UUID:
    """Put a notice into somebody's inbox."""
    person, topic = await person_id(code), str(ids.new_id())
    await notify([person], kind, topic, facts, href)
    return UUID(str(await db.value("SELECT id FROM notice WHERE topic = $1", topic)))
