"""Invites: one link, one person, once, within seven days."""

import asyncio
import re
from collections import Counter
from collections.abc import Callable

import httpx
import pytest

from server.kit import db
from server.people import invites
from tests.support.door import PASSCODE, bring, enter, is_in, person_of, records, says, sign_in
from tests.support.services import Clock

pytestmark = pytest.mark.usefixtures("company")

NEW = {"passcode": "battery-staple", "passcode_again": "battery-staple"}


async def link_for(code: str) -> str:
    made = await invites.invite(await person_of(code), await person_of("AD"))
    return made.path


async def test_an_administrator_gets_a_link_to_show_and_a_qr(client: httpx.AsyncClient) -> None:
    await enter(client, "AD")
    answer = await client.post(f"/people/{await person_of('E1')}/invite")
    assert answer.status_code == 200
    (link,) = set(re.findall(r"http://leitai\.test(/invites/[\w-]{43})", answer.text))
    assert "<svg" in answer.text
    assert (await client.get(link)).status_code == 200
    (record,) = await records("invite")
    assert record["actor"] == await person_of("AD")
    assert record["subject"] == f"person:{await person_of('E1')}"


async def test_an_invite_ends_with_the_persons_own_passcode(
    client: httpx.AsyncClient, new_client: Callable[[], httpx.AsyncClient]
) -> None:
    old = new_client()
    await enter(old, "E1")
    link = await link_for("E1")
    page = await client.get(link)
    assert "梅" in page.text
    assert 'autocomplete="new-password"' in page.text
    answer = await client.post(link, data=NEW)
    assert answer.status_code == 303
    assert await is_in(client)
    assert not await is_in(old)
    assert (await sign_in(old, "E1", PASSCODE)).status_code == 401
    assert (await sign_in(old, "E1", NEW["passcode"])).status_code == 303


async def test_looking_at_an_invite_does_not_use_it_up(client: httpx.AsyncClient) -> None:
    link = await link_for("E1")
    for _ in range(3):
        assert (await client.get(link)).status_code == 200
    assert (await client.post(link, data=NEW)).status_code == 303
    assert (await client.get(link)).status_code == 410


async def test_of_twenty_who_accept_at_once_one_gets_in(
    client: httpx.AsyncClient, new_client: Callable[[], httpx.AsyncClient]
) -> None:
    link = await link_for("E1")
    browsers = [new_client() for _ in range(20)]
    answers = await asyncio.gather(*(each.post(link, data=NEW) for each in browsers))
    assert Counter(answer.status_code for answer in answers) == {303: 1, 410: 19}
    assert await db.value("SELECT count(*) FROM session WHERE ended_at IS NULL") == 1


async def test_an_invite_lasts_seven_days(client: httpx.AsyncClient, clock: Clock) -> None:
    await clock.advance()
    link = await link_for("E1")
    await clock.advance(days=7, seconds=-1)
    assert (await client.get(link)).status_code == 200
    await clock.advance(seconds=1)
    assert (await client.get(link)).status_code == 410
    assert (await client.post(link, data=NEW)).status_code == 410


async def test_a_new_invite_makes_the_one_before_void(client: httpx.AsyncClient) -> None:
    first, second = await link_for("E1"), await link_for("E1")
    assert (await client.post(first, data=NEW)).status_code == 410
    assert (await client.post(second, data=NEW)).status_code == 303


@pytest.mark.parametrize("token", ["x", "A" * 43, "%00", "%FF", "a%2Fb", "x" * 3000])
async def test_a_made_up_invite_is_refused(client: httpx.AsyncClient, token: str) -> None:
    assert (await client.get(f"/invites/{token}")).status_code in {404, 410}
    assert (await client.post(f"/invites/{token}", data=NEW)).status_code in {404, 405, 410}


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({}, "A passcode has 6 to 200 characters. Choose one of that length."),
        (
            {"passcode": "12345", "passcode_again": "12345"},
            "A passcode has 6 to 200 characters. Choose one of that length.",
        ),
        (
            {"passcode": "123456", "passcode_again": "12345"},
            "The two passcodes are not the same. Type the new one twice.",
        ),
    ],
)
async def test_a_bad_passcode_leaves_the_invite_as_it_is(
    client: httpx.AsyncClient, form: dict[str, str], sentence: str
) -> None:
    link = await link_for("E1")
    answer = await client.post(link, data=form, headers={"Accept-Language": "en"})
    assert answer.status_code == 422
    assert says(answer) == sentence
    assert (await client.post(link, data=NEW)).status_code == 303


async def test_a_dismissed_person_has_no_invite(client: httpx.AsyncClient) -> None:
    link = await link_for("E1")
    await enter(client, "AD")
    root = f"/people/{await person_of('E1')}"
    await client.post(f"{root}/dismiss", data={"reason": "left"})
    assert (await client.get(link)).status_code == 410
    assert (await client.post(f"{root}/invite")).status_code == 409


async def test_only_administrators_invite(client: httpx.AsyncClient, passcode_hash: str) -> None:
    await bring("FI,方,staff,总部,,,finance audit operations screen", passcode_hash=passcode_hash)
    await enter(client, "FI")
    assert (await client.post(f"/people/{await person_of('E1')}/invite")).status_code == 403


async def test_the_first_administrator_is_made_once(client: httpx.AsyncClient) -> None:
    assert await invites.bootstrap_admin("文") is None
    await db.execute("DELETE FROM person_role")
    made = await invites.bootstrap_admin("文")
    assert made is not None
    assert await invites.bootstrap_admin("文") is None
    assert (await client.post(made.path, data=NEW)).status_code == 303
    assert (await client.get("/people")).status_code == 200


async def test_first_administrators_made_at_once_are_one(client: httpx.AsyncClient) -> None:
    await db.execute("DELETE FROM person_role")
    made = await asyncio.gather(*(invites.bootstrap_admin("文") for _ in range(8)))
    assert sum(each is not None for each in made) == 1
