"""Redeem coupons over HTTP, one after the other on each connection, for some seconds.

`python -m tests.bench.redeems SECONDS FIRST STRETCH PORTS TOKENS`: ports and session tokens by
commas, one connection a session; prints how many were redeemed.
"""

import asyncio
import sys
import time
from uuid import UUID

import uvloop

from server.coupons import codes

PER_CLIENT = 100_000


def coupon_id(n: int) -> UUID:
    """The id of the nth coupon of the bench."""
    return UUID(f"01900000-0000-7000-8000-{n:012x}")


def body(n: int) -> bytes:
    """The order that redeems the nth coupon."""
    token = codes.token_of(coupon_id(n))
    return f'{{"receipt":"R{n}","amount":128000,"coupon":"{token}"}}'.encode()


def headers(origin: str, token: str, n: int) -> dict[str, str]:
    """What goes before the body."""
    return {
        "Origin": origin, "Cookie": f"sid={token}", "Idempotency-Key": f"key-{n}",
        "Content-Type": "application/json",
    }  # fmt: skip


async def client(port: int, token: str, requests: list[bytes], until: float) -> int:
    """Redeem one coupon after the other until the time is over; every answer must be 201."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for done, request in enumerate(requests):
        if time.monotonic() >= until:
            writer.close()
            return done
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        answer = await reader.readexactly(length)
        if not head.startswith(b"HTTP/1.1 201"):
            raise RuntimeError(f"not redeemed: {head.decode()}{answer.decode()}")
    raise RuntimeError("no coupon is left: make the stretch longer")


def request(port: int, token: str, n: int) -> bytes:
    """The whole request of the nth coupon."""
    said = headers(f"http://127.0.0.1:{port}", token, n)
    lines = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    sent = body(n)
    head = f"POST /api/orders HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{lines}"
    return f"{head}Content-Length: {len(sent)}\r\n\r\n".encode() + sent


async def main(
    seconds: float, first: int, stretch: int, ports: list[int], tokens: list[str]
) -> int:
    """Run every client at once; returns how many were redeemed."""
    chosen = [(ports[n % len(ports)], token) for n, token in enumerate(tokens)]
    requests = [
        [request(port, token, first + n * PER_CLIENT + at) for at in range(stretch)]
        for n, (port, token) in enumerate(chosen)
    ]
    until = time.monotonic() + seconds
    counts = await asyncio.gather(
        *(client(*one, said, until) for one, said in zip(chosen, requests, strict=True))
    )
    return sum(counts)


if __name__ == "__main__":
    _, wanted, start, most, ports, tokens = sys.argv
    numbers = [int(port) for port in ports.split(",")]
    print(uvloop.run(main(float(wanted), int(start), int(most), numbers, tokens.split(","))))
