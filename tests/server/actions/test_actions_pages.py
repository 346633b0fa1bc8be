"""Reporting on a phone: what is typed is kept, a double tap is one action, photos say nothing."""

from datetime import timedelta
from io import BytesIO

import httpx
import pytest
from PIL import Image

from server.kit import db
from server.plans import commands as plans
from tests.support.field import STARTS, act, open_plan, plan_text
from tests.support.services import Clock
from tests.support.visitor import NewClient, Visitor, checked, refusal, value_of, visit, words

VISIT = {"kind": "field/visit", "customer": "13812341234", "note": "约在周三", "happened_at": ""}


@pytest.fixture
async def mei(new_client: NewClient, clock: Clock) -> Visitor:
    await open_plan(clock)
    return await visit(new_client, "MEI")


async def actions_count() -> int:
    return int(await db.value("SELECT count(*) FROM action"))


def photo(size: tuple[int, int] = (3000, 2000), kind: str = "JPEG") -> bytes:
    """A picture that says where and when it was taken, and lies on its side."""
    picture, body = Image.new("RGB", size, "red"), BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # turned right
    exif[0x010F] = "Phone of Mei"
    picture.save(body, kind, exif=exif)
    return body.getvalue()


async def test_the_form_offers_what_the_plan_counts(mei: Visitor) -> None:
    said = await mei.read("/actions/new")
    for shown in ("电话", "加微信", "拜访", "+2", "+5"):
        assert shown in said
    preset = await mei.open("/actions/new?kind=field/visit")
    assert checked(preset, "kind") == "field/visit"


async def test_a_report_says_what_it_will_be_worth_and_waits(mei: Visitor) -> None:
    assert "已提交：拜访，通过后 +5 分" in await mei.sent("/actions", VISIT)
    mine = await mei.read("/actions")
    assert "拜访" in mine
    assert "138****1234" in mine
    assert "通过后 +5" in mine
    assert "没有" not in await mei.read("/actions?state=pending")


async def test_a_double_tap_is_one_action(mei: Visitor) -> None:
    first = await mei.send("/actions", VISIT, key="tap")
    second = await mei.send("/actions", VISIT, key="tap")
    assert first.headers["location"] == second.headers["location"]
    assert await actions_count() == 1


async def test_a_used_key_with_other_words_is_refused_and_replaced(mei: Visitor) -> None:
    await mei.send("/actions", VISIT, key="tap")
    other = await mei.send("/actions", VISIT | {"note": "另一条"}, key="tap")
    assert other.status_code == 422
    assert refusal("idempotency_mismatch") in words(other)
    assert "另一条" in other.text
    assert value_of(other, "idempotency_key") != "tap"
    assert await actions_count() == 1


@pytest.mark.parametrize(
    ("typed", "code", "facts"),
    [
        ({"customer": "王先生"}, "customer_unreadable", {}),
        ({"customer": "+86 138"}, "customer_unreadable", {}),
        ({"kind": "field/nothing"}, "kind_unknown", {}),
        ({"kind": ""}, "kind_unknown", {}),
        ({"note": "长" * 501}, "note_too_long", {"most": 500}),
    ],
)
async def test_a_refused_report_keeps_what_was_typed(
    mei: Visitor, typed: dict[str, str], code: str, facts: dict[str, object]
) -> None:
    answer = await mei.send("/actions", VISIT | typed, key="mine")
    form = VISIT | typed
    assert answer.status_code == 422
    assert refusal(code, **facts) in words(answer)
    assert value_of(answer, "customer") == form["customer"]
    assert form["note"] in answer.text
    assert value_of(answer, "idempotency_key") == "mine"
    assert await actions_count() == 0


async def test_a_photo_is_small_upright_and_says_nothing(
    mei: Visitor, new_client: NewClient
) -> None:
    await mei.sent("/actions", VISIT, files={"photos": ("IMG.jpg", photo(), "image/jpeg")})
    path = f"/evidence/{await db.value('SELECT id FROM evidence')}"
    answer = await mei.open(path)
    assert answer.headers["content-type"] == "image/jpeg"
    assert b"Phone of Mei" not in answer.content
    with Image.open(BytesIO(answer.content)) as kept:
        assert not kept.getexif()
        assert kept.size == (1067, 1600)
    reviewer, colleague = await visit(new_client, "OP"), await visit(new_client, "BAO")
    assert (await reviewer.open(path)).status_code == 200
    assert (await colleague.open(path)).status_code == 404


@pytest.mark.parametrize("body", [b"not a picture", photo()[:400], b"GIF89a" + bytes(40)])
async def test_what_is_no_photo_is_refused_and_the_words_stay(mei: Visitor, body: bytes) -> None:
    answer = await mei.send("/actions", VISIT, files={"photos": ("x.jpg", body, "image/jpeg")})
    assert answer.status_code == 422
    assert refusal("photo_unreadable") in words(answer)
    assert VISIT["note"] in answer.text
    assert await actions_count() == 0


async def test_three_photos_are_the_most(mei: Visitor) -> None:
    four = [("photos", (f"{n}.png", photo((40, 30), "PNG"), "image/png")) for n in range(4)]
    answer = await mei.send("/actions", VISIT, files=four)
    assert answer.status_code == 422
    assert refusal("too_many_photos", most=3) in words(answer)
    assert (await mei.send("/actions", VISIT, files=four[:3])).status_code == 303
    assert await db.value("SELECT count(*) FROM evidence") == 3


async def test_a_body_of_10_mb_is_refused_in_words(mei: Visitor) -> None:
    large = {"photos": ("x.jpg", bytes(10_000_001), "image/jpeg")}
    answer = await mei.send("/actions", VISIT, files=large)
    assert answer.status_code == 413
    assert refusal("too_large") in words(answer)


async def test_text_that_is_no_utf_8_is_refused(mei: Visitor) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="note"\r\n\r\n\xff\xfe\r\n--b--\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = await mei.client.post("/actions", content=body, headers=headers)
    assert answer.status_code == 400
    assert refusal("malformed") in words(answer)


async def test_another_site_reports_nothing(mei: Visitor) -> None:
    answer = await mei.client.post("/actions", data=VISIT, headers={"Origin": "http://evil.test"})
    assert answer.status_code == 403
    assert refusal("foreign_origin") in words(answer)
    assert await actions_count() == 0


async def test_why_an_action_scores_nothing_is_said(
    mei: Visitor, new_client: NewClient, clock: Clock
) -> None:
    for _ in range(2):
        await act("MEI", "chat")
    said = await mei.sent("/actions", VISIT | {"kind": "field/chat", "customer": ""})
    assert "这条不计分：超出上限：每天最多 2 条" in said

    await act("BAO", "visit", "A-7")
    said = await mei.sent("/actions", VISIT | {"customer": "A-7"})
    until = (STARTS + timedelta(days=30)).strftime("%m-%d")
    assert f"这位客户已计过分，{until} 09:00 后可再报" in said

    struck = await act("MEI", "visit", "A-8", by=None)
    reviewer = await visit(new_client, "OP")
    await reviewer.send(
        f"/reviews/{struck}", {"verdict": "struck", "reason": "unclear", "note": "只见背影"}
    )
    assert "林芳 未通过：证据看不清：只见背影" in await mei.read("/actions?state=refused")


async def test_older_actions_are_one_tap_away(mei: Visitor) -> None:
    for _ in range(32):
        await act("MEI", by=None)
    first = await mei.open("/actions")
    assert words(first).count("通过后 +2") == 30
    assert "/actions?state=all&amp;before=" in first.text
    older = first.text.split('href="/actions?state=all&amp;before=')[1].split('"')[0]
    assert words(await mei.open(f"/actions?state=all&before={older}")).count("通过后 +2") == 2


async def test_a_colleague_s_report_is_not_thanked_for(mei: Visitor, new_client: NewClient) -> None:
    answer = await mei.send("/actions", VISIT)
    other = await visit(new_client, "BAO")
    assert "已提交" not in await other.read(answer.headers["location"])


async def test_nobody_reports_without_signing_in(client: httpx.AsyncClient, clock: Clock) -> None:
    await open_plan(clock)
    door = await client.get("/actions/new")
    assert (door.status_code, door.headers["location"].split("?")[0]) == (303, "/sign-in")
    assert (await client.post("/actions", data=VISIT)).status_code == 401


TALENT = """
[actions.placement]
title = { zh_Hans = "人才入职", zh_Hant = "人才入職", en = "Placement" }
points = 8
handed_over = 3
needs = { people = 2, days = 3 }
"""


async def test_the_form_asks_how_it_came_about_and_who_started_work(
    mei: Visitor, new_client: NewClient, clock: Clock
) -> None:
    assert "怎么促成的" not in await mei.read("/actions/new")
    await clock.advance(days=1)
    text = plan_text(version=2, battle=False).replace(
        "[[multipliers]]", f"{TALENT}\n[[multipliers]]"
    )
    await plans.draft(text, None)
    await plans.launch("field", 2, None)
    asked = await mei.read("/actions/new")
    assert "怎么促成的" in asked
    assert "第 2 人的上岗日期" in (await mei.open("/actions/new")).text
    form = VISIT | {"kind": "field/placement", "mode": "handed_over", "customer": ""}
    missing = await mei.send("/actions", form | {"starter_1": "S-1"}, key="a")
    assert refusal("starter_unreadable") in words(missing)
    started = {"starter_1": "13812340009", "since_1": "2026-11-01", "starter_2": "S-2"}
    said = await mei.sent("/actions", form | started | {"since_2": "2026-11-02"})
    assert "已提交：人才入职，通过后 +3 分" in said
    assert "转接促成 · 通过后 +3" in await mei.read("/actions")
    again = await mei.sent("/actions", form | {"starter_1": "S-2", "since_1": "2026-11-02"})
    assert "在岗满 3 天" in again, "one is too few"
    op = await visit(new_client, "OP")
    await op.sees("/reviews", "转接促成", "138****0009，11-01 上岗")
