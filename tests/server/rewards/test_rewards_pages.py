"""The pages of rewards: what is shown kindly, tickets, the desk, the shelves, suggestions."""

import re
from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image

from server.kit import db
from tests.support.services import Clock
from tests.support.shelves import (
    code_of,
    give,
    notices_of,
    open_shelves,
    purse,
    put,
    redeem,
    state_of,
    stock_of,
)
from tests.support.visitor import NewClient, Visitor, refusal, value_of, visit, words

GIFT = {
    "kind": "gift", "title_zh_Hans": "陶瓷杯", "title_en": "Mug", "points": "80", "stock": "3",
    "keeps_days": "14", "limit_per": "month",
}  # fmt: skip


@pytest.fixture
async def mei(new_client: NewClient, clock: Clock) -> Visitor:
    await open_shelves(clock)
    await give("MEI", 300)
    return await visit(new_client, "MEI")


@pytest.fixture
async def desk(mei: Visitor, new_client: NewClient) -> Visitor:
    return await visit(new_client, "OP")


@pytest.fixture
async def till(mei: Visitor, new_client: NewClient) -> Visitor:
    return await visit(new_client, "TILL")


async def ask(mei: Visitor, reward: Any, **more: str) -> str:
    """Redeem through the page; returns the path of the ticket."""
    answer = await mei.send(f"/rewards/{reward}/redeem", {"points": "100", "note": ""} | more)
    assert answer.status_code == 303, words(answer)
    return answer.headers["location"].partition("?")[0]


async def test_the_catalogue_begins_with_what_can_be_had(mei: Visitor) -> None:
    await put(title={"zh_Hans": "相机"}, points=900)
    await put(title={"zh_Hans": "总监席"}, ranks=("director",))
    await put(title={"zh_Hans": "电影票"}, stock=0)
    await put(title={"zh_Hans": "雨伞"}, stock=4)
    said = await mei.read("/rewards")
    assert "可用积分 300" in said
    assert "还差 600 分" in said
    assert "还剩 4 份" in said
    assert "仅限 总监" in said
    order = [said.index(each) for each in ("现在就能兑", "雨伞", "相机", "电影票", "总监席")]
    assert order == sorted(order)


async def test_an_empty_catalogue_says_what_to_do(mei: Visitor, desk: Visitor) -> None:
    assert "说说你想要什么" in await mei.read("/rewards")
    assert "先上架一份福利" in await desk.read("/rewards")
    assert "看看积分能换什么" in await mei.read("/redemptions")


async def test_a_gift_goes_from_one_tap_to_the_counter(mei: Visitor, till: Visitor) -> None:
    cup = await put(stock=2)
    assert "兑换后剩 200" in await mei.read(f"/rewards/{cup}")
    path = await ask(mei, cup)
    shown = await mei.open(path)
    code = await code_of(path.rsplit("/", 1)[-1])
    assert f"{code[:4]}-{code[4:]}" in words(shown)
    assert "<svg" in shown.text
    assert "冻结 100 分" in words(shown)
    assert "待兑换 100" in await mei.read("/wallet")

    found = await till.read(f"/redemptions/desk?code={code[:4].lower()}-{code[4:].lower()}")
    assert "梅" in found
    assert "已交给本人" in found
    done = await till.sent(f"{path}/fulfil", {"code": code})
    assert "已发放：保温杯，给 梅" in done
    said = await mei.read(path)
    assert "已领取" in said
    assert "经手：丁店员" in said
    assert f"{code[:4]}-{code[4:]}" not in said


async def test_the_qr_code_leads_staff_to_the_desk_and_others_home(
    mei: Visitor, till: Visitor
) -> None:
    code = await code_of(await redeem("MEI", await put()))
    for path in (f"/P/{code}", f"/p/{code.lower()}"):
        answer = await till.open(path)
        assert answer.headers["location"] == f"/redemptions/desk?code={code}"
    assert (await mei.open(f"/P/{code}")).headers["location"] == "/redemptions"
    answer = await till.open("/redemptions/desk?code=ABCD1234")
    assert answer.status_code == 404
    assert refusal("redemption_unknown") in words(answer)
    assert "wasm-unsafe-eval" in answer.headers["content-security-policy"]


async def test_wrong_codes_are_counted(mei: Visitor, till: Visitor) -> None:
    code = await code_of(await redeem("MEI", await put()))
    for _ in range(20):
        assert (await till.open("/redemptions/desk?code=ABCD1234")).status_code == 404
    assert (await till.open(f"/redemptions/desk?code={code}")).status_code == 429


async def test_leave_is_asked_for_approved_and_explained(mei: Visitor, desk: Visitor) -> None:
    leave = await put("leave", title={"zh_Hans": "半天假", "en": "Half a day off"})
    path = await ask(mei, leave, note="周五下午")
    assert "等同事审批" in await mei.read(path)
    queue = await desk.read("/redemptions/desk")
    for shown in ("梅", "半天假", "周五下午", "批准"):
        assert shown in queue
    done = await desk.sent(f"{path}/decide", {"outcome": "approved", "reason": ""})
    assert "已批准：梅 的 半天假" in done
    assert "没有待审批的" in done

    wallet = await mei.open("/wallet")
    assert "半天假" in words(wallet)
    assert "假期 · 林芳 批准" in words(wallet)
    entry = await db.value("SELECT id FROM transfer WHERE kind = 'redemption'")
    explained = await mei.read(f"/wallet/{entry}")
    for shown in ("半天假", "林芳", "周五下午", "兑换时积分已冻结"):
        assert shown in explained


async def test_a_refusal_needs_its_reason_and_gives_the_points_back(
    mei: Visitor, desk: Visitor
) -> None:
    path = await ask(mei, await put("leave"))
    answer = await desk.send(f"{path}/decide", {"outcome": "refused", "reason": " "})
    assert answer.status_code == 422
    assert refusal("reason_missing") in words(answer)
    said = await desk.sent(f"{path}/decide", {"outcome": "refused", "reason": "周五要盘点"})
    assert "梅 会看到原因" in said
    told = await mei.read(path)
    assert "未批准" in told
    assert "周五要盘点" in told
    assert await purse("MEI") == (300, 0)
    again = await desk.send(f"{path}/decide", {"outcome": "approved", "reason": ""})
    assert again.status_code == 409
    assert refusal("redemption_over") in words(again)


async def test_who_changes_their_mind_has_the_points_at_once(mei: Visitor) -> None:
    cup = await put(stock=1)
    path = await ask(mei, cup)
    assert "已取消" in await mei.sent(f"{path}/cancel", {})
    assert (await purse("MEI"), await stock_of(cup)) == ((300, 0), 1)
    answer = await mei.send(f"{path}/cancel", {})
    assert answer.status_code == 409
    assert "已退回钱包" in await mei.read("/redemptions")


async def test_what_can_t_be_had_says_so_and_changes_nothing(mei: Visitor) -> None:
    gone, dear = await put(stock=0), await put(points=900)
    assert "最后一份刚被兑走" in await mei.read(f"/rewards/{gone}")
    assert "再去挣一些积分" in await mei.read(f"/rewards/{dear}")
    for reward, points, code, facts in (
        (gone, "100", "reward_sold_out", {}),
        (dear, "900", "reward_not_covered", {"missing": 600}),
        (await put(points=120), "100", "reward_price_changed", {"points": 120}),
        (await put(), "100x", "reward_price_changed", {"points": 100}),
    ):
        answer = await mei.send(f"/rewards/{reward}/redeem", {"points": points, "note": ""})
        assert answer.status_code == 409
        assert refusal(code, **facts) in words(answer)
    assert await db.value("SELECT count(*) FROM redemption") == 0


async def test_a_double_tap_is_one_redemption(mei: Visitor) -> None:
    cup, form = await put(), {"points": "100", "note": ""}
    answers = [await mei.send(f"/rewards/{cup}/redeem", form, key="tap") for _ in range(3)]
    assert {each.headers["location"] for each in answers} == {answers[0].headers["location"]}
    assert await purse("MEI") == (200, 100)
    other = await mei.send(f"/rewards/{cup}/redeem", form | {"note": "另"}, key="tap")
    assert other.status_code == 422
    assert value_of(other, "idempotency_key") != "tap"


async def test_a_ticket_is_its_owner_s(mei: Visitor, desk: Visitor) -> None:
    path = await ask(mei, await put())
    for each in ("", "/cancel"):
        answer = await (desk.open(path) if not each else desk.send(path + each, {}))
        assert answer.status_code == 404


def picture(kind: str = "PNG") -> bytes:
    body = BytesIO()
    Image.new("RGB", (2400, 1200), "teal").save(body, kind)
    return body.getvalue()


async def test_operations_keep_the_shelves(mei: Visitor, desk: Visitor) -> None:
    photo = {"picture": ("mug.png", picture(), "image/png")}
    said = await desk.sent(
        "/rewards/new", GIFT | {"low_stock": "1", "limit_most": "2"}, files=photo
    )
    assert "陶瓷杯" in said
    assert "每人每月 2 份" in said
    cup = await db.value("SELECT id FROM reward")
    shown = await mei.open(f"/rewards/{cup}")
    found = re.search(r'src="(/rewards/pictures/[^"]+)"', shown.text)
    assert found
    drawn = await mei.open(found[1])
    assert drawn.headers["content-type"] == "image/jpeg"
    with Image.open(BytesIO(drawn.content)) as kept:
        assert kept.size == (960, 480)

    form = await desk.open(f"/rewards/{cup}/edit")
    assert value_of(form, "title_en") == "Mug"
    await desk.sent(f"/rewards/{cup}/edit", GIFT | {"points": "90", "title_zh_Hans": "大杯"})
    assert "90" in await mei.read(f"/rewards/{cup}")
    assert (await mei.open(f"/rewards/{cup}")).text.count(found[1]) == 1

    assert "还剩 8 份" in await desk.sent(f"/rewards/{cup}/restock", {"pieces": "5"})
    answer = await desk.send(f"/rewards/{cup}/restock", {"pieces": "-9"})
    assert answer.status_code == 422
    assert await stock_of(cup) == 8
    assert "不限量" in await desk.sent(f"/rewards/{cup}/restock", {"pieces": ""})
    assert "已下架" in await desk.sent(f"/rewards/{cup}/archive", {})
    assert "大杯" not in await mei.read("/rewards")
    assert refusal("reward_archived") in await mei.read(f"/rewards/{cup}")
    await desk.sent(f"/rewards/{cup}/archive", {"offer": "1"})
    assert "大杯" in await mei.read("/rewards")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"points": "十"}, "reward_terms"),
        ({"points": ""}, "reward_terms"),
        ({"stock": "-1"}, "reward_terms"),
        ({"kind": "castle"}, "reward_terms"),
        ({"limit_most": "1", "limit_per": "hour"}, "reward_terms"),
        ({"keeps_days": "0"}, "reward_terms"),
        ({"title_zh_Hans": " ", "title_en": ""}, "reward_title_missing"),
        ({"kind": "coupon", "coupon": "shop/none"}, "reward_coupon_missing"),
    ],
)
async def test_a_refused_reward_keeps_what_was_typed(
    desk: Visitor, typed: dict[str, str], code: str
) -> None:
    form = GIFT | {"about_zh_Hans": "手工烧制"} | typed
    answer = await desk.send("/rewards/new", form, key="mine")
    assert answer.status_code in {409, 422}
    assert refusal(code) in words(answer)
    assert "手工烧制" in answer.text
    assert value_of(answer, "idempotency_key") == "mine"
    assert await db.value("SELECT count(*) FROM reward") == 0


async def test_what_is_no_picture_is_refused(desk: Visitor) -> None:
    files = {"picture": ("x.jpg", b"GIF89a" + bytes(40), "image/jpeg")}
    answer = await desk.send("/rewards/new", GIFT, files=files)
    assert answer.status_code == 422
    assert refusal("photo_unreadable") in words(answer)


async def test_a_suggestion_is_answered_and_becomes_a_reward(mei: Visitor, desk: Visitor) -> None:
    form = {"title": "摄影课", "why": "拍样板间"}
    assert "已提交" in await mei.sent("/rewards/suggestions", form)
    answer = await mei.send("/rewards/suggestions", form | {"why": " "})
    assert answer.status_code == 422
    assert value_of(answer, "title") == "摄影课"
    assert "拍样板间" in await desk.read("/rewards/suggestions")

    one = await db.value("SELECT id FROM reward_suggestion")
    path = f"/rewards/suggestions/{one}/answer"
    bare = await desk.send(path, {"outcome": "taken", "answer": " "})
    assert refusal("reason_missing") in words(bare)
    taken = await desk.send(path, {"outcome": "taken", "answer": "好主意，下周上架"})
    begun = await desk.open(taken.headers["location"])
    assert value_of(begun, "title_zh_Hans") == "摄影课"
    again = await desk.send(path, {"outcome": "declined", "answer": "不"})
    assert refusal("suggestion_answered") in words(again)

    await desk.sent("/rewards/new", GIFT | {"suggestion": str(one), "title_zh_Hans": "摄影课"})
    said = await mei.open("/rewards/suggestions")
    assert "好主意，下周上架" in words(said)
    assert f'/rewards/{await db.value("SELECT id FROM reward")}"' in said.text
    assert await notices_of("MEI") == ["suggestion_taken"]
    assert "好主意，下周上架" in await mei.read("/inbox")


ANYBODY = {"MEI", "TILL", "BOSS", "OP", "AU", "FI", "AD"}
ROLES = [
    ("GET", "/rewards", ANYBODY),
    ("GET", "/rewards/{reward}", ANYBODY),
    ("GET", "/redemptions", ANYBODY),
    ("GET", "/rewards/suggestions", ANYBODY),
    ("GET", "/redemptions/desk", {"TILL", "BOSS", "OP"}),
    ("GET", "/rewards/manage", {"OP", "AD"}),
    ("GET", "/rewards/new", {"OP", "AD"}),
    ("GET", "/rewards/{reward}/edit", {"OP", "AD"}),
    ("POST", "/rewards/new", {"OP", "AD"}),
    ("POST", "/rewards/{reward}/edit", {"OP", "AD"}),
    ("POST", "/rewards/{reward}/restock", {"OP", "AD"}),
    ("POST", "/rewards/{reward}/archive", {"OP", "AD"}),
    ("POST", "/rewards/suggestions/{suggestion}/answer", {"OP"}),
    ("POST", "/redemptions/{redemption}/fulfil", {"TILL", "BOSS", "OP"}),
    ("POST", "/redemptions/{redemption}/decide", {"OP"}),
    ("POST", "/api/redemptions/{redemption}/fulfil", {"TILL", "BOSS", "OP"}),
    ("POST", "/api/redemptions/{redemption}/decide", {"OP"}),
]


async def test_each_role_enters_what_is_its_own(mei: Visitor, new_client: NewClient) -> None:
    reward = await put()
    redemption = await redeem("MEI", reward)
    ids = {"reward": reward, "redemption": redemption, "suggestion": redemption}
    for code in sorted(ANYBODY):
        visitor = await visit(new_client, code)
        for method, path, allowed in ROLES:
            where = path.format(**ids)
            answer = await visitor.client.request(method, where, json=None)
            refused = answer.status_code == httpx.codes.FORBIDDEN and (
                refusal("not_allowed") in words(answer)
            )
            assert refused is (code not in allowed), (code, method, path, answer.status_code)
    assert await state_of(redemption) == "waiting"


async def test_customers_and_strangers_stay_outside(
    mei: Visitor, client: httpx.AsyncClient, new_client: NewClient
) -> None:
    await db.execute(
        "INSERT INTO person (id, code, name, kind)"
        " VALUES (gen_random_uuid(), 'ZHOU', '周女士', 'customer')"
    )
    zhou = await visit(new_client, "ZHOU")
    for path in ("/rewards", "/redemptions", "/api/rewards"):
        assert (await zhou.open(path)).status_code == 403
    door = await client.get("/rewards")
    assert (door.status_code, door.headers["location"].split("?")[0]) == (303, "/sign-in")
    assert (await client.get("/api/rewards")).status_code == 401


async def test_english_reads_english(mei: Visitor) -> None:
    reward = await put("leave")
    mei.client.cookies.set("locale", "en")
    said = await mei.read(f"/rewards/{reward}")
    assert "Thermos" in said
    assert "Redeem for 100 points" in said


async def test_today_says_what_waits_for_approval(mei: Visitor, desk: Visitor) -> None:
    assert "笔兑换等你" not in await desk.read("/")
    await redeem("MEI", await put("leave"))
    await redeem("MEI", await put("gift"))
    assert "1 笔兑换等你" in await desk.read("/")
