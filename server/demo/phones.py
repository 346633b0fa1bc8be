"""A colleague's phone: it signs in, reads and writes over HTTP as every phone does."""

import asyncio
from typing import Any, Final
from urllib.parse import urlencode

import httpx2

from server.kit import ids

TIMEOUT_S: Final = 15.0
TRIES: Final = 3
AGAIN_AFTER_S: Final = 1.0
BUSY: Final = {500, 502, 503}


class RefusedError(Exception):
    """The app said no; `code` names its rule, such as `already_decided`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Phone:
    """One person's browser: cookies of its own, a session opened at the first need."""

    def __init__(self, origin: str, person: str, transport: httpx2.AsyncBaseTransport) -> None:
        self._person = person
        self._http = httpx2.AsyncClient(
            base_url=origin,
            headers={"Origin": origin, "Accept-Language": "zh-CN"},
            transport=transport,
            timeout=TIMEOUT_S,
            # What the environment says of proxies is not for a phone on this machine.
            trust_env=False,
        )

    async def read(self, path: str) -> dict[str, Any]:
        """Return what `GET path` answers. Raises RefusedError or httpx2.HTTPError."""
        return await self._ask("GET", path, None)

    async def write(
        self, path: str, body: dict[str, Any] | None = None, method: str = "POST"
    ) -> dict[str, Any]:
        """Send a write once, however often it has to be sent. Raises as `read`."""
        return await self._ask(method, path, body, {"Idempotency-Key": str(ids.new_id())})

    async def _ask(
        self, method: str, path: str, body: dict[str, Any] | None, headers: Any = None
    ) -> dict[str, Any]:
        for left in reversed(range(TRIES)):
            answer = await self._http.request(method, path, json=body, headers=headers)
            if answer.status_code == httpx2.codes.UNAUTHORIZED and left:
                await self._sign_in()
            elif answer.status_code in BUSY and left:
                await asyncio.sleep(AGAIN_AFTER_S)
            elif answer.is_success:
                break
            else:
                raise RefusedError(_code(answer))
        data: dict[str, Any] = answer.json()
        return data

    async def _sign_in(self) -> None:
        """Step into the person, as a visitor does on the page of the cast."""
        answer = await self._http.post(
            "/demo/become",
            content=urlencode({"person": self._person}),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        if answer.is_error:
            raise RefusedError(_code(answer))


def _code(answer: httpx2.Response) -> str:
    try:
        return str(answer.json()["error"])
    except (ValueError, KeyError):
        return f"http {answer.status_code}"
