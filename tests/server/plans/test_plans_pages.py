"""Plans: told in words, kept as drafts with every fault listed, launched with their open figures."""

import html
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from litestar.types import ASGIApp

from game.plan import parse_plan, template
from server.kit import db
from tests.support.cast import DESK, bring_in
from tests.support.field import CUT_OFF, EVE, FIGHTERS, STARTS, plan_text
from tests.support.services import Clock
from tests.support.visitor import NewClient, Visitor, refusal, value_of, visit, words

ASKED = (
    'ask = ["battles[0].starts", "battles[0].cut_off", "battles[0].stake", "actions.call.points"]'
)


def asking(**terms: object) -> str:
    """The field's plan, with open figures."""
    return plan_text(**terms).replace(
        'timezone = "Asia/Shanghai"', f'timezone = "Asia/Shanghai"\n{ASKED}'
    )  # type: ignore[arg-type]


ANSWERS = {
    "battles[0].starts": "2026-11-23T09:00",
    "battles[0].cut_off": "2026-11-23T17:00",
    "battles[0].stake.asset": "cash",
    "battles[0].stake.funded_by": "company",
    "battles[0].stake.by_rank.staff": "¥1,000.50",
    "battles[0].stake.by_rank.supervisor": "2",
    "battles[0].stake.by_rank.manager": "3",
    "actions.call.points": "4",
}


@pytest.fixture
async def wen(app: ASGIApp, new_client: NewClient, clock: Clock) -> Visitor:
    """Wen, who administers, on the eve."""
    await clock.set(EVE)
    await bring_in([*FIGHTERS, *DESK])
    return await visit(new_client, "AD")


async def drafted(wen: Visitor, document: str) -> str:
    return await wen.sent("/plans", {"document": document, "back": ""})


async def test_a_template_is_told_in_words_before_it_is_used(wen: Visitor) -> None:
    assert "全员营销擂台" in await wen.read("/plans")
    said = await wen.read("/plans/pk-campaign")
    for shown in (
        "模板，尚未上线", "同一客户 30 天计一次", "客户成功一队、客户成功二队", "军令状 · 员工",
        "¥100", "公司出，谁都不会亏", "归第一名，按队员得分分", "先到者胜",
    ):  # fmt: skip
        assert shown in said, shown


async def test_a_plan_says_caps_and_multipliers(wen: Visitor) -> None:
    said = await drafted(wen, plan_text(score="best_n", best_n=2, tie="share", share="by_stake"))
    for shown in ("每天最多 2 条", "× 1.5", "前 2 名得分之和", "平分奖池", "按军令状分", "草稿"):
        assert shown in said, shown


async def test_every_fault_is_listed_and_the_text_stays(wen: Visitor) -> None:
    document = '[plan]\nid = "Ü"\nversion = 0\nunknown = 1\n[actions.a]\npoints = "x"\n'
    answer = await wen.send("/plans", {"document": document, "back": ""}, key="mine")
    assert answer.status_code == 422
    said = words(answer)
    for path in ("plan.id", "plan.version", "plan.unknown", "plan.title", "actions.a.points"):
        assert path in said, path
    assert "现在是：没有填" in said
    assert html.escape(document, quote=False) in html.unescape(answer.text).replace("&#34;", '"')
    assert value_of(answer, "idempotency_key") == "mine"
    assert await db.value("SELECT count(*) FROM plan") == 0


async def test_a_text_that_is_no_toml_is_refused(wen: Visitor) -> None:
    answer = await wen.send("/plans", {"document": "not = = toml", "back": ""})
    assert answer.status_code == 422
    assert "TOML" in words(answer)


async def test_a_file_wins_over_the_text(wen: Visitor) -> None:
    body = b"\xef\xbb\xbf" + plan_text().encode()
    files = {"file": ("plan.toml", body, "text/plain")}
    assert "试" in await wen.sent("/plans", {"document": "", "back": ""}, files=files)


async def test_a_file_that_is_no_text_is_refused(wen: Visitor) -> None:
    files = {"file": ("plan.toml", b"\xff\xfe\x00", "text/plain")}
    answer = await wen.send("/plans", {"document": "kept", "back": ""}, files=files)
    assert answer.status_code == 422
    assert refusal("document_unreadable") in words(answer)
    assert "kept" in answer.text


async def test_a_version_is_stored_once(wen: Visitor) -> None:
    await drafted(wen, plan_text())
    answer = await wen.send("/plans", {"document": plan_text(call=3), "back": "field"})
    assert answer.status_code == 409
    assert refusal("plan_version_taken", version=1) in words(answer)
    editor = await wen.open("/plans/field/edit")
    assert "version = 2" in editor.text


async def test_launching_asks_in_the_plan_s_zone_and_in_yuan(wen: Visitor) -> None:
    await drafted(wen, asking(starts=STARTS, cut_off=CUT_OFF))
    page = await wen.open("/plans/field/launch")
    assert value_of(page, "battles[0].starts") == "2026-11-23T09:00"
    assert value_of(page, "battles[0].stake.by_rank.manager") == "3"
    assert value_of(page, "actions.call.points") == "2"
    assert "军令状 · 经理" in words(page)


async def test_a_launch_stores_the_answers_as_the_next_version(
    wen: Visitor, new_client: NewClient
) -> None:
    await drafted(wen, asking())
    assert "报名中" in await wen.sent("/plans/field/launch", ANSWERS)
    assert await db.value("SELECT max(version) FROM plan WHERE launched_at IS NOT NULL") == 2
    document = await db.value("SELECT document FROM plan WHERE version = 2")
    plan = parse_plan(document)
    rule = plan.battle("duel")
    assert (rule.starts, rule.cut_off) == (STARTS, CUT_OFF)
    assert rule.stake is not None
    assert rule.stake.by_rank == {"staff": 100050, "supervisor": 200, "manager": 300}
    assert plan.actions["call"].points == 4
    assert "上线" in await wen.read("/plans/field")
    assert "文管理 编写" in await wen.read("/plans/field?version=1")
    mei = await visit(new_client, "MEI")
    assert "+4" in await mei.read("/plans/field")


async def test_an_unchanged_draft_is_launched_itself(wen: Visitor) -> None:
    await drafted(wen, plan_text())
    assert "没有待填项" in await wen.read("/plans/field/launch")
    await wen.sent("/plans/field/launch", {})
    assert await db.value("SELECT count(*) FROM plan") == 1


async def test_two_taps_launch_once(wen: Visitor) -> None:
    await drafted(wen, asking())
    for _ in range(2):
        answer = await wen.send("/plans/field/launch", ANSWERS, key="tap")
        assert answer.status_code == 303
    assert await db.value("SELECT count(*) FROM battle") == 1


async def test_a_template_is_launched_without_storing_it_first(
    wen: Visitor, new_client: NewClient
) -> None:
    await bring_in(
        [
            ("K1", "周", "staff", "一队", "客户成功一队", ""),
            ("K2", "吴", "staff", "二队", "客户成功二队", ""),
        ]
    )
    page = await wen.open("/plans/pk-campaign/launch")
    form = {path: value_of(page, path) for path in parse_plan(template("pk-campaign")).ask}
    assert "客户开发擂台" in await wen.sent("/plans/pk-campaign/launch", form)
    assert await db.value("SELECT version FROM plan WHERE launched_at IS NOT NULL") == 1


async def test_wrong_figures_are_named_beside_their_fields(wen: Visitor) -> None:
    await drafted(wen, asking())
    wrong = ANSWERS | {
        "battles[0].starts": "soon",
        "battles[0].stake.by_rank.staff": "ten",
        "actions.call.points": "4.5",
    }
    answer = await wen.send("/plans/field/launch", wrong)
    assert answer.status_code == 422
    said = words(answer)
    for sentence in ("请填日期和时间", "请填金额（元）", "请填整数"):
        assert sentence in said, sentence
    assert value_of(answer, "battles[0].stake.by_rank.staff") == "ten"
    assert value_of(answer, "battles[0].cut_off") == "2026-11-23T17:00"
    assert await db.value("SELECT count(*) FROM battle") == 0


async def test_figures_that_make_no_plan_are_listed(wen: Visitor) -> None:
    await drafted(wen, asking())
    turned = ANSWERS | {"battles[0].cut_off": "2026-11-23T08:00"}
    answer = await wen.send("/plans/field/launch", turned)
    assert answer.status_code == 422
    assert "battles[0].cut_off" in words(answer)
    assert value_of(answer, "battles[0].cut_off") == "2026-11-23T08:00"


async def test_a_battle_of_yesterday_is_not_launched(
    wen: Visitor, new_client: NewClient, clock: Clock
) -> None:
    await drafted(wen, asking())
    await clock.set(CUT_OFF + timedelta(days=1))
    wen = await visit(new_client, "AD")  # an administrator's session has ended by then
    answer = await wen.send("/plans/field/launch", ANSWERS)
    assert answer.status_code == 422
    assert refusal("battle_in_the_past") in words(answer)
    assert value_of(answer, "battles[0].starts") == ANSWERS["battles[0].starts"]
    assert await db.value("SELECT count(*) FROM plan WHERE launched_at IS NOT NULL") == 0


async def test_employees_read_what_is_launched_and_change_nothing(
    wen: Visitor, new_client: NewClient
) -> None:
    await drafted(wen, plan_text())
    mei = await visit(new_client, "MEI")
    assert "还没有上线的方案" in await mei.read("/plans")
    assert (await mei.open("/plans/field")).status_code == 404
    await wen.sent("/plans/field/launch", {})
    assert "电话" in await mei.read("/plans/field")
    assert "修改方案文件" not in await mei.read("/plans/field")
    for path in ("/plans/new", "/plans/field/edit", "/plans/field/launch"):
        assert (await mei.open(path)).status_code == 403, path
    for path in ("/plans", "/plans/field/launch"):
        assert (await mei.send(path, {"document": "x"})).status_code == 403, path


async def test_a_later_draft_is_not_shown_to_employees(wen: Visitor, new_client: NewClient) -> None:
    await drafted(wen, plan_text())
    await wen.sent("/plans/field/launch", {})
    await drafted(wen, plan_text(version=2, call=9))
    mei = await visit(new_client, "MEI")
    assert "+9" not in await mei.read("/plans/field")
    assert "+9" in await wen.read("/plans/field")


async def test_an_unknown_plan_is_not_here(wen: Visitor) -> None:
    for path in ("/plans/nothing", "/plans/nothing/launch", "/plans/nothing/edit"):
        assert (await wen.open(path)).status_code == 404, path


async def test_everything_in_a_template_is_told_in_words(wen: Visitor) -> None:
    told = await wen.read("/plans/full-participation")
    for shown in (
        "说书人 铜 1 · 银 10 · 金 50 写客户故事，让好口碑有人听",
        "月度营销之星 每月 · 100 分 让最多人认识我们的同事 授予同事 · 1 名 · 按做成的事评出",
        "季度转介绍十强 每季度 · 20 职业积分",
        "开业日挑战 到 21:00", "每月最多 2 次 每人带来一位意向客户 每人 1 次", "奖金池 300 分",
        "奖金池 ¥1,000", "完成 80% 时发放",
    ):  # fmt: skip
        assert shown in told, shown
    told = await wen.read("/plans/word-of-mouth")
    for shown in (
        "新客见面礼 ¥200 首单可用 · 90 天内有效",
        "首单 9 折 付 90%",
        "专属礼券 ¥100 满 ¥1,000 可用 · 30 天内有效",
        "新朋友得 新客见面礼、首单 9 折、迎新礼包", "客户每成一单得 推荐答谢",
        "满 3 单 推荐三单奖、免费服务一次", "成交满 ¥50,000 尊享服务", "同事每成一单得 50 分",
        "新朋友归邀请人 90 天", "退款后 收回未核销的券、积分、阶梯计数",
        "同事专属券 专属礼券 · 每月最多 30 次",
    ):  # fmt: skip
        assert shown in told, shown


async def test_the_list_says_what_each_template_has(wen: Visitor) -> None:
    listed = await wen.read("/plans")
    assert "全员参与激励营销 10 种行动 · 20 枚徽章 · 10 个称号 · " in listed
    assert "口碑推荐 10 种券 · 1 个转介绍活动" in listed


@pytest.mark.parametrize("name", ["full-participation", "word-of-mouth"])
async def test_templates_without_battles_are_launched_beside_others(
    wen: Visitor, name: str, pages_at: Callable[[datetime], None]
) -> None:
    pages_at(EVE)
    await drafted(wen, asking())
    await wen.sent("/plans/field/launch", ANSWERS)
    page = await wen.open(f"/plans/{name}/launch")
    form = {path: value_of(page, path) for path in parse_plan(template(name)).ask}
    launched = await wen.sent(f"/plans/{name}/launch", form)
    assert "第 1 版 · 今天 09:00 上线" in launched
    assert await db.value("SELECT count(*) FROM plan WHERE launched_at IS NOT NULL") == 2


async def test_coupons_are_asked_for_in_yuan(wen: Visitor) -> None:
    page = await wen.open("/plans/word-of-mouth/launch")
    assert "新客见面礼 面值" in words(page)
    form = {path: value_of(page, path) for path in parse_plan(template("word-of-mouth")).ask}
    assert form["coupons.newcomer.value"] == "200"
    said = await wen.sent("/plans/word-of-mouth/launch", form | {"coupons.newcomer.value": "88.50"})
    assert "新客见面礼 ¥88.50" in said
