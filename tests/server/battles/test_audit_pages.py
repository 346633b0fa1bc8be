"""The audit: everything once more, the score before and after, the pot paid once."""

import csv
import io
from datetime import timedelta
from uuid import UUID

import pytest
from litestar.types import ASGIApp
from python_calamine import CalamineWorkbook

from server.battles import commands
from server.kit import db
from server.ledger.verification import verify
from tests.support.cast import bring_in, person_id
from tests.support.field import CUT_OFF, STARTS, act, begin, close, open_field, wallets
from tests.support.services import Clock
from tests.support.visitor import NewClient, Visitor, refusal, visit, words

ACCEPT = {"verdict": "accepted"}
STRIKE = {"verdict": "struck", "reason": "false", "note": ""}


@pytest.fixture
async def battle(app: ASGIApp, clock: Clock) -> UUID:
    """One side leads by two visits; something of the other waits."""
    battle = await open_field(clock, sponsor=400)
    await begin(clock, battle)
    await act("MEI", "visit", "A-1")
    await act("BAO", "visit", "A-2")
    await act("CHEN", "visit", "B-1")
    await clock.set(STARTS + timedelta(hours=1))
    await act("DAI", "visit", "B-2", by=None)
    return battle


@pytest.fixture
async def guo(battle: UUID, new_client: NewClient, clock: Clock) -> Visitor:
    """Guo of the audit group, after the cut-off."""
    await close(clock, battle)
    return await visit(new_client, "AU")


async def action_of(code: str) -> UUID:
    return await db.value("SELECT id FROM action WHERE person = $1", await person_id(code))


async def test_what_waits_comes_first_with_what_accepting_does(guo: Visitor, battle: UUID) -> None:
    said = await guo.read(f"/battles/{battle}/audit")
    assert "已审 3 / 4" in said
    assert "通过后：戴 +5，二队 5 → 10" in said
    assert "还有 1 条待审，审完才能发奖池" in said
    assert "结算并发放" not in said


async def test_settling_is_refused_while_something_waits(guo: Visitor, battle: UUID) -> None:
    answer = await guo.send(f"/battles/{battle}/settlement", {})
    assert answer.status_code == 409
    assert refusal("still_pending", count=1) in words(answer)
    assert await db.value("SELECT state FROM battle") == "auditing"


async def test_a_strike_turns_the_score_and_says_who_moved(guo: Visitor, battle: UUID) -> None:
    path = f"/battles/{battle}/audit"
    await guo.sent(f"{path}/{await action_of('DAI')}", ACCEPT)
    mei = await action_of("MEI")
    said = await guo.read(f"{path}?state=accepted&action={mei}")
    assert "林芳 已通过" in said
    assert "不通过后：梅 −5，一队 10 → 5" in said
    said = await guo.sent(f"{path}/{mei}?state=accepted", STRIKE)
    assert "未通过" in said
    assert "一队 10 5 1 → 2" in said
    assert "二队 5 10 2 → 1" in said
    assert "梅 一队 5 → 0" in said
    assert "二队拿下 ¥11，分给 2 人" in said


async def test_a_struck_action_may_be_accepted_again(guo: Visitor, battle: UUID) -> None:
    path, mei = f"/battles/{battle}/audit", await action_of("MEI")
    await guo.sent(f"{path}/{mei}", STRIKE)
    assert "通过后：梅 +5" in await guo.read(f"{path}?state=struck&action={mei}")
    assert "已通过：梅 +5" in await guo.sent(f"{path}/{mei}?state=struck", ACCEPT)


async def test_a_repeated_customer_stands_on_its_own_list(
    battle: UUID, new_client: NewClient, clock: Clock
) -> None:
    await act("BAO", "visit", "A-1", by=None)
    await close(clock, battle)
    guo = await visit(new_client, "AU")
    said = await guo.read(f"/battles/{battle}/audit?state=refused")
    assert "未得分 1" in said
    assert "宝 · 拜访" in said


async def test_a_reason_is_asked_for_on_the_same_action(guo: Visitor, battle: UUID) -> None:
    mei = await action_of("MEI")
    form = STRIKE | {"reason": "other"}
    answer = await guo.send(f"/battles/{battle}/audit/{mei}?state=accepted", form)
    assert answer.status_code == 422
    assert refusal("reason_missing") in words(answer)
    assert "梅 · 一队" in words(answer)


async def test_the_pot_is_paid_once_and_explained(
    guo: Visitor, battle: UUID, new_client: NewClient
) -> None:
    await guo.sent(f"/battles/{battle}/audit/{await action_of('DAI')}", STRIKE)
    said = await guo.read(f"/battles/{battle}/audit")
    assert "一队拿下 ¥11，分给 2 人" in said
    for _ in range(2):
        said = await guo.sent(f"/battles/{battle}/settlement", {}, key="tap")
    for shown in ("各队军令状 ¥7", "公司加注 ¥4", "¥11 × 5 / 10", "¥5.50", "合计 ¥11"):
        assert shown in said, shown
    assert await wallets("cash") == {"MEI": 550, "BAO": 550}
    assert await verify() == []
    again = await guo.send(f"/battles/{battle}/settlement", {})
    assert again.headers["location"] == f"/battles/{battle}/result"


async def test_before_and_after_stand_side_by_side(guo: Visitor, battle: UUID) -> None:
    await guo.sent(f"/battles/{battle}/audit/{await action_of('DAI')}", ACCEPT)
    said = await guo.sent(f"/battles/{battle}/settlement", {})
    assert "二队 截止时 5" in said


async def test_only_the_audit_group_audits(
    battle: UUID, new_client: NewClient, clock: Clock
) -> None:
    await close(clock, battle)
    action = await action_of("DAI")
    for code in ("MEI", "OP", "FI", "AD"):
        visitor = await visit(new_client, code)
        assert (await visitor.open(f"/battles/{battle}/audit")).status_code == 403
        for path in (f"audit/{action}", "settlement"):
            answer = await visitor.send(f"/battles/{battle}/{path}", ACCEPT)
            assert answer.status_code == 403, (code, path)


async def test_a_competitor_of_the_audit_group_does_not_audit(
    new_client: NewClient, clock: Clock
) -> None:
    battle = await open_field(clock)
    await commands.join(battle, await person_id("AU2"), "一队")
    await begin(clock, battle)
    one = await act("MEI", by=None)
    await close(clock, battle)
    deng = await visit(new_client, "AU2")
    for answer in (
        await deng.open(f"/battles/{battle}/audit"),
        await deng.send(f"/battles/{battle}/audit/{one}", ACCEPT),
        await deng.send(f"/battles/{battle}/settlement", {}),
    ):
        assert answer.status_code == 403
        assert refusal("not_auditor") in words(answer)
    assert "审核这场擂台" not in await deng.read(f"/battles/{battle}")
    assert "审核这场擂台" in await (await visit(new_client, "AU")).read(f"/battles/{battle}")


async def test_there_is_no_audit_while_the_battle_runs(battle: UUID, new_client: NewClient) -> None:
    guo = await visit(new_client, "AU")
    answer = await guo.open(f"/battles/{battle}/audit")
    assert answer.status_code == 409
    assert refusal("battle_not_auditing") in words(answer)
    answer = await guo.send(f"/battles/{battle}/settlement", {})
    assert answer.status_code == 409


async def test_a_long_list_has_more_pages(
    battle: UUID, new_client: NewClient, clock: Clock
) -> None:
    for _ in range(51):
        await act("MEI", by=None)
    await close(clock, battle)
    guo = await visit(new_client, "AU")
    first = await guo.open(f"/battles/{battle}/audit")
    assert words(first).count("梅 · 电话") == 49
    assert "?state=pending&amp;skip=50" in first.text
    more = await guo.open(f"/battles/{battle}/audit?state=pending&skip=50")
    assert words(more).count("梅 · 电话") == 2
    assert (await guo.open(f"/battles/{battle}/audit?skip=-5")).status_code == 200


@pytest.fixture
async def fang(new_client: NewClient, clock: Clock) -> Visitor:
    """Finance, after a battle that somebody with a risky name has won."""
    battle = await open_field(clock, sponsor=1)
    await bring_in([("=1+1", '=HYPERLINK("x")', "staff", "总部/一队", "一队", "")])
    await commands.join(battle, await person_id("=1+1"), "一队")
    await begin(clock, battle)
    await act("=1+1")
    await act("MEI", "visit", "A-1")
    await close(clock, battle)
    await commands.settle(battle, await person_id("AU"))
    return await visit(new_client, "FI")


async def test_finance_takes_a_csv_that_runs_no_formula(fang: Visitor) -> None:
    battle = await db.value("SELECT id FROM battle")
    assert "XLSX" in await fang.read(f"/battles/{battle}/result")
    answer = await fang.open(f"/battles/{battle}/result.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][0] == "工号"
    assert rows[1] == ["MEI", "梅", "一队", "员工", "5", "¥8.01 × 5 / 7", "5.72"]
    assert rows[2][:2] == ["'=1+1", '\'=HYPERLINK("x")']
    assert rows[2][-1] == "2.29"
    assert len(rows) == 3


async def test_finance_takes_a_workbook_of_figures(fang: Visitor) -> None:
    battle = await db.value("SELECT id FROM battle")
    answer = await fang.open(f"/battles/{battle}/result.xlsx")
    assert "attachment" in answer.headers["content-disposition"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0][0] == "对决"
    assert rows[2][-1] == 5.72
    assert rows[3][:2] == ["=1+1", '=HYPERLINK("x")']
    assert b"<f>" not in answer.content


async def test_nobody_else_takes_the_sheets(fang: Visitor, new_client: NewClient) -> None:
    battle = await db.value("SELECT id FROM battle")
    for code in ("MEI", "AU", "AD"):
        visitor = await visit(new_client, code)
        assert "XLSX" not in await visitor.read(f"/battles/{battle}/result")
        for kind in ("xlsx", "csv"):
            assert (await visitor.open(f"/battles/{battle}/result.{kind}")).status_code == 403


async def test_an_action_at_the_cut_off_is_in_no_audit(
    battle: UUID, new_client: NewClient, clock: Clock
) -> None:
    await clock.set(CUT_OFF)
    await act("CHEN", by=None)
    await close(clock, battle)
    said = await (await visit(new_client, "AU")).read(f"/battles/{battle}/audit")
    assert "已审 3 / 4" in said
