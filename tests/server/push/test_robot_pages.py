"""Robots of group chats: placed by operations, tried out, taken off; their address stays secret."""

import pytest
from litestar.types import ASGIApp

from server.kit import db
from server.push import robots
from tests.support.pushing import Service
from tests.support.visitor import NewClient, refusal, visit, words

REAL = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
WRONG = [
    "", "x", REAL.replace("https", "http"), REAL + "&x=1", REAL + "\n", REAL + "@evil.example",
    "https://qyapi.weixin.qq.com.evil.example/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0",
    "https://evil.example/?https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _company(app: ASGIApp, company: None) -> None:
    """Everybody is there before each test."""


async def headquarters() -> str:
    return str(await db.value("SELECT id FROM unit WHERE path = '总部'"))


async def test_a_robot_is_placed_tried_out_and_taken_off(
    new_client: NewClient, service: Service
) -> None:
    lin, unit = await visit(new_client, "OP"), await headquarters()
    assert "还没有机器人" in await lin.read("/robots")
    address = f"{service.origin}/robot-1f3c"
    said = await lin.sent("/robots", {"unit": unit, "address": f" {address} "})
    assert "总部…1f3c" in said.replace(" ", "")
    assert address not in (await lin.open("/robots")).text
    assert "已发出" in await lin.sent(f"/robots/{unit}/test", {})
    assert len(service.at("/robot-1f3c")) == 1
    service.answers["/robot-1f3c"] = 500
    assert "企业微信没有接收" in await lin.sent(f"/robots/{unit}/test", {})
    await lin.sent(f"/robots/{unit}/remove", {})
    assert "还没有机器人" in await lin.read("/robots")
    assert not await robots.say(unit, "x")
    done = await db.column(
        "SELECT verb FROM audit_record WHERE subject = $1 ORDER BY id", f"unit:{unit}"
    )
    assert done == ["place_robot", "remove_robot"]


async def test_only_an_address_of_wecom_is_taken_and_it_is_sealed(new_client: NewClient) -> None:
    lin, unit = await visit(new_client, "OP"), await headquarters()
    for address in WRONG:
        answer = await lin.send("/robots", {"unit": unit, "address": address})
        # What stands around an address is no part of it.
        if address.strip() == REAL:
            assert answer.status_code == 303
            continue
        assert answer.status_code == 422, address
        assert refusal("robot_address_wrong") in words(answer)
    kept = await db.value("SELECT ciphertext FROM robot")
    assert b"weixin" not in kept
    unknown = await lin.send("/robots", {"unit": "x", "address": REAL})
    assert unknown.status_code == 404


@pytest.mark.parametrize("code", ["AU", "FI"])
async def test_others_place_no_robots(new_client: NewClient, code: str) -> None:
    somebody = await visit(new_client, code)
    assert (await somebody.open("/robots")).status_code == 403
    assert (await somebody.send("/robots", {})).status_code == 403
