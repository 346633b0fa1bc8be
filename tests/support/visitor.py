"""Somebody in front of a browser: opens pages, fills in forms, reads what stands there."""

import html
import re
from collections.abc import Callable
from typing import Any

import httpx

from server.kit import ids
from server.kit.errors import REFUSALS
from server.people import sessions
from tests.support.cast import person_id
from tests.support.eventually import eventually

NewClient = Callable[[], httpx.AsyncClient]


class Visitor:
    """A person with a session in a browser of their own."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def open(self, path: str) -> httpx.Response:
        return await self.client.get(path)

    async def read(self, path: str) -> str:
        """The words of a page that opens."""
        answer = await self.open(path)
        assert answer.status_code == 200, (path, answer.status_code, words(answer))
        return words(answer)

    async def sees(self, path: str, *shown: str) -> None:
        """Wait until a page says all this: a board follows what happened."""

        async def is_there() -> bool:
            said = await self.read(path)
            return all(each in said for each in shown)

        await eventually(is_there, why=f"{path} never said {shown}")

    async def send(
        self, path: str, fields: dict[str, str], *, key: str | None = None, files: Any = None
    ) -> httpx.Response:
        form = fields | {"idempotency_key": key or str(ids.new_id())}
        return await self.client.post(path, data=form, files=files)

    async def sent(self, path: str, fields: dict[str, str], **more: Any) -> str:
        """Send a form that is accepted, and return the words of the page it leads to."""
        answer = await self.send(path, fields, **more)
        assert answer.status_code == 303, (answer.status_code, words(answer))
        return await self.read(answer.headers["location"])


async def visit(new_client: NewClient, code: str) -> Visitor:
    """Sit down as somebody."""
    opened = await sessions.start_session(await person_id(code))
    client = new_client()
    client.cookies.set("sid", opened.token)
    return Visitor(client)


def words(answer: httpx.Response) -> str:
    """What a page says, without its markup, in one line."""
    text = re.sub(r"<(script|style|svg|template|head)\b.*?</\1>", " ", answer.text, flags=re.DOTALL)
    text = re.sub(r"</(td|th|tr|p|li|div|dt|dd|h\d|caption)>", " ", text)
    said = html.unescape(re.sub(r"<[^>]*>", "", text)).replace("\u2060", "")
    return re.sub(r"\s+", " ", said).strip()


def refusal(code: str, **facts: object) -> str:
    """The sentence of a refusal, as a page says it in Chinese."""
    return REFUSALS[code].sentence % facts


def value_of(answer: httpx.Response, name: str) -> str:
    """What a field of a form holds."""
    found = re.search(rf'name="{re.escape(name)}"[^>]*? value="([^"]*)"', answer.text)
    assert found, name
    return html.unescape(found[1])


def checked(answer: httpx.Response, name: str) -> str:
    """Which choice of a form is ticked."""
    found = re.search(rf'name="{name}" value="([^"]*)"[^>]*? checked', answer.text)
    return html.unescape(found[1]) if found else ""
