"""The pair of keys by which push services know us (VAPID): made at set-up, kept sealed.

It never changes by itself. A phone takes pushes under the key it was asked with only, so a new
pair would silence every phone.
"""

from typing import Final, NamedTuple

import msgspec
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from webpush.vapid import VAPID

from server.kit import crypto, db
from server.kit.crypto import Sealed

PLACE: Final = ("push_key", "ciphertext", "vapid")


class Pair(NamedTuple):
    """Both keys as PEM."""

    private: bytes
    public: bytes


class _Kept(msgspec.Struct, frozen=True):
    public: str
    ciphertext: bytes
    wrapped_key: bytes


async def ours() -> Pair:
    """Return the pair of this installation, made at the first call ever.

    Refused as `phone_sealed_elsewhere` under another key file than it was made with.
    """
    kept = await _kept()
    sealed = Sealed(kept.ciphertext, kept.wrapped_key)
    return Pair(crypto.unseal(sealed, *PLACE).encode(), kept.public.encode())


async def spoken() -> str:
    """Return our public key as browsers want it, to subscribe under."""
    key = load_pem_public_key((await _kept()).public.encode())
    return str(VAPID.get_application_server_key(key))


async def make() -> None:
    """Make the pair unless there is one; of several processes at once, one wins."""
    private, public, _ = VAPID.generate_keys()
    sealed = crypto.seal(private.decode(), *PLACE)
    await db.execute(
        "INSERT INTO push_key (public, ciphertext, wrapped_key) VALUES ($1, $2, $3)"
        " ON CONFLICT DO NOTHING",
        public.decode(), sealed.ciphertext, sealed.wrapped_key,
    )  # fmt: skip


async def _kept() -> _Kept:
    found = await _read()
    if found is None:
        await make()
        found = await _read()
    if found is None:
        raise RuntimeError("the pair was just made")
    return found


async def _read() -> _Kept | None:
    return await db.row(_Kept, "SELECT public, ciphertext, wrapped_key FROM push_key")
