"""The processes of a deployment: services of its own, two apps, a worker; each to be killed."""

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path

from server.kit.embedded import Services

AGAIN_S = 0.5
ROOT = Path(__file__).resolve().parents[2]


class Process:
    """One `leitai …` as its own process, started again after it was killed."""

    def __init__(self, verb: str, environment: dict[str, str], log: Path) -> None:
        self._verb = verb
        self._environment = os.environ | environment
        self._log = log
        self._running: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start it, and again whenever it ends by itself, as any process manager does."""
        await self._spawn()
        self._keeper = asyncio.create_task(self._keep())

    async def _keep(self) -> None:
        while self._running is not None:
            await self._running.wait()
            await asyncio.sleep(AGAIN_S)
            await self._spawn()

    async def _spawn(self) -> None:
        with self._log.open("ab") as log:
            self._running = await asyncio.create_subprocess_exec(
                sys.executable, "-c", f"from server.cli import main; main([{self._verb!r}])",
                cwd=ROOT, env=self._environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    async def kill(self) -> None:
        await self._signal(signal.SIGKILL)

    async def stop(self) -> None:
        """End it in good order, and by force when that takes too long."""
        await self._signal(signal.SIGTERM)

    async def _signal(self, number: signal.Signals) -> None:
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        if self._running is None or self._running.returncode is not None:
            return
        self._running.send_signal(number)
        try:
            async with asyncio.timeout(15):
                await self._running.wait()
        except TimeoutError:
            self._running.kill()
            await self._running.wait()

    def freeze(self) -> None:
        self._send(signal.SIGSTOP)

    def thaw(self) -> None:
        self._send(signal.SIGCONT)

    def _send(self, number: signal.Signals) -> None:
        if self._running is not None and self._running.returncode is None:
            self._running.send_signal(number)


class Deployment:
    """Everything that may be killed."""

    def __init__(self, services: Services, folder: Path) -> None:
        self.services = services
        self.ports = [free_port(), free_port()]
        environment = {
            "DATABASE_URL": services.database_url,
            "REDIS_URL": services.redis_url,
            "LEITAI_KEY_FILE": str(folder / "leitai.key"),
            "DATABASE_POOL_MAX": "10",
        }
        self.apps = [
            Process("serve", environment | {"PORT": str(port)}, folder / f"app-{port}.log")
            for port in self.ports
        ]
        self.worker = Process("work", environment, folder / "worker.log")

    async def start(self) -> None:
        for each in (*self.apps, self.worker):
            await each.start()

    async def stop(self) -> None:
        for each in (*self.apps, self.worker):
            each.thaw()
            await each.stop()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port
