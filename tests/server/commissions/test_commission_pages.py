"""Pages of commissions and budgets: who sees what, and each sum explained."""

from uuid import UUID

import httpx
import pytest

from server.kit import db, ids
from tests.support.cast import Cast, person_id
from tests.support.selling import HEAD, LADDER, STAFF, later, open_shop, sell, take_back

CAP = '\n[budgets]\ncampaign = 100000\neach_store = 90000\nwarn_at = "80/100"\npoint_value = 10\n'
SOLUTION = STAFF.replace("staff", "solution").replace("reporter", "solution")


@pytest.fixture
def cast(client: httpx.AsyncClient) -> Cast:
    """People who act over HTTP."""
    return Cast(client)


async def accrual_of(code: str) -> UUID:
    """The latest accrual of somebody."""
    found: UUID = await db.value(
        "SELECT id FROM accrual WHERE person = $1 ORDER BY made_at DESC", await person_id(code)
    )
    return found


async def name_solution(cast: Cast, by: str, deal: UUID, person: str) -> httpx.Response:
    """Send the form that names whose solution a deal adopted."""
    return await cast.client.post(
        f"/commissions/deals/{deal}/solution",
        data={"person": person, "idempotency_key": str(ids.new_id())},
        headers=await cast.cookies(by),
    )


async def test_mine_shows_what_came_and_what_is_missing_to_the_next_tier(cast: Cast) -> None:
    await open_shop(HEAD + STAFF + LADDER)
    now = await db.value("SELECT leitai_clock()")
    await sell(68_000_00, made_at=now)
    await sell(10_000_00, made_at=now, is_clean=None)
    shown = await cast.get("S", "/commissions")
    assert shown.status_code == 200
    assert "¥680" in shown.text
    assert "¥32,000" in shown.text
    assert "1.5%" in shown.text
    assert '待到账 <b class="gold">¥100</b>' in shown.text
    empty = await cast.get("M", "/commissions")
    assert "还没有佣金" in empty.text


async def test_one_explains_itself_to_its_person_and_to_the_desk_only(cast: Cast) -> None:
    await open_shop(HEAD + LADDER)
    first = await sell(80_000_00)
    await sell(40_000_00, made_at=later(1))
    path = f"/commissions/{await accrual_of('S')}"
    shown = await cast.get("S", path)
    assert "¥20,000 × 1%" in shown.text
    assert "¥20,000 × 1.5%" in shown.text
    assert "¥500" in shown.text
    assert (await cast.get("FI", path)).status_code == 200
    assert (await cast.get("R", path)).status_code == 404
    await take_back(first, reason="尺寸不合")
    assert "同一周期的另一笔成交有变化" in (await cast.get("S", path)).text
    back = await db.value("SELECT id FROM accrual WHERE state = 'clawed'")
    assert "尺寸不合" in (await cast.get("S", f"/commissions/{back}")).text


async def test_an_entry_of_the_wallet_is_told_and_adds_up(cast: Cast) -> None:
    await open_shop(HEAD + LADDER)
    deal = await sell(100_000_01)
    entry = await db.value("SELECT id FROM transfer WHERE kind = 'commission'")
    shown = await cast.get("S", f"/wallet/{entry}")
    assert shown.status_code == 200
    assert "¥100,000 × 1%" in shown.text
    assert "¥0.01 × 1.5%" in shown.text
    await take_back(deal)
    assert "这笔成交已退款" in (await cast.get("S", "/wallet?asset=cash")).text


async def test_older_ones_are_a_page_away(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.commissions.lists.PAGE", 2)
    await open_shop(HEAD + STAFF)
    for n in range(3):
        await sell(1_000_00 + n * 100_00, made_at=later(n))
    first = await cast.get("R", "/commissions")
    assert ("¥1,200" in first.text, "¥1,000" in first.text) == (True, False)
    older = first.text.split("/commissions?before=")[1].split('"')[0]
    second = await cast.get("R", f"/commissions?before={older}")
    assert ("¥1,200" in second.text, "¥1,000" in second.text) == (False, True)
    assert (await cast.get("S", f"/commissions?before={older}")).status_code == 404


async def test_the_desk_sees_what_waits_and_names_a_solution(cast: Cast) -> None:
    await open_shop(HEAD + STAFF + SOLUTION)
    await sell(10_000_00, is_clean=None)
    deal = await sell(20_000_00, made_at=later(1))
    waiting = await cast.get("OP", "/commissions/desk")
    assert "¥200" in waiting.text
    assert "¥400" in (await cast.get("FI", "/commissions/desk?shelf=given")).text
    assert "都在预算上限之内" in (await cast.get("FI", "/commissions/desk?shelf=budget")).text
    assert (await cast.get("R", "/commissions/desk")).status_code == 403

    page = f"/commissions/deals/{deal}"
    assert "采纳了哪位同事" in (await cast.get("OP", page)).text
    assert "采纳了哪位同事" not in (await cast.get("FI", page)).text
    assert (await name_solution(cast, "FI", deal, "M")).status_code == 403
    wrong = await name_solution(cast, "OP", deal, "nobody")
    assert wrong.status_code == 404
    assert "nobody" in wrong.text
    assert (await name_solution(cast, "OP", deal, "OP")).status_code == 403
    assert (await name_solution(cast, "OP", deal, "M")).status_code == 303
    assert (await name_solution(cast, "OP", deal, "R")).status_code == 409
    assert "马市场" in (await cast.get("OP", page)).text
    missing = await cast.get("OP", f"/commissions/deals/{ids.new_id()}")
    assert missing.status_code == 404


async def test_a_solution_that_the_plan_does_not_pay_is_not_named(cast: Cast) -> None:
    await open_shop(HEAD + STAFF + SOLUTION + 'units = ["总部"]\n')
    deal = await sell(20_000_00)
    assert (await name_solution(cast, "OP", deal, "R")).status_code == 422
    assert await db.value("SELECT solution FROM commission_deal") is None
    assert (await name_solution(cast, "OP", deal, "M")).status_code == 303


async def test_budgets_show_what_is_left_and_what_it_would_cost(cast: Cast) -> None:
    await open_shop(HEAD + STAFF + CAP)
    await sell(41_000_00, store="华东/光谷店")
    await sell(10_000_00, made_at=later(1), is_clean=None)
    await sell(20_000_00, made_at=later(2))
    shown = await cast.get("FI", "/budgets")
    # 820 spent, 200 in check, 400 above the cap.
    assert "¥1,420" in shown.text
    assert "上限 ¥1,000，还剩 <b>¥180</b>" in shown.text
    assert "上限 ¥900，还剩 <b>¥80</b>" in shown.text
    assert "快用完" in shown.text
    assert (await cast.get("R", "/budgets")).status_code == 403
    assert "等预算" in (await cast.get("FI", "/commissions/desk?shelf=budget")).text


async def test_without_plans_budgets_say_so(cast: Cast) -> None:
    await open_shop(HEAD)
    assert "没有正在花钱的方案" in (await cast.get("FI", "/budgets")).text


@pytest.mark.parametrize("locale", ["zh-Hant", "en"])
async def test_pages_speak_the_readers_language(cast: Cast, locale: str) -> None:
    await open_shop(HEAD + STAFF + CAP)
    await sell(41_000_00)
    for path in ("/commissions", f"/commissions/{await accrual_of('R')}", "/wallet?asset=cash"):
        cookies = await cast.cookies("R")
        shown = await cast.client.get(path, headers=cookies | {"Accept-Language": locale})
        assert shown.status_code == 200
        assert ("Commission" in shown.text) is (locale == "en")
