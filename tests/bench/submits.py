"""Report leads over HTTP, one after the other on each connection, for some seconds.

`python -m tests.bench.submits SECONDS FIRST STRETCH PORTS TOKENS`: ports and session tokens by
commas; as many connections as `CLIENTS`, each from a network of its own and with its part of the
sessions in turn. Prints how many leads were received.
"""

import asyncio
import sys
import time

import uvloop

CLIENTS, PER_CLIENT = 16, 100_000


def body(n: int) -> bytes:
    """The nth lead of the bench: a customer whom nobody has reported yet."""
    return (
        f'{{"name":"周女士","phone":"139{n:08d}","agrees":true,"tags":["home"],'
        f'"note":"周六想看样板间"}}'
    ).encode()


def headers(origin: str, token: str, n: int) -> dict[str, str]:
    """What goes before the body."""
    return {
        "Origin": origin, "Cookie": f"sid={token}", "Idempotency-Key": f"key-{n}",
        "Content-Type": "application/json",
    }  # fmt: skip


def request(port: int, token: str, n: int) -> bytes:
    """The whole request of the nth lead."""
    said = headers(f"http://127.0.0.1:{port}", token, n)
    lines = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    sent = body(n)
    head = f"POST /api/leads HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{lines}"
    return f"{head}Content-Length: {len(sent)}\r\n\r\n".encode() + sent


async def client(port: int, number: int, requests: list[bytes], until: float) -> int:
    """Report one lead after the other until the time is over; every answer must be 201."""
    own = (f"127.0.1.{number + 1}", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=own)
    for done, sent in enumerate(requests):
        if time.monotonic() >= until:
            writer.close()
            return done
        writer.write(sent)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        answer = await reader.readexactly(length)
        if not head.startswith(b"HTTP/1.1 201") or b'"is_held":false' not in answer:
            raise RuntimeError(f"not received: {head.decode()}{answer.decode()}")
    raise RuntimeError("no lead is left: make the stretch longer")


async def main(
    seconds: float, first: int, stretch: int, ports: list[int], tokens: list[str]
) -> int:
    """Run every client at once; returns how many leads were received."""
    requests = [
        [
            request(
                ports[n % len(ports)],
                tokens[(n + at * CLIENTS) % len(tokens)],
                first + n * PER_CLIENT + at,
            )
            for at in range(stretch)
        ]
        for n in range(CLIENTS)
    ]
    until = time.monotonic() + seconds
    counts = await asyncio.gather(
        *(client(ports[n % len(ports)], n, requests[n], until) for n in range(CLIENTS))
    )
    return sum(counts)


if __name__ == "__main__":
    _, wanted, start, most, ports, tokens = sys.argv
    numbers = [int(port) for port in ports.split(",")]
    print(uvloop.run(main(float(wanted), int(start), int(most), numbers, tokens.split(","))))
