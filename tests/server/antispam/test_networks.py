"""Operations registers the networks of the company; everybody else has nothing to do there."""

import pytest

from server.antispam import networks
from server.antispam.devices import token_of
from server.kit import db, ids
from server.people import limits
from tests.support.cast import DESK, bring_in, person_id
from tests.support.visitor import NewClient, Visitor, refusal, visit, words

HERE = "127.0.0.1"
PEOPLE = [("MEI", "梅", "staff", "总部", "", "")]


@pytest.fixture
async def desk(app: object, new_client: NewClient) -> Visitor:
    await bring_in([*DESK, *PEOPLE])
    return await visit(new_client, "OP")


def token(address: str = HERE) -> str:
    return token_of("network", limits.network(address))


async def crowd(address: str, count: int) -> None:
    """So many leads came from there yesterday, by MEI."""
    await db.execute(
        "INSERT INTO lead_count VALUES ('network', $1, current_date - 1, $2)", token(address), count
    )
    await db.execute(
        "INSERT INTO lead_arrival VALUES ($1, $2, '', $3, current_date - 1, now(), now())",
        ids.new_id(), await person_id("MEI"), token(address),
    )  # fmt: skip


async def test_this_network_is_registered_and_taken_off(desk: Visitor) -> None:
    said = await desk.sent("/networks", {"token": "", "name": " 滨江店  Wi-Fi "})
    assert "你现在连的是 滨江店 Wi-Fi 的网络" in said
    [one] = await networks.registered()
    assert (one.token, one.name, one.added_by) == (token(), "滨江店 Wi-Fi", "林芳")
    said = await desk.sent("/networks/remove", {"token": one.token})
    assert "你现在连的网络" in said
    verbs = await db.column("SELECT verb FROM audit_record ORDER BY id")
    assert verbs[-2:] == ["register_network", "remove_network"]


async def test_a_busy_one_is_listed_with_who_was_there(desk: Visitor) -> None:
    await crowd("203.0.113.9", 12)
    await crowd("203.0.113.10", 5)
    said = await desk.read("/networks")
    assert "一天 12 条线索" in said
    assert "梅" in said
    assert "一天 5 条线索" not in said
    said = await desk.sent("/networks", {"token": token("203.0.113.9"), "name": "西溪店"})
    assert "西溪店" in said
    assert "一天 12 条线索" not in said


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"token": "", "name": "  "}, "network_unnamed"),
        ({"token": "abc", "name": "店"}, "network_unknown"),
    ],
)
async def test_a_refusal_is_said(desk: Visitor, fields: dict[str, str], code: str) -> None:
    answer = await desk.send("/networks", fields)
    assert answer.status_code in {404, 422}
    assert refusal(code) in words(answer)


async def test_twice_is_once(desk: Visitor) -> None:
    await desk.sent("/networks", {"token": "", "name": "滨江店"})
    again = await desk.send("/networks", {"token": "", "name": "西溪店"})
    assert refusal("network_registered") in words(again)
    gone = await desk.send("/networks/remove", {"token": token("203.0.113.9")})
    assert refusal("network_unknown") in words(gone)


@pytest.mark.parametrize("code", ["MEI", "FI", "AD"])
async def test_only_operations(desk: Visitor, new_client: NewClient, code: str) -> None:
    other = await visit(new_client, code)
    assert (await other.open("/networks")).status_code == 403
    assert (await other.send("/networks", {"token": "", "name": "x"})).status_code == 403
