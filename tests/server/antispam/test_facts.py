"""What is gathered around a referrer and a friend, and how long it is kept."""

import itertools
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest
from litestar.connection import ASGIConnection

from game.antispam import Signals
from server.antispam import devices, jobs
from server.antispam.commands import judge, link
from server.antispam.devices import note_payer, note_sighting
from server.antispam.facts import signals_of
from server.kit import clock as moments
from server.kit import crypto, db
from tests.server.antispam.conftest import customer
from tests.support.cast import DESK, bring_in, person_id
from tests.support.services import Clock

pytestmark = pytest.mark.usefixtures("pool")

# Nothing but this one referral, between two accounts of a hundred hours.
CALM = Signals(
    device_referrers=1, device_accounts=1, network_accounts=1, in_hour=1, in_day=1, in_week=1,
    in_month=1, account_hours=100,
)  # fmt: skip


async def pair() -> tuple[UUID, UUID]:
    return await customer("A"), await customer("B")


def calm(**but: object) -> Signals:
    return msgspec.structs.replace(CALM, **but)


async def phone_of(person: UUID, number: str) -> str:
    """Give somebody a phone; returns the key of the customer it makes."""
    phone = crypto.normal_phone(number)
    sealed = crypto.seal(phone, "person_phone", "ciphertext", str(person))
    index = crypto.blind_index(phone)
    await db.execute("INSERT INTO person_phone VALUES ($1, $2, $3, $4)", person, index, *sealed)
    return f"tel:{index.hex()}"


async def test_two_strangers_have_nothing_in_common() -> None:
    one, other = await pair()
    await note_sighting("d1", one, "referrer", "n1")
    await note_sighting("d2", other, "friend", "n2")
    await note_payer("card-1", one)
    assert await signals_of(one, other, payer="card-2") == CALM


async def test_the_same_device() -> None:
    one, other = await pair()
    await note_sighting("d1", one, "referrer")
    await note_sighting("d1", other, "friend")
    assert await signals_of(one, other) == calm(same_device=True)


async def test_the_device_of_a_till_is_everybodys() -> None:
    one, other = await pair()
    await bring_in(DESK)
    for person, role in (
        (await person_id("OP"), "till"), (one, "referrer"), (other, "friend"),
        (await customer("C"), "friend"),
    ):  # fmt: skip
        await note_sighting("d1", person, role)
    assert await signals_of(one, other) == calm(till_device=True)


async def test_who_sells_at_a_till_may_invite_from_home() -> None:
    """A colleague's own phone is no till, though the same colleague works at one."""
    await bring_in(DESK)
    seller, friend = await person_id("OP"), await customer("B")
    await note_sighting("till", seller, "till")
    await note_sighting("own", seller, "referrer")
    await note_sighting("d2", friend, "friend")
    assert await signals_of(seller, friend) == calm(account_hours=None)


async def test_the_same_payer_now_or_before() -> None:
    one, other = await pair()
    await note_payer("card-1", one)
    assert await signals_of(one, other, payer="card-1") == calm(same_payer=True)
    await note_payer("card-1", other)
    assert (await signals_of(one, other)).same_payer


async def test_the_same_network_within_a_day(clock: Clock) -> None:
    one, other = await pair()
    await note_sighting("", one, "referrer", "n1")
    await note_sighting("", other, "friend", "n1")
    assert await signals_of(one, other) == calm(same_ip_24h=True)
    await clock.set(await clock.now() + timedelta(hours=25))
    assert not (await signals_of(one, other)).same_ip_24h


async def test_friends_of_two_referrers_on_one_device() -> None:
    one, other = await pair()
    stranger, earlier = await customer("C"), await customer("D")
    await note_sighting("d1", earlier, "friend")
    await note_sighting("d1", other, "friend")
    await link(stranger, earlier)
    found = await signals_of(one, other)
    assert found == calm(device_referrers=2, device_accounts=2)
    await link(one, other)
    assert await signals_of(one, other) == found, "noted or not, this referral counts once"


async def test_accounts_of_one_network() -> None:
    one, other = await pair()
    for code in ("C", "D", "E"):
        await note_sighting("", await customer(code), "friend", "n1")
    await note_sighting("", other, "friend", "n1")
    assert await signals_of(one, other) == calm(network_accounts=4)


async def test_the_pace_of_a_referrer(clock: Clock) -> None:
    one, other = await pair()
    start = await clock.now()
    for name, back in enumerate(({"days": 20}, {"days": 3}, {"hours": 9}, {"minutes": 9})):
        await clock.set(start - timedelta(**back))
        await link(one, await customer(f"F{name}", hours=1000))
    await clock.set(start)
    found = await signals_of(one, other)
    assert (found.in_hour, found.in_day, found.in_week, found.in_month) == (2, 3, 4, 5)
    await clock.set(start + timedelta(days=11))
    assert (await signals_of(one, other)).in_month == 4


async def test_a_phone_of_the_referrer_or_of_staff() -> None:
    one, other = await pair()
    own = await phone_of(one, "13800000001")
    assert await signals_of(one, other, customer_key=own) == calm(same_phone=True)
    assert (await signals_of(one, one)).same_phone
    await bring_in(DESK)
    colleague = await person_id("OP")
    staff = await phone_of(colleague, "13800000002")
    assert await signals_of(one, other, customer_key=staff) == calm(staff_phone=True)
    assert (await signals_of(one, colleague)).staff_phone
    assert await signals_of(one, other, customer_key="id:77") == CALM


async def test_a_young_account_and_clean_purchases() -> None:
    one, other = await customer("A", hours=3), await customer("B")
    await judge("referral:1", one, Signals())
    await judge("referral:2", one, Signals(same_device=True))
    await judge("till:undone:x", one, Signals())
    assert await signals_of(one, other) == calm(account_hours=3, clean_purchases=1)


async def test_a_ring_is_found_from_device_to_device() -> None:
    people = [await customer(code) for code in "ABCDE"]
    for step, (one, other) in enumerate(itertools.pairwise(people)):
        await note_sighting(f"d{step}", one, "friend")
        await note_sighting(f"d{step}", other, "friend")
    await link(people[1], people[2])
    found = await signals_of(people[0], people[4])
    assert found.ring_accounts == 5, "this referral is the second among them, noted or not"
    assert not found.same_device


async def test_a_chain_of_friends_is_no_ring() -> None:
    people = [await customer(code) for code in "ABCD"]
    for one, other in itertools.pairwise(people):
        await link(one, other)
    assert await signals_of(people[2], people[3]) == CALM


async def test_a_circle_is_found_before_it_is_noted() -> None:
    people = [await customer(code) for code in "ABCD"]
    for one, other in itertools.pairwise(people):
        await link(one, other)
    assert (await signals_of(people[3], people[0])).ring_accounts == 4


async def test_what_is_old_is_forgotten(clock: Clock) -> None:
    one, _other = await pair()
    start = await clock.now()
    await note_sighting("d1", one, "referrer", "n1")
    await note_sighting("d2", one, "referrer")
    await clock.set(start + timedelta(days=8))
    await note_sighting("d2", one, "referrer")
    await jobs.sweep({})
    assert await _tokens() == ["d1", "d2"]
    await clock.set(start + timedelta(days=91))
    await jobs.sweep({})
    assert await _tokens() == ["d2"]
    await clock.set(start + timedelta(days=99))
    await jobs.sweep({})
    assert await _tokens() == []
    assert await moments.now() > start


async def _tokens() -> list[str]:
    return list(await db.column("SELECT token FROM sighting ORDER BY token"))


def request(scheme: str = "http", cookie: str = "", address: str = "203.0.113.9") -> ASGIConnection:
    headers = [(b"cookie", cookie.encode())] if cookie else []
    return ASGIConnection(
        {"type": "http", "scheme": scheme, "headers": headers, "client": (address, 1)}  # type: ignore[typeddict-item]
    )


def test_a_device_is_known_again_by_its_cookie() -> None:
    assert devices.device_of(request()) == ""
    made = devices.device_cookie(request())
    assert (made.key, made.httponly, made.samesite, made.path) == ("did", True, "lax", "/")
    known = request(cookie=f"did={made.value}")
    assert devices.device_cookie(known).value == made.value
    assert devices.device_of(known) == devices.device_of(request(cookie=f"did={made.value}"))
    assert made.value not in devices.device_of(known)
    other = devices.device_cookie(request())
    assert devices.device_of(request(cookie=f"did={other.value}")) != devices.device_of(known)


def test_over_https_only_the_bound_cookie_counts() -> None:
    made = devices.device_cookie(request("https"))
    assert (made.key, made.secure) == ("__Host-did", True)
    assert devices.device_of(request("https", f"did={made.value}")) == ""
    assert devices.device_of(request("https", f"__Host-did={made.value}"))


@pytest.mark.parametrize("cookie", ["did=", "did=x", "did=" + "x" * 44, "did=" + "!" * 43])
def test_a_cookie_that_is_none_of_ours_is_replaced(cookie: str) -> None:
    assert devices.device_of(request(cookie=cookie)) == ""
    assert len(devices.device_cookie(request(cookie=cookie)).value or "") == 43


def test_a_network_is_a_hash_of_the_household() -> None:
    one = devices.network_of(request(address="2001:db8:1:2::9"))
    assert one == devices.network_of(request(address="2001:db8:1:2:ffff::1"))
    assert one != devices.network_of(request(address="2001:db8:1:3::9"))
    assert "2001" not in one
