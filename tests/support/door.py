"""People at the door: made with a passcode, seen through their browsers."""

import html
import re
from typing import Any
from uuid import UUID

import httpx

from server.kit import db
from server.people.commands import import_people
from server.people.imports import read_people
from server.people.sessions import start_session

PASSCODE = "correct-horse"
PHONE = "+8613812341234"
HEADER = "person,name,rank,unit,side,phone,roles"


async def bring(*rows: str, passcode_hash: str | None = None) -> None:
    """Import rows of `person,name,rank,unit,side,phone,roles`, all with one passcode."""
    await import_people(read_people("\n".join([HEADER, *rows]).encode()), None)
    await db.execute("UPDATE person SET passcode_hash = $1", passcode_hash)


async def person_of(code: str) -> UUID:
    """The id of a company id."""
    found: UUID = await db.value("SELECT id FROM person WHERE code = $1", code)
    return found


async def sign_in(
    browser: httpx.AsyncClient, code: str, passcode: str = PASSCODE, **more: str
) -> httpx.Response:
    """Type an id and a passcode at the door."""
    return await browser.post("/sign-in", data={"person": code, "passcode": passcode, **more})


async def enter(browser: httpx.AsyncClient, code: str) -> None:
    """Be signed in, where the door itself is not what is tested: it takes a tenth of a second."""
    opened = await start_session(await person_of(code))
    browser.cookies.set("sid", opened.token, domain="leitai.test")


async def is_in(browser: httpx.AsyncClient) -> bool:
    """Whether this browser's session is alive."""
    return (await browser.get("/me")).status_code == httpx.codes.OK


def untagged(html: str) -> str:
    """Return a page without the marks around its Chinese (see `server/kit/mixed.py`)."""
    return re.sub("</?bdi[^>]*>", "", html)


def says(answer: httpx.Response) -> str:
    """The sentence a page refuses with, beside a field or above the form."""
    found = re.search(r'class="(?:notice refusal|fault)"[^>]*>([^<]+)<', untagged(answer.text))
    return html.unescape(found.group(1)) if found else ""


async def records(verb: str) -> list[dict[str, Any]]:
    """What the audit trail says of a verb, oldest first."""
    async with db.connection() as one:
        found = await one.fetch(
            "SELECT actor, subject, reason, facts FROM audit_record WHERE verb = $1 ORDER BY id",
            verb,
        )
    return [dict(each) for each in found]
