"""The door: one sentence for every mistake, exact limits, and nothing that breaks it."""

import asyncio
from collections import Counter
from collections.abc import Callable

import httpx
import pytest

from game.errors import RuleViolation
from server.kit import db
from server.people import limits, rights
from server.people import sign_in as door
from server.people.limits import Limit
from server.people.queries import Known
from tests.support.door import PASSCODE, is_in, person_of, says, sign_in
from tests.support.services import Clock

pytestmark = pytest.mark.usefixtures("company")

ENGLISH = {"Accept-Language": "en"}


async def spend_tries(person: str, count: int) -> None:
    """Mistakes made before, without their tenth of a second each."""
    limit = Limit(limits.counter("passcode", person), count, door.QUARTER, "too_many_tries")
    await asyncio.gather(*(limits.spend(limit) for _ in range(count)))


@pytest.mark.parametrize("typed", ["E1", " E1 ", "13812341234", "+86 138 1234 1234"])
async def test_a_person_signs_in_by_id_or_phone(client: httpx.AsyncClient, typed: str) -> None:
    answer = await sign_in(client, typed, next="/wallet?month=2026-01")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/wallet?month=2026-01"
    assert await is_in(client)


@pytest.mark.parametrize("path", ["https://evil.example/x", "//evil.example", "javascript:1", ""])
async def test_nobody_is_sent_to_another_site(client: httpx.AsyncClient, path: str) -> None:
    answer = await sign_in(client, "E1", next=path)
    assert answer.status_code == 303
    where = httpx.URL("http://leitai.test").join(answer.headers["location"])
    assert where.host == "leitai.test"


async def test_every_mistake_gets_the_same_answer(client: httpx.AsyncClient) -> None:
    await db.execute("UPDATE person SET passcode_hash = NULL WHERE code = 'E2'")
    await rights.dismiss(await person_of("E1"), await person_of("AD"), "left")
    answers = [
        await sign_in(client, code, passcode)
        for code, passcode in [
            ("AD", "wrong-horse"),
            ("XX", PASSCODE),
            ("E2", PASSCODE),
            ("E1", PASSCODE),
        ]
    ]
    assert {answer.status_code for answer in answers} == {401}
    pages = {
        answer.text.replace(f'value="{code}"', "")
        for code, answer in zip(["AD", "XX", "E2", "E1"], answers, strict=True)
    }
    pages = {page.split("data-now")[0] + page.split('data-now="')[1][30:] for page in pages}
    assert len(pages) == 1
    assert "set-cookie" not in answers[0].headers


async def test_what_was_typed_is_kept_but_for_the_passcode(client: httpx.AsyncClient) -> None:
    answer = await sign_in(client, "E1", "wrong-horse", next="/wallet")
    assert 'value="E1"' in answer.text
    assert 'name="next" value="/wallet"' in answer.text
    assert "wrong-horse" not in answer.text


async def test_password_managers_know_the_fields(client: httpx.AsyncClient) -> None:
    page = (await client.get("/sign-in")).text
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert "onpaste" not in page


async def test_whoever_is_in_is_not_asked_again(client: httpx.AsyncClient) -> None:
    await sign_in(client, "E1")
    answer = await client.get("/sign-in?next=/wallet")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/wallet"


async def test_after_ten_mistakes_the_person_waits(client: httpx.AsyncClient, clock: Clock) -> None:
    await clock.advance()
    await spend_tries(str(await person_of("E1")), 8)
    for name in ["E1", "13812341234"]:
        assert (await sign_in(client, name, "wrong-horse")).status_code == 401
    client.headers.update(ENGLISH)
    answer = await sign_in(client, "E1")
    assert answer.status_code == 429
    assert says(answer) == "Too many tries. Wait 15 minutes, or use a one-time code."
    assert (await sign_in(client, "E2")).status_code == 303
    await client.post("/sign-out")
    await clock.advance(minutes=15, seconds=-1)
    assert (await sign_in(client, "E1")).status_code == 429
    await clock.advance(seconds=1)
    assert (await sign_in(client, "E1")).status_code == 303


async def test_ten_at_once_are_ten(client: httpx.AsyncClient) -> None:
    await spend_tries(str(await person_of("E1")), 6)
    answers = await asyncio.gather(*(sign_in(client, "E1", "wrong-horse") for _ in range(20)))
    assert Counter(answer.status_code for answer in answers) == {401: 4, 429: 16}


async def test_an_unknown_name_is_limited_like_a_known_one(client: httpx.AsyncClient) -> None:
    await spend_tries("XX", 8)
    answers = await asyncio.gather(*(sign_in(client, "XX") for _ in range(4)))
    assert Counter(answer.status_code for answer in answers) == {401: 2, 429: 2}


async def test_getting_in_uses_no_try_up(client: httpx.AsyncClient) -> None:
    await spend_tries(str(await person_of("E1")), 9)
    for _ in range(3):
        assert (await sign_in(client, "E1")).status_code == 303


async def test_one_address_has_fifty_tries_an_hour(client: httpx.AsyncClient, clock: Clock) -> None:
    await clock.advance()
    limit = Limit(limits.counter("door", "127.0.0.1"), 50, limits.HOUR, "too_many_tries")
    await asyncio.gather(*(limits.spend(limit) for _ in range(48)))
    answers = await asyncio.gather(*(sign_in(client, f"X{n}") for n in range(5)))
    assert Counter(answer.status_code for answer in answers) == {401: 2, 429: 3}
    await clock.advance(hours=1)
    assert (await sign_in(client, "E1")).status_code == 303


async def test_counters_name_nobody(client: httpx.AsyncClient) -> None:
    await sign_in(client, "13812341234", "wrong-horse")
    await sign_in(client, "13912341234", "wrong-horse")
    names = " ".join(await db.column("SELECT name FROM attempt"))
    assert "13812341234" not in names
    assert "13912341234" not in names
    assert "127.0.0.1" not in names


async def test_another_site_can_not_sign_anybody_in(client: httpx.AsyncClient) -> None:
    for origin in ["https://evil.example", "null", ""]:
        answer = await client.post(
            "/sign-in", data={"person": "E1", "passcode": PASSCODE}, headers={"Origin": origin}
        )
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"person=%00&passcode=%00",
        b"person=%FF%FE&passcode=%ED%A0%80",
        b"person=" + b"A" * 20_000 + b"&passcode=" + b"B" * 20_000,
        b"person='; DROP TABLE person; --&passcode=%27%22%3C",
        b"person[]=E1&passcode[x]=y",
    ],
)
async def test_what_nobody_types_is_refused_like_a_mistake(
    client: httpx.AsyncClient, content: bytes
) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await client.post("/sign-in", content=content, headers=headers)
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "kind", ["multipart/form-data", "multipart/form-data; boundary=x", "text/plain"]
)
async def test_a_body_of_another_kind_is_refused(client: httpx.AsyncClient, kind: str) -> None:
    answer = await client.post(
        "/sign-in", content=b"--y\r\nnothing", headers={"Content-Type": kind}
    )
    assert 400 <= answer.status_code < 500


async def test_a_passcode_replaced_meanwhile_opens_nothing(client: httpx.AsyncClient) -> None:
    person = await person_of("E1")
    known = Known(person, await db.value("SELECT passcode_hash FROM person WHERE id = $1", person))
    await door.set_passcode(person, "another hash")
    with pytest.raises(RuleViolation, match="sign_in_refused"):
        await door._open_by_passcode(known, None)


async def test_a_new_passcode_ends_every_other_session(
    client: httpx.AsyncClient, new_client: Callable[[], httpx.AsyncClient]
) -> None:
    other = new_client()
    await sign_in(other, "E1")
    await sign_in(client, "E1")
    new = {"passcode": "battery-staple", "passcode_again": "battery-staple"}
    wrong = await client.post("/passcode", data=new | {"old": "wrong-horse"})
    assert wrong.status_code == 401
    assert await is_in(other)
    done = await client.post("/passcode", data=new | {"old": PASSCODE})
    assert done.status_code == 303
    assert await is_in(client)
    assert not await is_in(other)
    assert (await sign_in(other, "E1")).status_code == 401
    assert (await sign_in(other, "E1", "battery-staple")).status_code == 303


@pytest.mark.parametrize(
    ("passcode", "again", "sentence"),
    [
        ("12345", "12345", "A passcode has 6 to 200 characters. Choose one of that length."),
        ("1" * 201, "1" * 201, "A passcode has 6 to 200 characters. Choose one of that length."),
        ("battery", "batterx", "The two passcodes are not the same. Type the new one twice."),
    ],
)
async def test_a_new_passcode_must_be_long_enough_and_typed_twice(
    client: httpx.AsyncClient, passcode: str, again: str, sentence: str
) -> None:
    await sign_in(client, "E1")
    client.headers.update(ENGLISH)
    form = {"old": PASSCODE, "passcode": passcode, "passcode_again": again}
    answer = await client.post("/passcode", data=form)
    assert answer.status_code == 422
    assert says(answer) == sentence


async def test_guessing_the_old_passcode_is_limited_too(client: httpx.AsyncClient) -> None:
    await sign_in(client, "E1")
    new = {"old": "wrong-horse", "passcode": "battery-staple", "passcode_again": "battery-staple"}
    await spend_tries(str(await person_of("E1")), 9)
    codes = [(await client.post("/passcode", data=new)).status_code for _ in range(2)]
    assert codes == [401, 429]
