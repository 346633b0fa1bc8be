"""The wall, a round and the desk, as each person meets them."""

import random
import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID

import httpx
import pytest

from server.honours import commands, queries, results, stories
from server.honours.queries import Round
from server.honours.stories import Story
from server.kit import db, ids
from server.people import rights, visitors
from tests.support.cast import person_id
from tests.support.honours import (
    BY_DECISION,
    BY_VOTE,
    PEOPLE,
    act,
    by_rule,
    close,
    go_to,
    honour,
    open_wall,
    round_of,
)
from tests.support.services import Clock
from tests.support.visitor import NewClient, Visitor, refusal, visit, words

NAMES = {code: name for code, name, *_ in PEOPLE}


async def post(visitor: Visitor, path: str, **fields: str) -> str:
    """Send a form that is accepted, and read the page it leads to."""
    return await visitor.sent(path, fields)


async def awarded(clock: Clock, *winners: str) -> Round:
    """A closed round of a board of three, awarded to some of Mei, Bao and An."""
    await open_wall(clock, honour("board", by_rule(top=3), reward="points 100"))
    for points, code in ((3, "MEI"), (2, "BAO"), (1, "AN"), (1, "CHEN")):
        for _ in range(points):
            await act(code, "video" if code != "CHEN" else "call")
    one = await close(clock, await round_of("board"))
    for code in winners:
        await commands.award(one.id, await person_id(code), await person_id("OP"), "三个月的坚持")
    return one


async def award_of(one: Round, code: str) -> UUID:
    found = await queries.awards([one.id])
    person = await person_id(code)
    return next(each.id for each in found if each.subject == person)


# --- what is on the wall --------------------------------------------------------------------


async def test_an_empty_wall_says_when_the_first_title_comes(
    new_client: NewClient, clock: Clock
) -> None:
    await open_wall(clock)
    said = await (await visit(new_client, "MEI")).read("/honours")
    assert "还没有颁发称号" in said


async def test_the_top_is_on_the_wall_and_the_rest_learn_their_own_place(
    new_client: NewClient, clock: Clock
) -> None:
    one = await awarded(clock, "MEI", "BAO", "AN")
    dai, chen = await visit(new_client, "DAI"), await visit(new_client, "CHEN")
    wall = await dai.read("/honours")
    assert "放榜" in wall
    assert all(NAMES[code] in wall for code in ("MEI", "BAO", "AN"))
    assert NAMES["CHEN"] not in wall + await dai.read(f"/honours/{one.id}")
    assert "第 4 名" in await chen.read(f"/honours/{one.id}")
    assert "第 4 名" not in await dai.read(f"/honours/{one.id}")


async def test_while_the_month_runs_each_sees_only_how_far_it_is(
    new_client: NewClient, clock: Clock
) -> None:
    await open_wall(clock, honour("board", by_rule(top=1)))
    await act("MEI", "video")
    await act("BAO")
    one = await round_of("board")
    bao = await (await visit(new_client, "BAO")).read(f"/honours/{one.id}")
    assert "再得 3 分就能上榜" in bao
    assert NAMES["MEI"] not in bao
    assert "你现在在榜上" in await (await visit(new_client, "MEI")).read(f"/honours/{one.id}")


async def test_earlier_months_stay_on_the_wall(new_client: NewClient, clock: Clock) -> None:
    first = await awarded(clock, "MEI")
    await go_to(clock, first.ends + timedelta(days=9))
    await act("BAO")
    second = await close(clock, await round_of("board"))
    await commands.award(second.id, await person_id("BAO"), await person_id("OP"), "继续")
    an = await visit(new_client, "AN")
    newest, before = await an.read("/honours"), await an.read("/honours?month=2026-11")
    assert (NAMES["BAO"] in newest, NAMES["MEI"] in newest) == (True, False)
    assert (NAMES["BAO"] in before, NAMES["MEI"] in before) == (False, True)


@pytest.mark.parametrize(
    ("locale", "shown"),
    [("zh_Hans", "放榜"), ("zh_Hant", "放榜"), ("en", "posted")],
)
async def test_every_page_speaks_each_language(
    new_client: NewClient, clock: Clock, locale: str, shown: str
) -> None:
    one = await awarded(clock, "MEI")
    op = await visit(new_client, "OP")
    op.client.cookies.set("locale", locale)
    for path in ("/honours", f"/honours/{one.id}", "/honours/manage", f"/honours/manage/{one.id}"):
        said = await op.read(path)
        assert {"zh_Hans": "board称号", "zh_Hant": "board稱號", "en": "Title board"}[locale] in said
    assert shown in await op.read("/honours")


# --- nominate, vote, award ------------------------------------------------------------------


async def test_from_a_nomination_to_points_in_the_wallet(
    new_client: NewClient, clock: Clock
) -> None:
    await open_wall(clock, honour("idea", BY_VOTE, reward="points 80"))
    one = await round_of("idea")
    path = f"/honours/{one.id}"
    bao, an, mei = [await visit(new_client, code) for code in ("BAO", "AN", "MEI")]
    said = await post(bao, f"{path}/nominations", who=NAMES["MEI"], sentence="样品架改成收纳角")
    assert "样品架改成收纳角" in said
    assert "1 位同事提名了你" in await mei.read(path)
    assert "样品架改成收纳角" not in await an.read(path)

    await go_to(clock, one.ends)
    assert "等你一票" in await an.read("/honours")
    said = await post(an, f"{path}/vote", candidate=str(await person_id("MEI")))
    assert "已投票" in said
    assert "等你一票" not in await an.read("/honours")

    await go_to(clock, one.closes)
    op, manage = await visit(new_client, "OP"), f"/honours/manage/{one.id}"
    assert "待颁发" in await op.read("/honours/manage")
    said = await post(
        op, f"{manage}/awards", subject=str(await person_id("MEI")), reason="大家选的"
    )
    assert "已颁发" in said
    assert NAMES["MEI"] in await an.read("/honours")
    entry = await mei.read("/wallet")
    assert "idea称号" in entry
    assert "+80" in entry
    inbox = await mei.read("/inbox")
    assert "idea称号，榜上有你" in inbox
    assert "大家选的" in inbox


async def test_refusals_are_said_beside_what_was_typed(new_client: NewClient, clock: Clock) -> None:
    await open_wall(clock, honour("idea", BY_VOTE))
    one = await round_of("idea")
    bao = await visit(new_client, "BAO")
    answer = await bao.send(
        f"/honours/{one.id}/nominations", {"who": "没有这个人", "sentence": "样品架"}
    )
    assert answer.status_code == 422
    assert refusal("colleague_unknown") in words(answer)
    assert "样品架" in answer.text
    answer = await bao.send(f"/honours/{one.id}/vote", {"candidate": ""})
    assert answer.status_code == 422


async def test_who_may_award(new_client: NewClient, clock: Clock) -> None:
    one = await awarded(clock)
    for code, status in (("MEI", 403), ("AU", 403), ("OP", 200), ("AD", 200)):
        visitor = await visit(new_client, code)
        for path in ("/honours/manage", f"/honours/manage/{one.id}"):
            assert (await visitor.open(path)).status_code == status, (code, path)
    mei = await visit(new_client, "MEI")
    fields = {"subject": str(await person_id("BAO")), "reason": "why"}
    answer = await mei.send(f"/honours/manage/{one.id}/awards", fields)
    assert answer.status_code == 403
    assert await queries.awards([one.id]) == []


async def test_all_or_none_of_those_chosen_are_awarded(new_client: NewClient, clock: Clock) -> None:
    one = await awarded(clock)
    op = await visit(new_client, "OP")
    chosen = [str(await person_id(code)) for code in ("MEI", "BAO", "DAI")]
    form = {"subject": chosen, "reason": "why", "idempotency_key": str(ids.new_id())}
    answer = await op.client.post(f"/honours/manage/{one.id}/awards", data=form)
    assert refusal("not_a_candidate") in words(answer)
    assert await queries.awards([one.id]) == []
    form |= {"subject": chosen[:2], "idempotency_key": str(ids.new_id())}
    for _ in range(2):
        answer = await op.client.post(f"/honours/manage/{one.id}/awards", data=form)
        assert answer.status_code == 303
    assert len(await queries.awards([one.id])) == 2


async def test_the_desk_names_nobody_below_the_top_and_no_voter(
    new_client: NewClient, clock: Clock
) -> None:
    await open_wall(clock, honour("idea", BY_VOTE))
    one = await round_of("idea")
    mei, bao, an, chen = [await person_id(code) for code in ("MEI", "BAO", "AN", "CHEN")]
    await commands.nominate(one.id, chen, "MEI", "点子一")
    await commands.nominate(one.id, chen, "BAO", "点子二")
    await go_to(clock, one.ends)
    for voter in (an, chen, bao):
        await commands.vote(one.id, voter, mei)
    await commands.vote(one.id, mei, bao)
    await close(clock, one)
    desk = (await (await visit(new_client, "OP")).open(f"/honours/manage/{one.id}")).text
    assert NAMES["MEI"] in desk
    assert "3</b>" in desk
    assert NAMES["BAO"] not in desk
    assert NAMES["AN"] not in desk


async def test_a_title_taken_back_leaves_the_wall_and_says_why(
    new_client: NewClient, clock: Clock
) -> None:
    one = await awarded(clock, "MEI")
    op, mei = await visit(new_client, "OP"), await visit(new_client, "MEI")
    award = str(await award_of(one, "MEI"))
    said = await post(op, f"/honours/manage/{one.id}/revocation", award=award, reason="单子退了")
    assert "已收回" in said
    assert NAMES["MEI"] not in await op.read("/honours")
    wallet = await mei.read("/wallet")
    assert "单子退了" in wallet
    assert "−100" in wallet
    assert "单子退了" in await mei.read("/inbox")
    entry = re.search(r'href="(/wallet/[^"]+)"', (await mei.open("/wallet")).text)
    assert entry
    assert "单子退了" in await mei.read(entry[1])


# --- stories --------------------------------------------------------------------------------


async def test_a_story_is_shown_only_when_its_person_agrees(
    new_client: NewClient, clock: Clock
) -> None:
    one = await awarded(clock, "MEI")
    award, path = str(await award_of(one, "MEI")), f"/honours/{one.id}"
    mei, an, op = [await visit(new_client, code) for code in ("MEI", "AN", "OP")]
    await post(mei, f"{path}/story", award=award, story="每天三句话")
    assert "每天三句话" not in await an.read("/honours")
    assert "每天三句话" in (await mei.open(path)).text
    await post(mei, f"{path}/story", award=award, story="每天三句话", shows_story="yes")
    assert "每天三句话" in await an.read("/honours")
    # Operations change a word: it waits for her again, and she is told.
    await post(op, f"/honours/manage/{one.id}/stories", award=award, story="每天四句话")
    assert "句话" not in await an.read("/honours")
    assert "有一篇关于你的故事" in await mei.read("/inbox")
    answer = await an.send(f"{path}/story", {"award": award, "story": "我的", "shows_story": "yes"})
    assert refusal("not_your_honour") in words(answer)
    answer = await mei.send(f"{path}/story", {"award": award, "story": "x" * 501})
    assert refusal("story_too_long", most=500) in words(answer)


# --- customers and partners -----------------------------------------------------------------


async def brought(referrer: UUID, friend: UUID, code: str, at: str) -> UUID:
    """A friend's order that counts, as referrals keep it."""
    invitation, referral, order = ids.new_id(), ids.new_id(), ids.new_id()
    await db.execute(
        "INSERT INTO invitation (id, code, plan, campaign, person, role, made_at)"
        " VALUES ($1, $2, 'wall', $2, $3, 'customer', now())",
        invitation, code, referrer,
    )  # fmt: skip
    await db.execute(
        "INSERT INTO referral (id, invitation, plan, campaign, plan_version, referrer, friend,"
        " device, network, bound_at, until)"
        " VALUES ($1, $2, 'wall', $3, 1, $4, $5, '', '', now(), now() + interval '1 day')",
        referral, invitation, code, referrer, friend,
    )  # fmt: skip
    await db.execute(
        "INSERT INTO referral_deal (order_id, referral, amount, placed_at, state, release_at,"
        " payer, device, store, counted_at)"
        " VALUES ($1, $2, 100, now(), 'counted', now(), '', '', $1, $3::text::timestamptz)",
        order, referral, at,
    )  # fmt: skip
    return order


async def sit_down(new_client: NewClient, person: UUID) -> Visitor:
    code = await db.value("SELECT code FROM person WHERE id = $1", person)
    return await visit(new_client, code)


async def test_customers_win_what_is_theirs_and_stay_masked(
    new_client: NewClient, clock: Clock
) -> None:
    yearly = by_rule("referrals", (), top=1)
    await open_wall(
        clock,
        honour("friend", yearly, period="year", who="customer"),
        honour("board", by_rule()),
    )
    zhou = (await visitors.participant("+8613800001234", "customer", "周晓敏")).id
    other = (await visitors.participant("+8613800005678", "customer", "赵女士")).id
    await brought(zhou, other, "AAAAAAAA", "2026-01-01T00:00+08:00")
    await brought(zhou, await person_id("AN"), "BBBBBBBB", "2026-12-31T23:59:59.999+08:00")
    await brought(zhou, await person_id("MEI"), "CCCCCCCC", "2027-01-01T00:00+08:00")
    refunded = await brought(zhou, await person_id("BAO"), "DDDDDDDD", "2026-05-05T12:00+08:00")
    await db.execute(
        "UPDATE referral_deal SET reversed_as = 'refunded', reversed_at = now() WHERE order_id = $1",
        refunded,
    )
    await brought(other, zhou, "EEEEEEEE", "2026-05-05T12:00+08:00")
    await act("MEI")
    board = await round_of("board")
    one = await close(clock, await round_of("friend"))
    await go_to(clock, one.closes)
    [first] = await queries.top(one)
    assert (first.subject, first.exact) == (zhou, 2)
    await commands.award(one.id, zhou, await person_id("OP"), "谢谢你")
    await commands.award(board.id, await person_id("MEI"), await person_id("OP"), "好")

    me, stranger = await sit_down(new_client, zhou), await sit_down(new_client, other)
    wall = await stranger.read("/honours")
    assert "138****1234" in wall
    assert "周晓敏" not in wall
    assert NAMES["MEI"] not in wall
    assert (await stranger.open(f"/honours/{board.id}")).status_code == 403
    answer = await stranger.send(f"/honours/{one.id}/nominations", {"who": "MEI", "sentence": "x"})
    assert answer.status_code == 403
    award = str((await queries.awards([one.id]))[0].id)
    await post(me, f"/honours/{one.id}/story", award=award, story="", shows_name="yes")
    assert "周晓敏" in await stranger.read("/honours")


# --- whoever opted out ----------------------------------------------------------------------

STAGES = ("running", "voting", "closed", "awarded", "told")


@pytest.mark.parametrize("seed", range(3))
async def test_who_opted_out_is_on_no_page(new_client: NewClient, clock: Clock, seed: int) -> None:
    chance = random.Random(seed)
    gone = {code: chance.choice(STAGES) for code in chance.sample(sorted(NAMES), 3)}
    await open_wall(
        clock,
        honour("board", by_rule(top=10)),
        honour("idea", BY_VOTE),
        honour("friend", BY_DECISION),
        honour("team", by_rule(top=9), period="month", who="team"),
    )
    for stage in STAGES:
        for code in (each for each, when in gone.items() if when == stage):
            await rights.opt_out(await person_id(code))
        await go_on(clock, stage, chance)
        left = {
            NAMES[code] for code, when in gone.items() if STAGES.index(when) <= STAGES.index(stage)
        }
        # Anew each time: finance has short sessions.
        readers = [await visit(new_client, code) for code in ("OP", "FI")]
        for reader in readers:
            async for path, html in every_page(reader):
                named = {name for name in left if name in html}
                assert not named, (stage, path, gone)
    wall = await readers[1].read("/honours")
    shown = [name for code, name in NAMES.items() if code not in gone and name in wall]
    assert shown, "those who take part are on it"


async def go_on(clock: Clock, stage: str, chance: random.Random) -> None:
    """Let everybody who takes part do what there is to do, and go on to the next stage."""
    rounds = [await round_of(name, await middle()) for name in ("board", "idea", "friend", "team")]
    board, idea, friend, _ = rounds
    active = await db.column("SELECT code FROM person WHERE NOT opted_out AND code = ANY ($1)",
                             sorted(NAMES))  # fmt: skip
    who = {code: await person_id(code) for code in active}
    if stage == "running":
        for code, person in who.items():
            await act(code)
            other = chance.choice([each for each in active if each != code])
            for one in (idea, friend):
                await commands.nominate(one.id, person, other, f"谢谢同事 {code}")
        await go_to(clock, board.ends)
    elif stage == "voting":
        for code, person in who.items():
            choices = [each for each in active if each != code]
            for _ in range(3):
                candidate = who[chance.choice(choices)]
                if candidate in await results_of(idea):
                    await commands.vote(idea.id, person, candidate)
        await go_to(clock, board.closes)
    elif stage == "closed":
        op = await person_id("OP")
        for one in rounds:
            for each in (await queries.top(one))[: 1 if one.honour == "friend" else 10]:
                await commands.award(one.id, each.subject, op, "谢谢")
    elif stage == "awarded":
        for one in (board, idea):
            for award in await queries.awards([one.id]):
                told = Story(f"我的故事 {award.id}", shows_story=True)
                await stories.tell(award.id, award.people[0], told)


async def middle() -> datetime:
    found: datetime = await db.value("SELECT min(starts) + interval '9 days' FROM honour_round")
    return found


async def results_of(one: Round) -> list[UUID]:
    return await results.candidates(one, await queries.rule_of(one))


async def every_page(reader: Visitor) -> AsyncIterator[tuple[str, str]]:
    """Every page of honours that this reader may open."""
    rounds = await db.column("SELECT id FROM honour_round")
    paths = ["/honours", "/honours?month=2026-11", "/honours/manage"]
    paths += [f"/honours/{each}" for each in rounds]
    paths += [f"/honours/manage/{each}" for each in rounds]
    for path in paths:
        answer: httpx.Response = await reader.open(path)
        if answer.status_code == 200:
            yield path, answer.text
