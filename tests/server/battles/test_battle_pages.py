"""The battle page in every state: join and leave, the score, a side, the screen, the verdict."""

from uuid import UUID

import pytest
from litestar.types import ASGIApp

from server.battles import commands
from server.kit import db
from server.people import rights
from tests.support.cast import person_id
from tests.support.field import CUT_OFF, act, begin, close, earn, open_field
from tests.support.services import Clock
from tests.support.visitor import NewClient, checked, refusal, visit, words


@pytest.fixture
async def battle(app: ASGIApp, clock: Clock) -> UUID:
    return await open_field(clock)


async def settle(clock: Clock, battle: UUID) -> None:
    await close(clock, battle)
    await commands.settle(battle, await person_id("AU"))


async def test_the_list_shows_what_is_open_and_where_i_am(
    battle: UUID, new_client: NewClient
) -> None:
    said = await (await visit(new_client, "MEI")).read("/battles")
    for shown in ("对决", "报名中", "奖池 ¥7", "我在一队"):
        assert shown in said, shown


async def test_without_a_battle_the_list_says_what_to_do(
    new_client: NewClient, clock: Clock
) -> None:
    await open_field(clock)
    await db.execute("DELETE FROM battle_member")
    await db.execute("DELETE FROM battle_side")
    await db.execute("DELETE FROM battle")
    assert "现在没有擂台" in await (await visit(new_client, "MEI")).read("/battles")
    assert "发起" in await (await visit(new_client, "AD")).read("/battles")


async def test_leave_and_join_again(battle: UUID, new_client: NewClient) -> None:
    mei = await visit(new_client, "MEI")
    assert "你在一队" in await mei.read(f"/battles/{battle}")
    said = await mei.sent(f"/battles/{battle}/leave", {})
    assert "选一个战队" in said
    assert "军令状由公司出：¥1，你不会亏" in said
    assert "你在二队" in await mei.sent(f"/battles/{battle}/join", {"side": "二队"})


async def test_two_taps_join_once(battle: UUID, new_client: NewClient) -> None:
    an = await visit(new_client, "AN")
    for _ in range(2):
        answer = await an.send(f"/battles/{battle}/join", {"side": "一队"}, key="tap")
        assert answer.status_code == 303
    assert await db.value("SELECT count(*) FROM transfer WHERE kind = 'stake'") == 5


async def test_nobody_is_on_two_sides(battle: UUID, new_client: NewClient) -> None:
    mei = await visit(new_client, "MEI")
    answer = await mei.send(f"/battles/{battle}/join", {"side": "二队"})
    assert answer.status_code == 409
    assert refusal("already_in_another_side", side="一队") in words(answer)


async def test_a_refused_join_keeps_the_choice(battle: UUID, new_client: NewClient) -> None:
    an = await visit(new_client, "AN")
    answer = await an.send(f"/battles/{battle}/join", {"side": "三队"})
    assert answer.status_code == 422
    assert refusal("side_unknown") in words(answer)


async def test_a_stake_of_one_s_own_has_to_be_there(new_client: NewClient, clock: Clock) -> None:
    battle = await open_field(clock, asset="points", funded_by="member", stakes=(4, 6, 8))
    await earn("AN", 2)
    an = await visit(new_client, "AN")
    assert "你现在有 2 分" in await an.read(f"/battles/{battle}")
    answer = await an.send(f"/battles/{battle}/join", {"side": "二队"})
    assert answer.status_code == 409
    assert refusal("stake_not_covered", stake=4, available=2) in words(answer)
    assert checked(answer, "side") == "二队"
    await earn("AN", 4)
    assert "你在二队" in await an.sent(f"/battles/{battle}/join", {"side": "二队"})
    wallet = await an.read("/wallet")
    assert "冻结 4" in wallet


async def test_after_the_start_sides_are_fixed(
    battle: UUID, new_client: NewClient, clock: Clock
) -> None:
    await begin(clock, battle)
    mei, an = await visit(new_client, "MEI"), await visit(new_client, "AN")
    assert "退出战队" not in await mei.read(f"/battles/{battle}")
    for visitor, path, fields in ((mei, "leave", {}), (an, "join", {"side": "一队"})):
        answer = await visitor.send(f"/battles/{battle}/{path}", fields)
        assert answer.status_code == 409
        assert refusal("joining_closed") in words(answer)


async def test_who_opted_out_is_not_asked_to_join(battle: UUID, new_client: NewClient) -> None:
    await rights.opt_out(await person_id("MEI"))
    mei = await visit(new_client, "MEI")
    assert "选一个战队" not in await mei.read(f"/battles/{battle}")
    answer = await mei.send(f"/battles/{battle}/join", {"side": "一队"})
    assert refusal("opted_out") in words(answer)


async def test_a_live_battle_shows_score_and_gap_and_my_row(
    battle: UUID, new_client: NewClient, clock: Clock
) -> None:
    await begin(clock, battle)
    await act("MEI")
    await act("BAO", "visit", "A-1")
    await act("CHEN")
    mei = await visit(new_client, "MEI")
    shown = ("进行中", "领先5", "我在一队 · 第 2 名", "再得 4 分追上宝")
    await mei.sees(f"/battles/{battle}", *shown)


async def test_a_side_lists_its_members_by_rank(
    battle: UUID, new_client: NewClient, clock: Clock
) -> None:
    await begin(clock, battle)
    await act("BAO", "visit", "A-1")
    mei = await visit(new_client, "MEI")
    said = await mei.read(f"/battles/{battle}/sides/1")
    assert said.index("宝") < said.index("梅 · 我")
    assert (await mei.open(f"/battles/{battle}/sides/3")).status_code == 404


async def test_who_has_opted_out_is_named_on_no_side(new_client: NewClient, clock: Clock) -> None:
    battle = await open_field(clock, funded_by="member", asset="points", stakes=(2, 2, 2))
    await earn("BAO", 4)
    await commands.join(battle, await person_id("BAO"), "一队")
    await begin(clock, battle)
    mei = await visit(new_client, "MEI")
    assert "宝" in await mei.read(f"/battles/{battle}/sides/1")
    await rights.opt_out(await person_id("BAO"))
    assert "宝" not in await mei.read(f"/battles/{battle}/sides/1")


async def test_an_unknown_battle_is_not_here(battle: UUID, new_client: NewClient) -> None:
    mei = await visit(new_client, "MEI")
    for path in ("", "/screen", "/result", "/sides/1"):
        answer = await mei.open(f"/battles/00000000-0000-7000-8000-000000000000{path}")
        assert answer.status_code == 404, path
    assert (await mei.open("/battles/nonsense")).status_code == 404


async def test_the_screen_shows_the_board(battle: UUID, new_client: NewClient) -> None:
    said = await (await visit(new_client, "MEI")).read(f"/battles/{battle}/screen")
    assert "距开始" in said


async def test_there_is_no_result_before_the_verdict(
    battle: UUID, new_client: NewClient, clock: Clock
) -> None:
    mei, fang = await visit(new_client, "MEI"), await visit(new_client, "FI")
    answer = await mei.open(f"/battles/{battle}/result")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/battles/{battle}")
    answer = await fang.open(f"/battles/{battle}/result.csv")
    assert answer.status_code == 409
    assert refusal("battle_not_settled") in words(answer)


async def test_the_verdict_says_what_it_means_for_me(
    battle: UUID, new_client: NewClient, clock: Clock
) -> None:
    await begin(clock, battle)
    await act("MEI")
    await settle(clock, battle)
    mei, chen = await visit(new_client, "MEI"), await visit(new_client, "CHEN")
    assert "你分得 ¥7，已记入钱包" in await mei.read(f"/battles/{battle}")
    said = await chen.read(f"/battles/{battle}")
    assert "二队这次是第 2 名" in said
    assert "军令状由公司出，你没有损失" in said


async def test_a_void_battle_gives_stakes_back_in_words(
    new_client: NewClient, clock: Clock
) -> None:
    battle = await open_field(clock, funded_by="member", asset="points", stakes=(2, 2, 2))
    for code, side in (("MEI", "一队"), ("CHEN", "二队")):
        await earn(code, 2)
        await commands.join(battle, await person_id(code), side)
    await begin(clock, battle)
    await settle(clock, battle)
    mei = await visit(new_client, "MEI")
    assert "你的军令状 2 分 已退回钱包" in await mei.read(f"/battles/{battle}")
    said = await mei.read(f"/battles/{battle}/result")
    assert "退回的军令状" in said
    assert "陈" in said


async def test_the_page_is_the_same_when_the_cut_off_has_passed_unnoticed(
    battle: UUID, new_client: NewClient, clock: Clock
) -> None:
    await begin(clock, battle)
    await clock.set(CUT_OFF)
    assert "对决" in await (await visit(new_client, "MEI")).read(f"/battles/{battle}")
