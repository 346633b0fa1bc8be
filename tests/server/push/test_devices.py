"""Which phones take pushes: turned on by their owner, confirmed at each start, never shared."""

from typing import Any

import httpx
import pytest
from litestar.types import ASGIApp

from server.kit import db, ids
from server.push import commands, services
from server.push.browsers import called
from tests.support.cast import person_id
from tests.support.pushing import Handset, Service
from tests.support.services import Clock
from tests.support.visitor import NewClient, Visitor, refusal, visit

HOSTS = [
    "https://fcm.googleapis.com/fcm/send/abc", "https://updates.push.services.mozilla.com/w/1",
    "https://web.push.apple.com/Q", "https://wns2-am3p.notify.windows.com/w/?token=B",
]  # fmt: skip
FOREIGN = [
    "", "x", "http://fcm.googleapis.com/x", "https://evil.example/fcm.googleapis.com",
    "https://fcm.googleapis.com.evil.example/x", "https://evilfcm.googleapis.com/x",
    "https://user@fcm.googleapis.com/x", "https://fcm.googleapis.com:8443/x",
    "https://fcm.googleapis.com:443/x", "https://FCM.googleapis.com/x", "https://142.250.1.95/x",
    "https://169.254.169.254/latest", "https://[::1]/x", "https://[::1", "https://localhost/x",
    "https://fcm.googleapis.com\\@evil.example/x", "https://fcm.googleapis.com#@evil.example/x\n",
    "https://fcm.googleapis.com./x", "file:///etc/passwd", "https://fcm.googleapis.com/" + "x" * 999,
    "https://fcm.gооgleapis.com/x",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _company(app: ASGIApp, company: None) -> None:
    """Everybody is there before each test."""


async def post(who: Visitor, path: str, data: Any) -> httpx.Response:
    return await who.client.post(path, json=data, headers={"Idempotency-Key": str(ids.new_id())})


async def owners() -> list[str]:
    return await db.column(
        "SELECT p.code FROM push_device d JOIN person p ON p.id = d.person ORDER BY d.endpoint"
    )


@pytest.mark.parametrize("endpoint", HOSTS)
def test_known_services_are_believed(endpoint: str) -> None:
    assert services.is_known(endpoint)


@pytest.mark.parametrize("endpoint", FOREIGN)
def test_no_other_address_is(endpoint: str) -> None:
    assert not services.is_known(endpoint)


@pytest.mark.parametrize(
    "found", [[], ["10.0.0.1"], ["127.0.0.1"], ["142.250.1.95", "192.168.1.1"], ["fe80::1"]]
)
def test_a_service_with_a_private_address_is_none(found: list[str]) -> None:
    with pytest.raises(OSError, match="public"):
        services.public(found)
    assert services.public(["142.250.1.95", "2607:f8b0::5f"]) == "142.250.1.95"


async def test_a_phone_is_turned_on_listed_and_removed(
    new_client: NewClient, service: Service
) -> None:
    lin, guo = await visit(new_client, "OP"), await visit(new_client, "AU")
    lin.client.headers["User-Agent"] = "Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Safari/537.36"
    answer = await post(lin, "/api/push/devices", Handset("one", service).described())
    assert answer.status_code == 201, answer.text
    assert "Chrome · Android" in await lin.read("/me/notices")
    device = await db.value("SELECT id FROM push_device")
    assert await db.value("SELECT origin FROM push_device") == "http://leitai.test"
    await guo.sent(f"/me/notices/devices/{device}/remove", {})
    assert await owners() == ["OP"]
    assert "Chrome" not in await lin.sent(f"/me/notices/devices/{device}/remove", {})
    assert await owners() == []


@pytest.mark.parametrize(
    ("keys", "endpoint", "code"),
    [
        ({"p256dh": "AAAA", "auth": "BTBZMqHH6r4Tts7J_aSIgg"}, "", "push_keys_unreadable"),
        ({"p256dh": "", "auth": ""}, "", "push_keys_unreadable"),
        ({"auth": "BTBZ"}, "", "push_keys_unreadable"),
        ({"auth": "ü"}, "", "push_keys_unreadable"),
        ({}, "https://evil.example/x", "push_service_unknown"),
    ],
)
async def test_what_can_not_be_pushed_to_is_refused(
    new_client: NewClient, service: Service, keys: dict[str, str], endpoint: str, code: str
) -> None:
    lin, said = await visit(new_client, "OP"), Handset("one", service).described()
    said["keys"] |= keys
    said["endpoint"] = endpoint or said["endpoint"]
    answer = await post(lin, "/api/push/devices", said)
    assert (answer.status_code, answer.json()["message"]) == (422, refusal(code))
    assert await owners() == []


async def test_a_browser_that_renews_its_address_replaces_the_old_one(
    new_client: NewClient, service: Service
) -> None:
    lin = await visit(new_client, "OP")
    old, new = Handset("old", service), Handset("new", service)
    await post(lin, "/api/push/devices", old.described())
    await post(lin, "/api/push/devices", new.described() | {"replaces": old.endpoint})
    assert await db.column("SELECT endpoint FROM push_device") == [new.endpoint]


async def test_five_phones_are_the_most_and_the_idle_one_makes_room(
    service: Service, clock: Clock
) -> None:
    for number in range(6):
        await Handset(str(number), service).turn_on("OP")
        await clock.advance(minutes=1)
    kept = await db.column("SELECT endpoint FROM push_device ORDER BY endpoint")
    assert [each[-1] for each in kept] == ["1", "2", "3", "4", "5"]


async def test_of_two_people_on_one_phone_neither_hears_for_the_other(
    new_client: NewClient, service: Service
) -> None:
    lin, guo = await visit(new_client, "OP"), await visit(new_client, "AU")
    phone = Handset("shared", service)
    await post(lin, "/api/push/devices", phone.described())
    seen = {"endpoint": phone.endpoint}
    assert (await post(lin, "/api/push/seen", seen)).json() == {"known": True}
    assert (await post(guo, "/api/push/seen", seen)).json() == {"known": False}
    assert await owners() == [], "it is in another hand: the first one hears nothing there either"
    await post(lin, "/api/push/devices", phone.described())
    await post(guo, "/api/push/devices", phone.described())
    assert await owners() == ["AU"]
    await post(lin, "/api/push/gone", seen)
    assert await owners() == ["AU"]
    await post(guo, "/api/push/gone", seen)
    assert await owners() == []


async def test_a_phone_that_is_used_stays_with_the_session_that_uses_it(
    new_client: NewClient, service: Service, clock: Clock
) -> None:
    lin, phone = await visit(new_client, "OP"), Handset("one", service)
    first = await phone.turn_on("OP")
    await clock.advance(days=1)
    await post(lin, "/api/push/seen", {"endpoint": phone.endpoint})
    row = await db.value(
        "SELECT seen_at = leitai_clock() AND session <> $1 FROM push_device", first
    )
    assert row is True


async def test_what_is_wanted_is_kept_for_each_kind(new_client: NewClient) -> None:
    lin = await visit(new_client, "OP")
    page = await lin.open("/me/notices")
    assert page.text.count(" checked") == 7
    answer = await lin.send("/me/notices", {"group": "lead"})
    assert answer.headers["location"] == "/me/notices?saved=true"
    page = await lin.open("/me/notices?saved=true")
    assert page.text.count(" checked") == 1
    assert "已保存" in page.text
    await lin.send("/me/notices", {"group": "nonsense"})
    unwanted = await db.value("SELECT unwanted FROM push_choice")
    assert len(unwanted) == 7


async def test_customers_choose_among_what_concerns_them(new_client: NewClient) -> None:
    await db.execute(
        "INSERT INTO person (id, code, name, kind) VALUES ($1, '周', '周', 'customer')",
        ids.new_id(),
    )
    zhou = await visit(new_client, "周")
    page = await zhou.open("/me/notices")
    assert page.text.count(" checked") == 4
    assert "线索" not in page.text


async def test_the_offer_comes_after_a_good_moment_and_not_soon_after_later(
    new_client: NewClient, clock: Clock
) -> None:
    lin = await visit(new_client, "OP")
    assert (await lin.open("/push/offer")).status_code == 204
    await db.execute(
        "INSERT INTO notice (id, person, kind, topic, facts, href)"
        " VALUES ($1, $2, 'badge_earned', 'x', '{}', '/')",
        ids.new_id(), await person_id("OP"),
    )  # fmt: skip
    offered = await lin.open("/push/offer")
    assert offered.status_code == 200
    assert "21:00" in offered.text
    assert 'data-key="B' in offered.text
    await post(lin, "/api/push/later", {})
    await clock.advance(days=13)
    lin = await visit(new_client, "OP")
    assert (await lin.open("/push/offer")).status_code == 204
    await clock.advance(days=1)
    assert (await lin.open("/push/offer")).status_code == 200


async def test_points_are_a_good_moment(new_client: NewClient) -> None:
    lin = await visit(new_client, "OP")
    await db.execute(
        "INSERT INTO account (owner, kind, asset, posted, version)"
        " VALUES ($1, 'wallet', 'points', 3, 1)",
        await person_id("OP"),
    )
    assert (await lin.open("/push/offer")).status_code == 200


async def test_a_stranger_is_asked_in(new_client: NewClient, service: Service) -> None:
    stranger = Visitor(new_client())
    assert (await stranger.open("/me/notices")).status_code == 303
    answer = await post(stranger, "/api/push/devices", Handset("one", service).described())
    assert answer.status_code == 401
    assert await commands.see(ids.new_id(), ids.new_id(), "x") is False


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) Version/18.4 Safari/604", "Safari · iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36 Edg/126.0", "Edge · Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko Firefox/127.0", "Firefox · Linux"),
        ("curl/8", ""),
    ],
)  # fmt: skip
def test_a_browser_has_a_name(agent: str, name: str) -> None:
    assert called(agent) == name
