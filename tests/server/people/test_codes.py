"""One-time codes: to the right phone, once, five tries in five minutes, and never too many."""

import asyncio
import re
from collections import Counter
from collections.abc import Callable

import httpx
import pytest

from server.kit import db
from server.people import codes
from server.people.sessions import Opened
from tests.server.people.conftest import Gateway
from tests.support.door import PASSCODE, enter, is_in, says, sign_in
from tests.support.services import Clock

pytestmark = pytest.mark.usefixtures("company")


async def ask(browser: httpx.AsyncClient, person: str = "13812341234") -> httpx.Response:
    return await browser.post("/sign-in/code", data={"person": person})


async def check(
    browser: httpx.AsyncClient, code: str, person: str = "13812341234"
) -> httpx.Response:
    return await browser.post("/sign-in/code/check", data={"person": person, "code": code})


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


@pytest.mark.parametrize("typed", ["13812341234", "+86 138-1234-1234", "E1"])
async def test_a_code_lets_its_person_in(
    client: httpx.AsyncClient, gateway: Gateway, typed: str
) -> None:
    answer = await ask(client, typed)
    assert answer.status_code == 200
    assert 'autocomplete="one-time-code"' in answer.text
    (message,) = gateway.messages
    assert message["phone"] == "+8613812341234"
    assert message["kind"] == "one_time_code"
    assert len(gateway.code) == 6
    assert gateway.code in message["text"]
    assert (await check(client, f" {gateway.code} ", typed)).status_code == 303
    assert await is_in(client)


async def test_without_a_gateway_the_code_is_on_the_console(
    client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    await ask(client)
    (code,) = re.findall(
        r"message to \+8613812341234: .*?(?<!\d)(\d{6})(?!\d)", capsys.readouterr().err
    )
    assert (await check(client, code)).status_code == 303


async def test_a_phone_is_shown_masked_and_whose_id_it_is_is_not_told(
    client: httpx.AsyncClient, gateway: Gateway
) -> None:
    by_phone, by_id = await ask(client), await ask(client, "E1")
    assert "138****1234" in by_phone.text
    assert "1234" not in by_id.text


async def test_whoever_has_no_phone_gets_the_same_answer_and_no_message(
    client: httpx.AsyncClient, gateway: Gateway
) -> None:
    answers = [await ask(client, name) for name in ["13912341234", "13812341234", "XX", "E2", ""]]
    assert {answer.status_code for answer in answers} == {200}
    assert [message["phone"] for message in gateway.messages] == ["+8613812341234"]


@pytest.mark.parametrize("status", [302, 400, 500])
async def test_a_gateway_that_fails_is_nobodys_business(
    client: httpx.AsyncClient, gateway: Gateway, status: int
) -> None:
    gateway.status = status
    assert (await ask(client)).status_code == 200


async def test_a_code_works_once(
    client: httpx.AsyncClient, new_client: Callable[[], httpx.AsyncClient], gateway: Gateway
) -> None:
    await ask(client)
    await check(client, gateway.code)
    second = new_client()
    assert (await check(second, gateway.code)).status_code == 401
    assert not await is_in(second)


async def test_of_twenty_with_the_code_one_gets_in(
    new_client: Callable[[], httpx.AsyncClient], client: httpx.AsyncClient, gateway: Gateway
) -> None:
    await ask(client)
    browsers = [new_client() for _ in range(20)]
    answers = await asyncio.gather(*(check(each, gateway.code) for each in browsers))
    assert Counter(answer.status_code for answer in answers) == {303: 1, 401: 19}
    assert await db.value("SELECT count(*) FROM session") == 1


async def test_of_twenty_from_everywhere_one_gets_in(
    client: httpx.AsyncClient, gateway: Gateway
) -> None:
    # Each address waits at a counter of its own, so all come to the code together.
    await ask(client)
    tried = (codes.with_code("E1", gateway.code, f"10.0.0.{n}") for n in range(20))
    results = await asyncio.gather(*tried, return_exceptions=True)
    assert sum(isinstance(each, Opened) for each in results) == 1
    assert {str(each) for each in results if isinstance(each, Exception)} == {"code_refused"}


async def test_guesses_from_everywhere_are_five(
    client: httpx.AsyncClient, gateway: Gateway
) -> None:
    await ask(client)
    tried = (codes.with_code("E1", wrong(gateway.code), f"10.0.0.{n}") for n in range(20))
    await asyncio.gather(*tried, return_exceptions=True)
    assert await db.value("SELECT tries FROM one_time_code") == codes.TRIES


async def test_a_code_lasts_five_minutes(
    client: httpx.AsyncClient, gateway: Gateway, clock: Clock
) -> None:
    await clock.advance()
    await ask(client)
    await clock.advance(minutes=5)
    answer = await check(client, gateway.code)
    assert answer.status_code == 401
    await ask(client)
    await clock.advance(minutes=5, seconds=-1)
    assert (await check(client, gateway.code)).status_code == 303


async def test_five_wrong_codes_spend_it(client: httpx.AsyncClient, gateway: Gateway) -> None:
    await ask(client)
    for _ in range(4):
        await check(client, wrong(gateway.code))
    client.headers.update({"Accept-Language": "en"})
    answer = await check(client, wrong(gateway.code))
    assert says(answer) == "This code is wrong or too old. Check it, or ask for a new one."
    assert (await check(client, gateway.code)).status_code == 401


async def test_twenty_guesses_at_once_are_five(client: httpx.AsyncClient, gateway: Gateway) -> None:
    await ask(client)
    await asyncio.gather(*(check(client, wrong(gateway.code)) for _ in range(20)))
    assert await db.value("SELECT tries FROM one_time_code") == 5
    assert (await check(client, gateway.code)).status_code == 401


async def test_a_new_code_makes_the_old_one_void(
    client: httpx.AsyncClient, gateway: Gateway, clock: Clock
) -> None:
    await clock.advance()
    await ask(client)
    first = gateway.code
    await clock.advance(minutes=1)
    await ask(client)
    assert first == gateway.code or (await check(client, first)).status_code == 401
    assert (await check(client, gateway.code)).status_code == 303


async def test_one_code_a_minute_however_the_person_is_named(
    client: httpx.AsyncClient, gateway: Gateway, clock: Clock
) -> None:
    await clock.advance()
    answers = await asyncio.gather(*(ask(client) for _ in range(10)))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 429: 9}
    # Asked for by company id nothing is refused, or it would tell whose phone it is.
    assert (await ask(client, "E1")).status_code == 200
    assert len(gateway.messages) == 1
    await clock.advance(seconds=59)
    assert (await ask(client)).status_code == 429
    await clock.advance(seconds=1)
    assert (await ask(client)).status_code == 200
    assert len(gateway.messages) == 2


async def test_five_codes_a_day_for_one_phone(
    client: httpx.AsyncClient, gateway: Gateway, clock: Clock
) -> None:
    await clock.advance()
    for _ in range(5):
        assert (await ask(client)).status_code == 200
        await clock.advance(minutes=2)
    assert (await ask(client)).status_code == 429
    assert (await ask(client, "E1")).status_code == 200
    assert len(gateway.messages) == 5
    await clock.advance(days=1, minutes=-10)
    assert (await ask(client)).status_code == 200
    assert len(gateway.messages) == 6


async def test_twenty_codes_a_day_for_one_address(
    client: httpx.AsyncClient, gateway: Gateway, clock: Clock
) -> None:
    await clock.advance()
    answers = await asyncio.gather(*(ask(client, f"X{n}") for n in range(25)))
    assert Counter(answer.status_code for answer in answers) == {200: 20, 429: 5}
    assert (await ask(client)).status_code == 429
    assert gateway.messages == []
    await clock.advance(days=1)
    assert (await ask(client)).status_code == 200


async def test_after_a_code_a_lost_passcode_is_replaced(
    client: httpx.AsyncClient,
    new_client: Callable[[], httpx.AsyncClient],
    gateway: Gateway,
) -> None:
    thief = new_client()
    await enter(thief, "E1")
    await ask(client)
    await check(client, gateway.code)
    assert 'name="old"' not in (await client.get("/passcode")).text
    new = {"passcode": "battery-staple", "passcode_again": "battery-staple"}
    assert (await client.post("/passcode", data=new)).status_code == 303
    assert await is_in(client)
    assert not await is_in(thief)
    assert (await sign_in(thief, "E1", PASSCODE)).status_code == 401


async def test_a_phone_left_lying_can_not_change_the_passcode(
    client: httpx.AsyncClient, gateway: Gateway, clock: Clock
) -> None:
    await clock.advance()
    await ask(client)
    await check(client, gateway.code)
    await clock.advance(minutes=15)
    assert 'name="old"' in (await client.get("/passcode")).text
    new = {"passcode": "battery-staple", "passcode_again": "battery-staple"}
    assert (await client.post("/passcode", data=new)).status_code == 401
