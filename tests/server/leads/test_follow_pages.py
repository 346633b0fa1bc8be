"""What the reporter, whoever follows up and the desks see of a lead on its way (D4, D5, D7)."""

import re
from uuid import UUID

import httpx
import pytest

from server.kit import db
from server.leads import stages
from server.leads.clocks import follow_up
from tests.support.cast import person_id
from tests.support.follow import BY_HAND, open_leads, owner_of, passport_of, valid
from tests.support.leads import report, stage_of
from tests.support.services import Clock
from tests.support.visitor import NewClient, visit, words

LANGUAGES = ("zh-CN", "zh-TW", "en")
SAID = "已联系，约周三到店"


async def tap(who: object, lead: UUID, to: str, note: str = "", **more: str) -> httpx.Response:
    return await who.send(f"/leads/{lead}/steps", {"to": to, "note": note} | more)  # type: ignore[attr-defined]


async def test_the_reporter_sees_every_step_as_it_happens(
    new_client: NewClient, clock: Clock
) -> None:
    await open_leads(clock)
    lead = await valid(1)
    reporter = await visit(new_client, "MEI")
    owner = await visit(new_client, await owner_of(lead) or "")
    assert (await tap(owner, lead, "contacted", SAID)).status_code == 303
    assert (await tap(owner, lead, "note", "想带先生一起来")).status_code == 303
    assert (await tap(owner, lead, "visiting")).status_code == 303
    shown = await reporter.read(f"/leads/{lead}")
    steps = ("已收到", "已核实", "负责跟进", "联系上了", SAID, "想带先生一起来", "约好到店", "成交")
    places = [shown.find(each, shown.find("每一步")) for each in steps]
    assert -1 not in places, (steps, shown)
    assert places == sorted(places)
    assert "138****0001" in shown
    assert "聊了什么" not in shown
    mine = await reporter.read("/leads")
    assert "周女士" in mine
    assert "约到店" in mine
    assert "周女士" in await reporter.read("/leads?group=open")
    assert "周女士" not in await reporter.read("/leads?group=over")


@pytest.mark.parametrize(
    ("code", "status"),
    [("MEI", 200), ("SAL", 200), ("OP", 200), ("SVC", 200), ("FI", 200), ("AU", 200),
     ("BAO", 404), ("SAL3", 404), ("AD", 404)],
)  # fmt: skip
async def test_a_passport_is_for_those_it_concerns(
    new_client: NewClient, clock: Clock, code: str, status: int
) -> None:
    await open_leads(clock)
    lead = await valid(1)
    await db.execute("UPDATE lead SET owner = $1", await person_id("SAL"))
    who = await visit(new_client, code)
    answer = await who.open(f"/leads/{lead}")
    assert answer.status_code == status
    if status == 404:
        assert "周女士" not in answer.text
    # Its reporter and finance read; whoever follows up and operations decide.
    may = code in {"SAL", "OP"}
    assert ('name="to" value="contacted"' in answer.text) is may
    stepped = await tap(who, lead, "contacted")
    assert stepped.status_code == (303 if may else 404 if status == 404 else 403)
    assert await stage_of(lead) == ("contacted" if may else "assigned")


async def test_a_step_is_taken_once_and_a_loss_says_why(
    new_client: NewClient, clock: Clock
) -> None:
    await open_leads(clock)
    lead = await valid(1)
    owner = await visit(new_client, await owner_of(lead) or "")
    form = {"to": "contacted", "note": SAID, "from": "follow"}
    first = await owner.send(f"/leads/{lead}/steps", form, key="k")
    again = await owner.send(f"/leads/{lead}/steps", form, key="k")
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.headers["location"] == "/leads/follow"
    assert (await passport_of(lead)).count("contacted") == 1
    taken = await tap(owner, lead, "contacted")
    assert (taken.status_code, "这一步已经记下" in words(taken)) == (409, True)
    lost = await tap(owner, lead, "lost", **{"from": "follow"})
    assert (lost.status_code, await stage_of(lead)) == (422, "contacted")
    assert "周女士" in words(lost)
    assert 'aria-invalid="true"' in lost.text
    assert (await tap(owner, lead, "lost", "已在别家签约")).status_code == 303
    # What the desk alone decides is not to be tapped.
    for to in ("valid", "deal", "withdrawn", "nonsense", ""):
        assert (await tap(owner, lead, to, "x")).status_code == 409, to
    assert "已在别家签约" in await owner.read("/leads/follow?group=over")
    reporter = await visit(new_client, "MEI")
    assert "已在别家签约" in await reporter.read("/inbox")
    empty = await tap(owner, lead, "note", "  ")
    assert empty.status_code == 422
    assert (await tap(owner, lead, "note", "长" * 501)).status_code == 422


async def test_what_is_late_stands_on_top_and_says_so(new_client: NewClient, clock: Clock) -> None:
    await open_leads(clock, BY_HAND)
    leads = [await valid(n, name=name) for n, name in enumerate(("孙女士", "赵先生"))]
    desk, sales = await visit(new_client, "OP"), await visit(new_client, "SAL3")
    assert "孙女士" in await desk.read("/leads/assign")
    assert "2 条线索等人跟进" in await desk.read("/")
    owner = {"owner": str(await person_id("SAL3")), "from": "assign"}
    gone = await desk.sent(f"/leads/{leads[1]}/owner", owner)
    assert "赵先生" not in gone
    await clock.advance(hours=2)
    await desk.sent(f"/leads/{leads[0]}/owner", owner)
    assert "每条线索都有人跟进" in await desk.read("/leads/assign")
    shown = await sales.read("/leads/follow")
    assert "2 位客户" in shown
    assert shown.index("赵先生") < shown.index("孙女士")
    assert "超时" not in shown
    await clock.advance(hours=22)
    await follow_up({})
    # By hand nobody else is named: the lead stays, late, and the desk is asked.
    assert "超时" in await sales.read("/leads/follow")
    assert "宋伟 未联系" in await desk.read("/leads/assign")
    refused = await desk.send(f"/leads/{leads[1]}/owner", owner | {"owner": "nobody"})
    assert (refused.status_code, "请从列表里选一位销售" in words(refused)) == (422, True)
    for code in ("SAL", "MEI", "FI"):
        who = await visit(new_client, code)
        answer = await who.send(f"/leads/{leads[1]}/owner", owner)
        assert answer.status_code == 403, code


async def test_customers_are_the_companys_and_each_sees_their_own(
    new_client: NewClient, clock: Clock
) -> None:
    await open_leads(clock, BY_HAND)
    mine, other = await valid(11, name="孙女士"), await valid(12, name="赵先生")
    refused = await report("MEI", "13812350013", name="假先生")
    desk = await visit(new_client, "OP")
    await stages.advance(refused.lead, "invalid", await person_id("OP"), "空号")
    for lead, code in ((mine, "SAL"), (other, "SAL2")):
        owner = {"owner": str(await person_id(code)), "from": "assign"}
        await desk.sent(f"/leads/{lead}/owner", owner)
    sales, service = await visit(new_client, "SAL"), await visit(new_client, "SVC")
    everybody = await service.read("/customers")
    assert ("孙女士" in everybody, "赵先生" in everybody, "假先生" in everybody) == (
        True,
        True,
        False,
    )
    own = await sales.read("/customers")
    assert ("孙女士" in own, "赵先生" in own) == (True, False)
    ids = {
        lead: await db.value(
            "SELECT c.id FROM customer c JOIN lead l ON l.customer = c.key WHERE l.id = $1", lead
        )
        for lead in (mine, other)
    }
    assert (await sales.open(f"/customers/{ids[other]}")).status_code == 404
    record = await sales.read(f"/customers/{ids[mine]}")
    for shown in ("孙女士", "沙莉", "刚需买房", "往来记录", "负责跟进", "已收到"):
        assert shown in record, shown
    assert (await (await visit(new_client, "MEI")).open("/customers")).status_code == 403


async def test_whoever_follows_up_gets_the_number_from_the_passport(
    new_client: NewClient, clock: Clock
) -> None:
    await open_leads(clock)
    lead = await valid(1)
    codes = {"SAL", "SAL2", "SAL3"}
    mine = await owner_of(lead) or ""
    owner = await visit(new_client, mine)
    passport = await owner.open(f"/leads/{lead}")
    path = re.search(r'action="(/customers/[0-9a-f-]{36}/number)"', passport.text)
    assert path is not None
    assert "13812350001" not in passport.text
    shown = await owner.client.post(path[1], data={"reason": "call"})
    assert (shown.status_code, "+8613812350001" in shown.text) == (200, True)
    assert shown.headers["cache-control"] == "no-store"
    # Neither whoever reported the lead nor a colleague of the sales.
    for code, status in (("MEI", 403), (min(codes - {mine}), 404)):
        other = await visit(new_client, code)
        answer = await other.client.post(path[1], data={"reason": "call"})
        assert (answer.status_code, "1381235000" in answer.text) == (status, False)
    assert "/number" not in (await (await visit(new_client, "MEI")).open(f"/leads/{lead}")).text


async def test_a_customer_is_found_by_name_tag_and_whole_phone_never_by_an_address(
    new_client: NewClient, clock: Clock
) -> None:
    await open_leads(clock)
    lead = await valid(11, name="孙女士")
    await valid(12, name="赵先生")
    desk = await visit(new_client, "SVC")
    customer = await db.value(
        "SELECT c.id FROM customer c JOIN lead l ON l.customer = c.key WHERE l.id = $1", lead
    )
    path = f"/customers/{customer}/tags"
    assert "要花园" in await desk.sent(path, {"on": " 要花园 "})
    assert "要花园" in await desk.sent(path, {"on": "要花园"})
    assert await db.value("SELECT count(*) FROM customer_tag") == 1
    for typed in ("孙", "要花园", "138 1235 0011", "+8613812350011"):
        found = await desk.client.post("/customers", data={"words": typed})
        assert found.status_code == 200
        rows = re.findall(r'href="/customers/[0-9a-f-]{36}"', found.text)
        assert len(rows) == 1, typed
        assert "孙女士" in words(found)
    for typed in ("1381235", "%", "_", "没有"):
        found = await desk.client.post("/customers", data={"words": typed})
        assert "没有找到" in words(found), typed
    assert "孙女士" in await desk.read("/customers?tag=要花园")
    assert "赵先生" not in await desk.read("/customers?tag=要花园")
    for tag, status in (
        ("", 422),
        ("长" * 21, 422),
        ("138 1235 0011", 422),
        ("１３８１２３５００１１", 422),
    ):
        assert (await desk.send(path, {"on": tag})).status_code == status, tag
    for n in range(11):
        assert (await desk.send(path, {"on": f"标签{n}"})).status_code == 303
    assert (await desk.send(path, {"on": "太多"})).status_code == 409
    assert "要花园" not in await desk.sent(path, {"off": "要花园"})
    assert await db.value("SELECT count(*) FROM audit_record WHERE verb = 'tag_customer'") == 13


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_page_speaks_three_languages(
    new_client: NewClient, clock: Clock, language: str
) -> None:
    await open_leads(clock)
    lead = await valid(1)
    owner = await owner_of(lead) or ""
    customer = await db.value("SELECT id FROM customer")
    seen = {
        "MEI": ("/leads", f"/leads/{lead}"),
        owner: ("/leads/follow", "/leads/follow?group=deal", f"/leads/{lead}", "/customers"),
        "OP": ("/leads/assign", f"/leads/{lead}", f"/customers/{customer}"),
    }
    for code, paths in seen.items():
        who = await visit(new_client, code)
        who.client.headers["Accept-Language"] = language
        for path in paths:
            shown = await who.read(path)
            assert not re.search(r"%\(|None(?! of)|\{\{", shown), (path, shown)
            if language == "en":
                assert "线索" not in shown, (path, shown)
