"""What whoever reports, customers and the desk see in their browsers."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from uuid import UUID

import httpx
import pytest
from PIL import Image

from server.kit import db
from server.leads import doors, queries, watching
from tests.support.cast import Cast, launch, person_id
from tests.support.leads import PLAN, TUESDAY, report, stage_of, take_leads, told
from tests.support.services import Clock
from tests.support.visitor import NewClient, Visitor, checked, refusal, value_of, visit, words

PHONE = "138 1234 0001"
TYPED = {"plan": "leads", "phone": PHONE, "name": "周女士", "tags": "home", "agrees": "yes"}
DAYS = timedelta(days=1)


async def only_lead() -> UUID:
    [found] = await db.column("SELECT id FROM lead")
    return UUID(str(found))


def picture() -> bytes:
    body = BytesIO()
    Image.new("RGB", (30, 20), "red").save(body, "PNG")
    return body.getvalue()


async def test_a_lead_goes_in_with_one_form_and_says_thanks(
    new_client: NewClient, clock: Clock, pages_at: Callable[[datetime], None]
) -> None:
    pages_at(TUESDAY)
    await take_leads(clock)
    mei = await visit(new_client, "MEI")
    form = TYPED | {"happened_at": "2026-11-24T09:58:00+08:00", "note": "邻居"}
    key = "3b8c2e1e-0000-4000-8000-000000000001"
    page = await mei.sent("/leads", form, key=key, files={"photos": ("a.png", picture())})
    assert "谢谢，周女士的线索已收到" in page
    assert "明天 10:00 答复你" in page
    again = await mei.send("/leads", form, key=key, files={"photos": ("a.png", picture())})
    assert again.status_code == 303
    row = await db.value("SELECT to_jsonb(l) FROM lead l WHERE id = $1", await only_lead())
    assert row["captured_at"] == "2026-11-24T01:58:00+00:00"
    assert row["received_at"] == TUESDAY.isoformat()


async def test_a_photo_is_shown_to_whom_it_concerns(new_client: NewClient, clock: Clock) -> None:
    await take_leads(clock)
    mei = await visit(new_client, "MEI")
    await mei.send("/leads", TYPED, files={"photos": ("a.png", picture())})
    photo = await db.value("SELECT id FROM lead_photo")
    for code, status in (("MEI", 200), ("OP", 200), ("BAO", 404)):
        answer = await (await visit(new_client, code)).open(f"/leads/photos/{photo}")
        assert answer.status_code == status, code
    shown = await (await visit(new_client, "OP")).open("/leads/desk")
    assert f"/leads/photos/{photo}" in shown.text


async def test_a_refused_form_keeps_what_was_typed(new_client: NewClient, clock: Clock) -> None:
    await take_leads(clock)
    mei = await visit(new_client, "MEI")
    answer = await mei.send("/leads", TYPED | {"agrees": "", "note": "邻居"})
    assert answer.status_code == 422
    assert refusal("agreement_missing") in words(answer)
    assert value_of(answer, "name") == "周女士"
    assert checked(answer, "tags") == "home"
    answer = await mei.send("/leads", TYPED | {"phone": "12"})
    assert refusal("phone_unreadable") in words(answer)
    assert await db.value("SELECT count(*) FROM lead") == 0


async def test_a_number_is_checked_before_more_is_typed(
    new_client: NewClient, clock: Clock
) -> None:
    await take_leads(clock)
    await report("MEI")
    await clock.advance(days=18)
    bao = await visit(new_client, "BAO")
    answer = await bao.send("/leads/check", {"plan": "leads", "phone": PHONE, "name": "周"})
    assert answer.status_code == 200
    assert "还在保护期，剩 12 天" in words(answer)
    assert "梅" not in words(answer)
    assert value_of(answer, "name") == "周"
    free = await bao.send("/leads/check", {"plan": "leads", "phone": "13812340002"})
    assert "还没有人报过" in words(free)


async def test_the_second_one_watches_and_later_wins(new_client: NewClient, clock: Clock) -> None:
    await take_leads(clock)
    await report("MEI")
    bao = await visit(new_client, "BAO")
    page = await bao.sent("/leads", TYPED)
    assert "同事先到了一步" in page
    assert "剩 30 天" in page
    assert "梅" not in page
    lead = await db.value("SELECT id FROM lead WHERE stage = 'duplicate'")
    assert "已关注" in await bao.sent(f"/leads/{lead}/watch", {"back": "new"})
    assert "空出来告诉我" in await bao.sent(f"/leads/{lead}/watch", {"on": "no", "back": "new"})
    await bao.sent(f"/leads/{lead}/watch", {"back": "new"})

    await clock.set(TUESDAY + 30 * DAYS)
    await watching.sweep({})
    bao = await visit(new_client, "BAO")
    href = await db.value("SELECT href FROM notice WHERE kind = 'lead_free'")
    assert "周女士 可以报了" in await bao.read(href)
    assert "谢谢，周女士的线索已收到" in await bao.sent(href, {})
    assert "现在是你的了" in await bao.read(href)


async def test_somebody_elses_duplicate_is_not_here(new_client: NewClient, clock: Clock) -> None:
    await take_leads(clock)
    await report("MEI")
    lead = (await report("BAO")).lead
    chen = await visit(new_client, "CHEN")
    assert (await chen.open(f"/leads/again/{lead}")).status_code == 404
    assert (await chen.send(f"/leads/{lead}/watch", {})).status_code == 404
    assert (await chen.send(f"/leads/again/{lead}", {})).status_code == 404
    assert "周女士" not in await chen.read(f"/leads/new?done={lead}")


async def test_a_customer_enters_their_own_number_at_a_colleagues_code(
    new_client: NewClient, clock: Clock
) -> None:
    await take_leads(clock)
    mei = await visit(new_client, "MEI")
    page = (await mei.open("/leads/door")).text
    code = re.search(r"http://leitai\.test/l/([0-9A-Z]{8})", page)
    assert code is not None
    customer = Visitor(new_client())
    for path in (f"/l/{code[1]}", f"/L/{code[1]}", f"/l/{code[1].lower()}"):
        assert "梅 会请合适的同事联系您" in await customer.read(path)
    unticked = {"name": "安先生", "phone": "139 1234 0007", "tags": "renovation"}
    assert refusal("agreement_missing") in words(await customer.send(f"/l/{code[1]}", unticked))
    page = await customer.sent(f"/l/{code[1]}", unticked | {"agrees": "yes"})
    assert "谢谢" in page
    row = await db.value("SELECT to_jsonb(l) FROM lead l WHERE id = $1", await only_lead())
    assert (row["door"], row["consent"], row["reporter"]) == (
        *("self", "customer"),
        str(await person_id("MEI")),
    )
    assert await told("MEI") == ["lead_by_code"]
    assert await db.value("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'lead_message'") == 0
    # Again, and as a colleague's: the customer hears the same.
    assert "谢谢" in await customer.sent(f"/l/{code[1]}", unticked | {"agrees": "yes"})
    bao = await doors.door_of(await person_id("BAO"), "leads")
    assert "谢谢" in await customer.sent(f"/l/{bao.code}", unticked | {"agrees": "yes"})
    assert await told("BAO") == ["lead_taken"]
    assert (await customer.open("/l/00000000")).status_code == 404


async def test_one_colleague_has_one_code(clock: Clock, app: object) -> None:
    await take_leads(clock)
    mei = await person_id("MEI")
    assert (await doors.door_of(mei, "leads")).code == (await doors.door_of(mei, "leads")).code


async def test_the_desk_decides_one_and_many(new_client: NewClient, clock: Clock) -> None:
    await take_leads(clock)
    leads = [(await report("MEI", f"1381234000{n}", note=f"第{n}条")).lead for n in range(3)]
    op = await visit(new_client, "OP")
    page = await op.open("/leads/desk")
    assert [f"第{n}条" in words(page) for n in range(3)] == [True] * 3
    assert "13812340000" not in page.text
    assert page.text.count(" checked") == 1
    assert refusal("no_leads_chosen") in words(await op.send("/leads/desk", {"verdict": "valid"}))
    unsaid = await op.send("/leads/desk", {"verdict": "not", "lead": str(leads[0])})
    assert refusal("reason_missing") in words(unsaid)

    said = {"verdict": "not", "reason": "false_number", "note": "停机", "lead": str(leads[0])}
    assert "审完 1 条" in await op.sent("/leads/desk", said)
    reason = await db.value("SELECT reason FROM lead WHERE id = $1", leads[0])
    assert reason == "号码不真实：停机"
    key = value_of(await op.open("/leads/desk"), "idempotency_key")
    form = {"verdict": "valid", "idempotency_key": key, "lead": [str(each) for each in leads[1:]]}
    answer = await op.client.post("/leads/desk", data=form)
    assert answer.headers["location"] == "/leads/desk?done=2&passed=0"
    assert [await stage_of(each) for each in leads[1:]] == ["valid", "valid"]
    assert (await queries.queue(await person_id("OP"), TUESDAY)).count == 0
    assert "没有线索在等" in await op.read("/leads/desk")


async def test_the_desk_shows_what_is_late(
    new_client: NewClient, clock: Clock, pages_at: Callable[[datetime], None]
) -> None:
    pages_at(TUESDAY)
    await take_leads(clock)
    await report("MEI")
    op = await visit(new_client, "OP")
    assert "明天 10:00 前" in await op.read("/leads/desk")
    await clock.set(TUESDAY + DAYS + timedelta(minutes=1))
    page = await op.read("/leads/desk")
    assert "1 条已超时" in page
    assert "10:00 起超时" in page


async def test_the_blacklist_is_kept_by_operations(new_client: NewClient, clock: Clock) -> None:
    await take_leads(clock)
    op = await visit(new_client, "OP")
    assert "名单是空的" in await op.read("/blacklist")
    unsaid = await op.send("/blacklist", {"phone": PHONE, "reason": ""})
    assert refusal("reason_missing") in words(unsaid)
    page = await op.sent("/blacklist", {"phone": PHONE, "reason": "同行"})
    assert "138****0001" in page
    found = await op.send("/blacklist/find", {"wanted": "13812340001"})
    assert "138****0001" in words(found)
    customer = value_of(found, "customer")
    other = await op.send("/blacklist/find", {"wanted": "13812340002"})
    assert "这个号码不在名单上" in words(other)
    page = await op.sent("/blacklist/remove", {"customer": customer, "reason": "弄错了"})
    assert "名单是空的" in page


@pytest.mark.parametrize(
    ("path", "who"),
    [("/leads/desk", "MEI"), ("/blacklist", "MEI"), ("/blacklist", "SAL"), ("/leads/desk", "FI")],
)
async def test_desks_are_for_operations(
    new_client: NewClient, clock: Clock, path: str, who: str
) -> None:
    await take_leads(clock)
    assert (await (await visit(new_client, who)).open(path)).status_code == 403


async def test_without_a_plan_the_form_says_so(new_client: NewClient, clock: Clock) -> None:
    await take_leads(clock)
    closed = PLAN.format(version=2, checks=1, limit=1)
    await launch(closed[: closed.index("[leads]")])
    mei = await visit(new_client, "MEI")
    assert "现在没有方案收线索" in await mei.read("/leads/new")
    assert (await mei.send("/leads", TYPED)).status_code == 409


async def test_the_api_answers_once_per_key(client: httpx.AsyncClient, clock: Clock) -> None:
    await take_leads(clock)
    cast = Cast(client)
    lead = {"name": "周女士", "phone": PHONE, "agrees": True, "tags": ["home"]}
    first = await cast.post("MEI", "/api/leads", lead, key="k1")
    assert first.status_code == 201, first.text
    assert first.json()["stage"] == "submitted"
    assert (await cast.post("MEI", "/api/leads", lead, key="k1")).json() == first.json()
    other = await cast.post("MEI", "/api/leads", lead | {"name": "周"}, key="k1")
    assert other.json()["error"] == "idempotency_mismatch"
    second = await cast.post("BAO", "/api/leads", lead)
    assert second.json()["until"] == (TUESDAY + 30 * DAYS).isoformat().replace("+00:00", "Z")
    refused = await cast.post("BAO", "/api/leads", lead | {"agrees": False, "phone": "13812340002"})
    assert refused.json()["error"] == "agreement_missing"
