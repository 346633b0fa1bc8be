"""Accept actions over HTTP, one after the other on each connection, for some seconds.

`python -m tests.bench.accepts SECONDS FIRST PORTS TOKENS`: ports and tokens by commas, one
connection a token; prints how many were accepted. Action n has the id of `action_id(n)`.
"""

import asyncio
import sys
import time
from uuid import UUID

import uvloop

PER_CLIENT = 100_000
BODY = b'{"verdict":"accepted","reason":""}'


def action_id(n: int) -> UUID:
    """The id of the nth action of the bench."""
    return UUID(f"01900000-0000-7000-8000-{n:012x}")


async def client(port: int, token: str, first: int, until: float) -> int:
    """Accept from `first` on until the time is over; every answer must be 201."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    done = 0
    while time.monotonic() < until:
        action = action_id(first + done)
        writer.write(
            f"POST /api/actions/{action}/verdict HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            f"Origin: http://127.0.0.1:{port}\r\nCookie: sid={token}\r\n"
            f"Idempotency-Key: {action}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(BODY)}\r\n\r\n".encode()
            + BODY
        )
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        body = await reader.readexactly(length)
        if not head.startswith(b"HTTP/1.1 201"):
            raise RuntimeError(f"not accepted: {head.decode()}{body.decode()}")
        done += 1
    writer.close()
    return done


async def main(seconds: float, first: int, ports: list[int], tokens: list[str]) -> int:
    """Run every client at once; returns how many were accepted."""
    until = time.monotonic() + seconds
    counts = await asyncio.gather(
        *(
            client(ports[n % len(ports)], token, first + n * PER_CLIENT, until)
            for n, token in enumerate(tokens)
        )
    )
    return sum(counts)


if __name__ == "__main__":
    _, wanted, start, ports, tokens = sys.argv
    numbers = [int(port) for port in ports.split(",")]
    print(uvloop.run(main(float(wanted), int(start), numbers, tokens.split(","))))
