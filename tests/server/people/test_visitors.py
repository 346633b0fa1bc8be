"""A phone and a code make a customer: the doors of those who have no passcode."""

import asyncio
from collections import Counter

import httpx
import pytest

from game.errors import RuleViolation
from server.kit import crypto, db
from server.people import codes, queries, rights, visitors
from server.people.visitors import Entered
from tests.server.people.conftest import Gateway
from tests.support.door import person_of
from tests.support.services import Clock

pytestmark = pytest.mark.usefixtures("company")

NEW = "139 1234 1234"
ADDRESS = "10.0.0.1"


async def enter(gateway: Gateway, phone: str = NEW) -> Entered:
    await visitors.ask_code(phone, ADDRESS)
    await visitors.send_code(phone)
    return await visitors.enter(phone, gateway.code, ADDRESS)


async def test_a_new_phone_becomes_a_customer_who_signs_in_again_at_the_door(
    client: httpx.AsyncClient, gateway: Gateway, clock: Clock
) -> None:
    await clock.advance()
    entered = await enter(gateway)
    assert entered.kind == "customer"
    kept = await db.value(
        "SELECT row(kind, rank, name, passcode_hash)::text FROM person WHERE id = $1",
        entered.person,
    )
    assert kept == "(customer,,139****1234,)"
    stored = await queries.stored_phone(entered.person)
    assert stored is not None
    assert stored.opened() == "+8613912341234"
    await clock.advance(minutes=2)
    await client.post("/sign-in/code", data={"person": NEW})
    again = await client.post("/sign-in/code/check", data={"person": NEW, "code": gateway.code})
    assert again.status_code == 303
    assert await db.value("SELECT count(*) FROM person WHERE kind = 'customer'") == 1


async def test_a_colleagues_phone_is_that_colleague(gateway: Gateway) -> None:
    entered = await enter(gateway, "+86 138-1234-1234")
    assert (entered.person, entered.kind) == (await person_of("E1"), "employee")


async def test_whoever_was_dismissed_gets_no_code(gateway: Gateway) -> None:
    await rights.dismiss(await person_of("E1"), await person_of("AD"), "left")
    await visitors.send_code("13812341234")
    assert gateway.messages == []


async def test_the_door_of_colleagues_makes_no_customers(
    client: httpx.AsyncClient, gateway: Gateway
) -> None:
    await client.post("/sign-in/code", data={"person": NEW})
    assert gateway.messages == []
    await visitors.send_code(NEW)
    answer = await client.post("/sign-in/code/check", data={"person": NEW, "code": gateway.code})
    assert answer.status_code == 401
    assert await db.value("SELECT count(*) FROM person WHERE kind = 'customer'") == 0


async def test_a_code_is_for_one_phone_and_works_once(gateway: Gateway) -> None:
    await visitors.send_code(NEW)
    with pytest.raises(RuleViolation, match="code_refused"):
        await visitors.enter("13912345678", gateway.code, ADDRESS)
    await visitors.enter(NEW, gateway.code, ADDRESS)
    with pytest.raises(RuleViolation, match="code_refused"):
        await visitors.enter(NEW, gateway.code, ADDRESS)


async def test_of_twenty_with_the_code_one_enters_and_there_is_one_customer(
    gateway: Gateway,
) -> None:
    await visitors.send_code(NEW)
    tried = (visitors.enter(NEW, gateway.code, f"10.0.0.{n}") for n in range(20))
    results = await asyncio.gather(*tried, return_exceptions=True)
    assert sum(isinstance(each, Entered) for each in results) == 1
    assert await db.value("SELECT count(*) FROM person WHERE kind = 'customer'") == 1


async def test_of_twenty_who_confirm_one_phone_there_is_one_customer() -> None:
    phone = crypto.normal_phone(NEW)
    found = await asyncio.gather(*(visitors.customer_of(phone) for _ in range(20)))
    assert len({each.id for each in found}) == 1


async def test_wrong_codes_are_five(gateway: Gateway) -> None:
    await visitors.send_code(NEW)
    wrong = f"{(int(gateway.code) + 1) % 1_000_000:06d}"
    for number in range(codes.TRIES):
        with pytest.raises(RuleViolation, match="code_refused"):
            await visitors.enter(NEW, wrong, f"10.0.0.{number}")
    with pytest.raises(RuleViolation, match="code_refused"):
        await visitors.enter(NEW, gateway.code, ADDRESS)


async def test_a_new_code_makes_the_old_one_void(gateway: Gateway, clock: Clock) -> None:
    await clock.advance()
    await visitors.send_code(NEW)
    first = gateway.code
    await clock.advance(minutes=1)
    await visitors.send_code(NEW)
    assert await db.value("SELECT count(*) FROM one_time_code WHERE used_at IS NULL") == 1
    if first != gateway.code:
        with pytest.raises(RuleViolation, match="code_refused"):
            await visitors.enter(NEW, first, ADDRESS)
    await visitors.enter(NEW, gateway.code, ADDRESS)


async def test_asking_is_limited_by_phone_and_by_address(gateway: Gateway, clock: Clock) -> None:
    await clock.advance()
    await visitors.ask_code(NEW, ADDRESS)
    with pytest.raises(RuleViolation, match="code_too_soon"):
        await visitors.ask_code("+8613912341234", ADDRESS)
    for _ in range(4):
        await clock.advance(minutes=1)
        await visitors.ask_code(NEW, ADDRESS)
    await clock.advance(minutes=1)
    with pytest.raises(RuleViolation, match="code_sent_today"):
        await visitors.ask_code(NEW, ADDRESS)
    asked = (visitors.ask_code(f"138{n:08d}", ADDRESS) for n in range(10_000_000, 10_000_030))
    results = Counter(map(str, await asyncio.gather(*asked, return_exceptions=True)))
    assert results["None"] == 15


async def test_what_is_no_phone_gets_no_code() -> None:
    with pytest.raises(RuleViolation, match="phone_unreadable"):
        await visitors.ask_code("E1", ADDRESS)
