"""Administrators see and change people; everybody decides on taking part."""

import re
from collections.abc import Callable
from pathlib import Path
from uuid import NAMESPACE_DNS, uuid5

import httpx
import pytest

from server import config
from server.kit import db
from server.people import rights
from tests.support.door import bring, enter, is_in, person_of, records, says, sign_in, untagged

pytestmark = pytest.mark.usefixtures("company")

ENGLISH = {"Accept-Language": "en"}
NOBODY = uuid5(NAMESPACE_DNS, "nobody")


@pytest.fixture
async def admin(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """The administrator's browser, in English."""
    client.headers.update(ENGLISH)
    await enter(client, "AD")
    return client


def names_in(answer: httpx.Response) -> list[str]:
    return re.findall(r'<th scope="row"><a[^>]*>([^<]+)</a>', untagged(answer.text))


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["文管理", "宝", "梅"]),
        ("q=梅", ["梅"]),
        ("q=e2", ["宝"]),
        ("q=一队", ["宝", "梅"]),
        ("q=138 1234 1234", ["梅"]),
        ("q=13712341234", []),
        ("q=%25", []),
        ("q=_", []),
        ("q=\\", []),
        ("q=%00", ["文管理", "宝", "梅"]),
        ("role=admin", ["文管理"]),
        ("role=finance", []),
        ("role=king", ["文管理", "宝", "梅"]),
        ("q=梅&role=admin", []),
    ],
)
async def test_people_are_found(admin: httpx.AsyncClient, query: str, names: list[str]) -> None:
    answer = await admin.get(f"/people?{query}")
    assert answer.status_code == 200
    assert names_in(answer) == names


@pytest.mark.parametrize("path", ["/people", "/people/import", f"/people/{NOBODY}"])
async def test_only_administrators_look(
    client: httpx.AsyncClient, passcode_hash: str, path: str
) -> None:
    await bring("FI,方,staff,总部,,,finance audit operations screen", passcode_hash=passcode_hash)
    await enter(client, "FI")
    assert (await client.get(path)).status_code == 403


@pytest.mark.parametrize("verb", ["roles", "dismiss", "readmit", "invite"])
async def test_only_administrators_change_people(
    client: httpx.AsyncClient, passcode_hash: str, verb: str
) -> None:
    await bring("FI,方,staff,总部,,,finance audit operations screen", passcode_hash=passcode_hash)
    await enter(client, "FI")
    person = await person_of("FI")
    form = {"role": "admin", "reason": "because"}
    assert (await client.post(f"/people/{person}/{verb}", data=form)).status_code == 403
    assert await db.value("SELECT count(*) FROM person_role WHERE role = 'admin'") == 1
    assert await is_in(client)


@pytest.mark.parametrize("path", [f"/people/{NOBODY}", "/people/x", "/people/E1"])
async def test_a_person_who_is_not_there_is_not_found(admin: httpx.AsyncClient, path: str) -> None:
    assert (await admin.get(path)).status_code == 404


@pytest.mark.parametrize("verb", ["roles", "dismiss", "readmit", "invite"])
async def test_nobody_can_not_be_changed(admin: httpx.AsyncClient, verb: str) -> None:
    answer = await admin.post(f"/people/{NOBODY}/{verb}", data={"reason": "because"})
    assert answer.status_code == 404


async def test_a_person_is_shown_with_a_masked_phone(admin: httpx.AsyncClient) -> None:
    answer = await admin.get(f"/people/{await person_of('E1')}")
    assert "138****1234" in answer.text
    assert "13812341234" not in answer.text


async def test_roles_are_exactly_those_ticked(admin: httpx.AsyncClient) -> None:
    person = await person_of("E1")
    for ticked in (["audit", "finance"], ["finance"], []):
        answer = await admin.post(f"/people/{person}/roles", data={"role": ticked})
        assert answer.status_code == 303
        held = await db.column("SELECT role FROM person_role WHERE person = $1", person)
        assert sorted(held) == ticked
    changes = [(each["actor"], each["facts"]) for each in (await records("set_roles"))[1:]]
    administrator = await person_of("AD")
    assert changes == [
        (administrator, {"before": [], "after": ["audit", "finance"]}),
        (administrator, {"before": ["audit", "finance"], "after": ["finance"]}),
        (administrator, {"before": ["finance"], "after": []}),
    ]


async def test_a_role_that_is_none_changes_nothing(admin: httpx.AsyncClient) -> None:
    person = await person_of("E1")
    answer = await admin.post(f"/people/{person}/roles", data={"role": ["finance", "king"]})
    assert answer.status_code == 422
    assert says(answer) == "There is no such role. Choose among those listed."
    assert await db.value("SELECT count(*) FROM person_role") == 1


async def test_somebody_always_administers(admin: httpx.AsyncClient) -> None:
    root = f"/people/{await person_of('AD')}"
    for verb, form in [("roles", {"role": ["audit"]}), ("dismiss", {"reason": "because"})]:
        answer = await admin.post(f"{root}/{verb}", data=form)
        assert answer.status_code == 409
        assert says(answer).startswith("Somebody has to administer.")
    assert await is_in(admin)
    await rights.set_roles(await person_of("E1"), frozenset({"admin"}), None)
    assert (await admin.post(f"{root}/roles", data={"role": ["audit"]})).status_code == 303


async def test_a_dismissal_needs_a_reason_and_is_recorded(admin: httpx.AsyncClient) -> None:
    person = await person_of("E1")
    answer = await admin.post(f"/people/{person}/dismiss", data={"reason": "  "})
    assert answer.status_code == 422
    assert says(answer) == "Say why, so that the person understands."
    answer = await admin.post(f"/people/{person}/dismiss", data={"reason": " left in May "})
    assert answer.status_code == 303
    (record,) = await records("dismiss")
    assert record["actor"] == await person_of("AD")
    assert record["reason"] == "left in May"
    assert (await sign_in(admin, "E1")).status_code == 401


async def test_a_dismissed_person_comes_back(admin: httpx.AsyncClient) -> None:
    person = await person_of("E1")
    await admin.post(f"/people/{person}/dismiss", data={"reason": "left"})
    await admin.post(f"/people/{person}/readmit")
    assert (await sign_in(admin, "E1")).status_code == 303
    assert len(await records("readmit")) == 1


async def test_taking_part_is_everybodys_own_decision(client: httpx.AsyncClient) -> None:
    await enter(client, "E1")
    person = await person_of("E1")
    for verb, opted_out in [("opt-out", True), ("opt-out", True), ("opt-in", False)]:
        answer = await client.post(f"/me/{verb}")
        assert answer.status_code == 303
        assert await db.value("SELECT opted_out FROM person WHERE id = $1", person) is opted_out
    assert [each["actor"] for each in await records("opt_out")] == [person]
    assert [each["actor"] for each in await records("opt_in")] == [person]


async def test_me_shows_myself(client: httpx.AsyncClient) -> None:
    client.headers.update(ENGLISH)
    await enter(client, "E1")
    page = (await client.get("/me")).text
    for words in ("梅", "总部/一队", "staff", "138****1234", "/sign-out-everywhere"):
        assert words in page
    assert "13812341234" not in page


async def test_messages_speak_what_the_person_read_last(
    client: httpx.AsyncClient, new_client: Callable[[], httpx.AsyncClient]
) -> None:
    for header, locale in [("en", "en"), ("zh-TW", "zh_Hant"), ("zh-CN", "zh_Hans")]:
        browser = new_client()
        browser.headers["Accept-Language"] = header
        await sign_in(browser, "E1")
        assert await db.value("SELECT locale FROM person WHERE code = 'E1'") == locale


async def test_a_lost_key_file_takes_nobody_their_page(
    client: httpx.AsyncClient, settings: config.Settings, tmp_path: Path
) -> None:
    await enter(client, "E1")
    config.use(settings.model_copy(update={"leitai_key_file": tmp_path / "new.key"}))
    answer = await client.get("/me")
    config.use(settings)
    assert answer.status_code == 200
    assert ">****<" in answer.text
