"""Sessions: made here, ended for good, and short for whoever can move points or rights."""

from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest

from server.kit import db
from server.people import rights, sessions
from tests.support.door import bring, is_in, person_of, sign_in
from tests.support.services import Clock

pytestmark = pytest.mark.usefixtures("company")

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


async def test_the_cookie_is_for_this_site_and_no_script(client: httpx.AsyncClient) -> None:
    answer = await sign_in(client, "E1")
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"]
    parts = {part.strip() for part in cookie.split(";")[1:]}
    assert cookie.startswith("sid=")
    assert parts == {"HttpOnly", "Path=/", "SameSite=lax", f"Max-Age={90 * 86400}"}


async def test_over_https_the_cookie_is_bound_to_the_host(client: httpx.AsyncClient) -> None:
    client.base_url = httpx.URL("https://leitai.test")
    client.headers["Origin"] = "https://leitai.test"
    answer = await sign_in(client, "E1")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-sid=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert await is_in(client)


async def test_over_https_a_cookie_that_anybody_could_plant_counts_for_nothing(
    client: httpx.AsyncClient,
) -> None:
    opened = await sessions.start_session(await person_of("E1"))
    client.cookies.set("sid", opened.token)
    assert await is_in(client)
    client.base_url = httpx.URL("https://leitai.test")
    assert not await is_in(client)


async def test_a_token_chosen_by_the_browser_is_never_taken(
    client: httpx.AsyncClient, new_client: Callable[[], httpx.AsyncClient]
) -> None:
    attacker = new_client()
    for browser in (client, attacker):
        browser.cookies.set("sid", "CHOSEN-BY-AN-ATTACKER", domain="leitai.test")
    await sign_in(client, "E1")
    assert await is_in(client)
    assert not await is_in(attacker)


async def test_signing_in_again_makes_a_new_token_and_ends_the_old(
    client: httpx.AsyncClient, new_client: Callable[[], httpx.AsyncClient]
) -> None:
    await sign_in(client, "E1")
    thief = new_client()
    thief.cookies = httpx.Cookies(client.cookies)
    assert await is_in(thief)
    before = client.cookies["sid"]
    await sign_in(client, "E1")
    assert client.cookies["sid"] != before
    assert await is_in(client)
    assert not await is_in(thief)


async def test_the_database_holds_no_token(client: httpx.AsyncClient) -> None:
    await sign_in(client, "E1")
    stored = await db.value("SELECT string_agg(session::text, ' ') FROM session")
    assert client.cookies["sid"] not in stored


async def test_a_cookie_from_before_the_sign_out_opens_nothing(client: httpx.AsyncClient) -> None:
    await sign_in(client, "E1")
    kept = client.cookies["sid"]
    answer = await client.post("/sign-out")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in"
    # Not the storage: what waits to be sent survives, see tests/journeys/test_two_people.py.
    assert answer.headers["clear-site-data"] == '"cache"'
    assert "sid" not in client.cookies
    client.cookies.set("sid", kept)
    assert not await is_in(client)


async def test_signing_out_everywhere_ends_every_session(
    client: httpx.AsyncClient, new_client: Callable[[], httpx.AsyncClient]
) -> None:
    other, colleague = new_client(), new_client()
    await sign_in(client, "E1")
    await sign_in(other, "E1")
    await sign_in(colleague, "E2")
    await client.post("/me/sign-out-everywhere")
    assert not await is_in(client)
    assert not await is_in(other)
    assert await is_in(colleague)


async def test_nobody_signed_in_is_sent_to_the_door_and_back(client: httpx.AsyncClient) -> None:
    answer = await client.get("/people?q=x")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=/people%3Fq%3Dx"
    answer = await client.post("/me/opt-out")
    assert answer.status_code == 401


async def test_an_employees_session_ends_after_30_days_unused(
    client: httpx.AsyncClient, clock: Clock
) -> None:
    await clock.set(NEW_YEAR)
    await sign_in(client, "E1")
    await clock.advance(days=30, seconds=-1)
    assert await is_in(client)
    await clock.advance(days=30, seconds=-1)
    assert await is_in(client)
    await clock.advance(days=30)
    assert not await is_in(client)


async def test_an_employees_session_ends_after_90_days_however_much_used(
    client: httpx.AsyncClient, clock: Clock
) -> None:
    await clock.set(NEW_YEAR)
    await sign_in(client, "E1")
    for _ in range(4):
        await clock.advance(days=20)
        assert await is_in(client)
    await clock.advance(days=10, seconds=-1)
    assert await is_in(client)
    await clock.advance(seconds=1)
    assert not await is_in(client)


@pytest.mark.parametrize("role", ["admin", "audit", "finance"])
async def test_whoever_moves_rights_or_money_signs_in_every_8_hours(
    client: httpx.AsyncClient, clock: Clock, passcode_hash: str, role: str
) -> None:
    await bring(f"X1,郭,director,总部,,,{role}", passcode_hash=passcode_hash)
    await clock.set(NEW_YEAR)
    await sign_in(client, "X1")
    await clock.advance(hours=4)
    assert await is_in(client)
    await clock.advance(hours=4, seconds=-1)
    assert await is_in(client)
    await clock.advance(seconds=1)
    assert not await is_in(client)


async def test_use_is_written_at_most_once_a_minute(
    client: httpx.AsyncClient, clock: Clock
) -> None:
    began = await clock.set(NEW_YEAR)
    await sign_in(client, "E1")
    await clock.advance(seconds=59)
    await is_in(client)
    assert await db.value("SELECT seen_at FROM session") == began
    later = await clock.advance(seconds=1)
    await is_in(client)
    assert await db.value("SELECT seen_at FROM session") == later


async def test_other_rights_end_every_session_of_the_person(client: httpx.AsyncClient) -> None:
    await sign_in(client, "E1")
    person = await person_of("E1")
    assert await rights.set_roles(person, frozenset({"operations"}), None)
    assert not await is_in(client)
    await sign_in(client, "E1")
    assert not await rights.set_roles(person, frozenset({"operations"}), None)
    assert await is_in(client)


async def test_whoever_changes_their_own_rights_goes_on_with_a_new_token(
    client: httpx.AsyncClient,
) -> None:
    await sign_in(client, "AD")
    before = client.cookies["sid"]
    path = f"/people/{await person_of('AD')}/roles"
    answer = await client.post(path, data={"role": ["admin", "finance"]})
    assert answer.status_code == 303
    assert client.cookies["sid"] != before
    assert await is_in(client)


async def test_a_dismissed_persons_session_is_over_even_after_they_come_back(
    client: httpx.AsyncClient,
) -> None:
    await sign_in(client, "E1")
    person, admin = await person_of("E1"), await person_of("AD")
    await rights.dismiss(person, admin, "left")
    assert not await is_in(client)
    await rights.readmit(person, admin)
    assert not await is_in(client)
    await sign_in(client, "E1")
    assert await is_in(client)
