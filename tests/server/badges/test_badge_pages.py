"""The pages of badges: mine, one, the moment, a side; who opted out is named to nobody (A6)."""

import re
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from server.actions import commands as actions
from server.badges import commands
from server.battles import commands as battles
from server.kit import i18n, ids
from server.people import rights
from tests.support.badges import open_badges, open_battle
from tests.support.cast import Cast, person_id
from tests.support.field import STARTS, act, begin, close
from tests.support.services import Clock
from tests.support.visitor import NewClient, Visitor, refusal, visit, words

pytestmark = pytest.mark.usefixtures("app")


async def tiers(visitor: Visitor, path: str) -> list[str]:
    """The tiers of the seals a page draws, in order."""
    return re.findall(r'class="badge" data-tier="(\w+)"', (await visitor.open(path)).text)


async def test_the_shelves_fill(clock: Clock, new_client: NewClient) -> None:
    await open_badges(clock, "caller", "beads", "fan")
    mei = await visit(new_client, "MEI")
    empty = await mei.read("/badges")
    assert "还没有徽章" in empty
    assert await tiers(mei, "/badges") == ["none"] * 3
    await act("MEI")
    said = await mei.read("/badges")
    assert "电话王" in said
    assert "铜章" in said
    # 1 / 3 for the next tier of caller, 2 / 10 points, 1 / 3 kinds.
    assert [each for each in ("1 / 3", "2 / 10") if each in said] == ["1 / 3", "2 / 10"]
    assert "3 次得银章" in said
    assert await tiers(mei, "/badges") == ["bronze", "bronze", "none", "none"]


async def test_a_badge_tells_why_it_is_mine_and_why_it_is_not(
    clock: Clock, new_client: NewClient
) -> None:
    battle = await open_battle(clock, "caller")
    await begin(clock, battle)
    done = await act("MEI")
    mei = await visit(new_client, "MEI")
    said = await mei.read("/badges/field/caller")
    for each in ("电话王的来历", "铜章", "1 次", "1 / 3", "为什么是你的", "电话"):
        assert each in said
    await close(clock, battle)
    await actions.decide(done, await person_id("AU"), "struck", "没有这通电话", auditing=battle)
    said = await mei.read("/badges/field/caller")
    assert "还没得到" in said
    assert "“电话”不再算数：没有这通电话" in said
    await actions.decide(done, await person_id("AU"), "accepted", auditing=battle)
    assert "不再算数" not in await mei.read("/badges/field/caller")


async def test_a_streak_tells_its_best(clock: Clock, new_client: NewClient) -> None:
    await open_badges(clock, "drop")
    await act("MEI")
    await clock.set(STARTS + timedelta(days=1))
    await act("MEI")
    await clock.set(STARTS + timedelta(days=9))
    mei = await visit(new_client, "MEI")
    said = await mei.read("/badges/field/drop")
    assert "0 / 4" in said
    assert "你最好的一次：连续 2 天" in said


@pytest.mark.parametrize("path", ["/badges/field/none", "/badges/none/caller"])
async def test_there_is_no_other_badge(clock: Clock, new_client: NewClient, path: str) -> None:
    await open_badges(clock, "caller")
    answer = await (await visit(new_client, "MEI")).open(path)
    assert answer.status_code == 404
    assert refusal("badge_unknown") in words(answer)


async def test_a_plan_without_badges_says_so(clock: Clock, new_client: NewClient) -> None:
    await open_badges(clock, "no such")
    assert "现在的方案没有徽章" in await (await visit(new_client, "MEI")).read("/badges")


@pytest.mark.parametrize("locale", i18n.LOCALES)
async def test_every_page_speaks_the_reader_s_language(
    clock: Clock, new_client: NewClient, locale: str
) -> None:
    await open_badges(clock)
    await act("MEI")
    mei = await visit(new_client, "MEI")
    mei.client.cookies.set("locale", locale)
    word = {"zh_Hans": "铜章", "zh_Hant": "銅章", "en": "bronze"}[locale]
    for path in ("/badges", "/badges/field/caller", "/badges/moment", "/inbox"):
        assert word in await mei.read(path)


async def test_the_moment_comes_once(clock: Clock, new_client: NewClient) -> None:
    await open_badges(clock, "caller", "fan")
    mei = await visit(new_client, "MEI")
    assert (await mei.open("/badges/moment")).status_code == 204
    await act("MEI")
    await act("MEI", "chat")
    await act("MEI", "visit", "A-1")
    answer = await mei.open("/badges/moment")
    assert "<dialog" in answer.text
    said = words(answer)
    assert "多面手 金章" in said, "the highest is the large one"
    assert "电话王 铜章" in said
    awards = re.search(r'data-awards="([^"]+)"', answer.text)
    assert awards
    assert (await mei.open("/badges/moment")).status_code == 200, "until it was shown"
    shown = awards[1].split()
    assert len(shown) == 2
    assert (await see(mei.client, shown)).status_code == 201
    assert (await mei.open("/badges/moment")).status_code == 204


async def test_who_saw_a_tier_has_seen_the_lower_ones(clock: Clock, new_client: NewClient) -> None:
    await open_badges(clock, "caller")
    for _ in range(3):
        await act("MEI")
    mei = await visit(new_client, "MEI")
    answer = await mei.open("/badges/moment")
    assert "银章" in answer.text
    awards = re.search(r'data-awards="([^" ]+)"', answer.text)
    assert awards
    await see(mei.client, [awards[1]])
    assert (await mei.open("/badges/moment")).status_code == 204


async def test_nobody_sees_the_moment_of_another(clock: Clock, new_client: NewClient) -> None:
    await open_badges(clock, "caller")
    await act("MEI")
    mei, bao = await visit(new_client, "MEI"), await visit(new_client, "BAO")
    assert (await bao.open("/badges/moment")).status_code == 204
    awards = re.search(r'data-awards="([^"]+)"', (await mei.open("/badges/moment")).text)
    assert awards
    await see(bao.client, [awards[1]])
    assert (await mei.open("/badges/moment")).status_code == 200


async def see(client: httpx.AsyncClient, awards: list[str]) -> httpx.Response:
    headers = {"Idempotency-Key": str(ids.new_id())}
    return await client.post("/api/badges/seen", json={"awards": awards}, headers=headers)


async def test_what_is_old_can_be_put_away_unseen(clock: Clock, new_client: NewClient) -> None:
    await open_badges(clock, "caller")
    await act("MEI")
    await commands.mark_seen(await person_id("MEI"))
    assert (await (await visit(new_client, "MEI")).open("/badges/moment")).status_code == 204


async def side_page(visitor: Visitor, battle: UUID, place: int = 1) -> str:
    page = await visitor.open(f"/battles/{battle}/sides/{place}")
    found = re.search(r'data-side-badges="([^"]+)"', page.text)
    assert found
    return await visitor.read(found[1])


async def test_a_side_sees_the_badges_of_its_members(clock: Clock, new_client: NewClient) -> None:
    battle = await open_battle(clock, "caller", "beads")
    await begin(clock, battle)
    bao = await visit(new_client, "BAO")
    assert await side_page(bao, battle) == ""
    await act("MEI")
    said = await side_page(bao, battle)
    assert "梅" in said
    assert "电话王 · 铜章" in said
    assert await side_page(bao, battle, 2) == ""
    assert "梅" in await bao.read("/badges/field/caller")
    chen = await visit(new_client, "CHEN")
    assert "梅" not in await chen.read("/badges/field/caller"), "another side"


async def test_who_opted_out_is_named_to_nobody_and_keeps_their_own(
    clock: Clock, new_client: NewClient
) -> None:
    battle = await open_battle(clock, "caller")
    await begin(clock, battle)
    await act("MEI")
    await act("BAO")
    mei, bao = await visit(new_client, "MEI"), await visit(new_client, "BAO")
    assert "梅" in await side_page(bao, battle)
    assert "梅" in await bao.read("/badges/field/caller")
    await rights.opt_out(await person_id("MEI"))
    assert "梅" not in await side_page(bao, battle)
    assert "梅" not in await bao.read("/badges/field/caller")
    mine = await mei.read("/badges")
    assert "电话王" in mine
    assert "为什么是你的" in await mei.read("/badges/field/caller")
    assert "电话王" in await mei.read("/badges/moment")
    await rights.opt_in(await person_id("MEI"))
    assert "梅" in await bao.read("/badges/field/caller")


async def test_whose_own_stake_keeps_them_on_the_roster_is_not_named_either(
    clock: Clock, new_client: NewClient
) -> None:
    own = {"funded_by": "member", "asset": "points", "stakes": (2, 2, 2)}
    battle = await open_battle(clock, "caller", **own)
    for code, side in (("MEI", "一队"), ("CHEN", "二队")):
        await act(code)
        await battles.join(battle, await person_id(code), side)
    await begin(clock, battle)
    chen = await visit(new_client, "CHEN")
    assert "梅" in await side_page(chen, battle)
    await rights.opt_out(await person_id("MEI"))
    assert await side_page(chen, battle) == ""


async def test_the_pages_are_for_employees(clock: Clock, client: httpx.AsyncClient) -> None:
    await open_badges(clock, "caller")
    for path in ("/badges", "/badges/field/caller"):
        assert (await client.get(path)).status_code == 303
    assert (await client.get("/badges/moment")).status_code == 303
    cast = Cast(client)
    seen = await cast.post("MEI", "/api/badges/seen", {"awards": ["x"]})
    assert seen.status_code == 400
