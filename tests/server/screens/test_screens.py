"""A store's wall by its link: who makes one, what it may see, and that revoking ends it (E10)."""

from collections.abc import Callable
from uuid import UUID

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from server.kit import db, ids
from server.people import rights
from server.people.auth import Caller
from server.screens import commands, queries, thanks
from tests.support.cast import launch, person_id
from tests.support.field import act, open_field
from tests.support.field import begin as begin_battle
from tests.support.launch_day import MORNING, join, make_day, open_shop, plan_text
from tests.support.phones import hear, say, socket
from tests.support.services import Clock
from tests.support.visitor import refusal, visit, words

NewClient = Callable[[], httpx.AsyncClient]
BADGE = """
[badges.kind]
title = { zh_Hans = "热心", zh_Hant = "熱心", en = "Kind" }
story = { zh_Hans = "热心", zh_Hant = "熱心", en = "Kind" }
art = "tea"
by = "actions"
tiers = { bronze = 1 }
"""


@pytest.fixture(autouse=True)
def _site(request: pytest.FixtureRequest) -> None:
    """The app's own pool, or that of the server on a real port."""
    if "live_server" not in request.fixturenames:
        request.getfixturevalue("app")


async def caller(code: str, *roles: str) -> Caller:
    return Caller(
        id=await person_id(code), kind="employee", code=code, name=code, rank="staff", side="",
        opted_out=False, locale="", roles=frozenset(roles), session=ids.new_id(),
    )  # fmt: skip


async def link(at: UUID | None = None) -> tuple[UUID, str]:
    """A screen of the old town's store, and the secret of its link."""
    return await commands.make(await caller("SM", "store_manager"), "门口", at)


async def test_the_link_is_shown_once_and_kept_as_a_hash(
    new_client: NewClient, clock: Clock
) -> None:
    await open_shop(clock)
    manager = await visit(new_client, "SM")
    answer = await manager.send("/screens", {"name": "门口", "store": ""}, key="once")
    assert answer.status_code == 201
    secret = answer.text.split("/screens/", 2)[2].split('"')[0]
    assert len(secret) == 26
    assert await db.value("SELECT token_hash FROM store_screen") == ids.token_hash(secret.upper())
    kept = await db.value("SELECT string_agg(c::text, '') FROM command c")
    assert secret not in kept.lower()
    again = await manager.send("/screens", {"name": "门口", "store": ""}, key="once")
    assert again.status_code == 303, "the same form again makes no second screen"
    assert await db.value("SELECT count(*) FROM store_screen") == 1
    assert "门口" in await manager.read("/screens")


async def test_a_wall_opens_without_signing_in_and_sees_boards_only(
    client: httpx.AsyncClient, clock: Clock
) -> None:
    await open_shop(clock)
    day = await make_day()
    await join(day, "MEI")
    _, secret = await link()
    answer = await client.get(f"/screens/{secret.lower()}")
    assert answer.status_code == 200
    assert "开业日挑战 老城店" in words(answer)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "sid" not in client.cookies
    assert client.cookies.get("screen")
    assert (await client.get(f"/api/boards/{day}")).status_code == 200
    for path in (f"/api/boards/{day}/me", "/wallet", "/challenges", "/coupons", "/me", "/inbox"):
        assert (await client.get(path)).status_code in {303, 401, 403}, path
    # Nor does the token help in the place of a person's.
    client.cookies.set("sid", client.cookies["screen"])
    for path in ("/wallet", "/challenges", "/coupons", "/inbox", "/actions/new"):
        assert (await client.get(path)).status_code == 403, path


async def test_a_wall_keeps_its_session(client: httpx.AsyncClient, clock: Clock) -> None:
    await open_shop(clock)
    screen, secret = await link()
    for _ in range(3):
        await client.get(f"/screens/{secret}")
    assert await db.value("SELECT count(*) FROM session WHERE person = $1", screen) == 1
    await clock.advance(days=91)
    assert (await client.get(f"/screens/{secret}")).status_code == 200
    assert await db.value("SELECT count(*) FROM session WHERE person = $1", screen) == 2


async def test_revoking_closes_the_socket_and_shows_a_calm_page(
    live_server: str, clock: Clock
) -> None:
    await open_shop(clock)
    day = await make_day()
    screen, secret = await link()
    async with httpx.AsyncClient(base_url=live_server) as tv:
        await tv.get(f"/screens/{secret}")
        async with socket(live_server, f"screen={tv.cookies['screen']}") as live:
            await say(live, t="watch", boards=[str(day)])
            assert (await hear(live, "frame"))["goal"]["total"] == 3
            await commands.revoke(await caller("SM", "store_manager"), screen)
            with pytest.raises(ConnectionClosed) as closed:
                await hear(live, "never")
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 4401
        answer = await tv.get(f"/screens/{secret}")
        assert (answer.status_code, "这块屏幕在休息" in words(answer)) == (410, True)
        assert (await tv.get(f"/api/boards/{day}")).status_code in {303, 401}


async def test_a_new_link_ends_the_old_one(client: httpx.AsyncClient, clock: Clock) -> None:
    await open_shop(clock)
    screen, secret = await link()
    await client.get(f"/screens/{secret}")
    fresh = await commands.renew(await caller("OP", "operations"), screen)
    assert await queries.by_token(secret) is None
    assert await queries.by_token(fresh.lower()) is not None
    assert (await client.get(f"/screens/{secret}")).status_code == 410


@pytest.mark.parametrize("verb", ["revoke", "link", "name"])
async def test_a_manager_sets_up_the_own_store_only(
    new_client: NewClient, clock: Clock, verb: str
) -> None:
    await open_shop(clock)
    screen, secret = await link()
    other = await visit(new_client, "CHEN")
    answer = await other.send(f"/screens/{screen}/{verb}", {"name": "我的"})
    assert answer.status_code == 403
    found = await queries.by_token(secret)
    assert found is not None
    assert found.name == "门口"
    assert "门口" not in await other.read("/screens")
    mine = await visit(new_client, "SM")
    await mine.send(f"/screens/{screen}/{verb}", {"name": "我的"})
    after = await queries.by_token(secret)
    assert after is None if verb != "name" else after is not None and after.name == "我的"


async def test_a_screen_needs_a_name(new_client: NewClient, clock: Clock) -> None:
    await open_shop(clock)
    answer = await (await visit(new_client, "OP")).send("/screens", {"name": " ", "store": ""})
    assert (answer.status_code, refusal("screen_name_missing") in answer.text) == (422, True)


async def test_a_wall_goes_on_to_the_next_round_by_itself(
    client: httpx.AsyncClient, clock: Clock
) -> None:
    first = await open_field(clock)
    await begin_battle(clock, first)
    await db.execute(
        "UPDATE battle SET state = 'final', settled_at = leitai_clock(), result = '{}'"
    )
    await db.execute("UPDATE board SET state = 'final', winners = '[\"一队\"]'")
    assert [one.id for one in await queries.battles_shown(first)] == [first]
    await clock.advance(minutes=11)
    # Nothing follows: the last verdict stays, no wall is empty.
    assert [one.id for one in await queries.battles_shown(None)] == [first]
    second = UUID(int=2)
    await db.execute(
        "INSERT INTO battle SELECT (jsonb_populate_record(b, jsonb_build_object('id', $1::text,"
        " 'state', 'live', 'settled_at', NULL, 'result', NULL))).* FROM battle b",
        str(second),
    )
    assert [one.id for one in await queries.battles_shown(first)] == [second]


async def test_thanks_name_who_did_something_and_nobody_who_opted_out(clock: Clock) -> None:
    await open_field(clock)
    await clock.set(MORNING)
    await act("MEI", "visit", "A-1")
    await clock.advance(minutes=1)
    await act("CHEN", "call")
    found = await thanks.latest(None)
    assert [(each.name, each.title["zh_Hans"], each.amount) for each in found] == [
        ("陈", "电话", 2), ("梅", "拜访", 5),
    ]  # fmt: skip
    await rights.opt_out(await person_id("CHEN"))
    assert [each.name for each in await thanks.latest(None)] == ["梅"]
    await clock.advance(hours=73)
    assert await thanks.latest(None) == []


async def test_a_bonus_and_a_badge_are_thanked_for(clock: Clock) -> None:
    await open_shop(clock)
    day = await make_day()
    mei = await person_id("MEI")
    await db.execute(
        "UPDATE challenge SET state = 'paid', ended_at = leitai_clock(), result = $2 WHERE id = $1",
        day, {"payouts": {str(mei): 56}, "points": {str(mei): 9}},
    )  # fmt: skip
    store = await db.value("SELECT unit FROM person WHERE code = 'MEI'")
    other = await db.value("SELECT unit FROM person WHERE code = 'CHEN'")
    [bonus] = await thanks.latest(store)
    assert (bonus.kind, bonus.name, bonus.amount, bonus.asset) == ("bonus", "梅", 56, "points")
    assert await thanks.latest(other) == []

    await launch(BADGE + plan_text(version=2))
    await clock.advance(minutes=1)
    await db.execute(
        "INSERT INTO badge_award (id, person, plan, plan_version, badge, tier, reached_at,"
        " fact_source, fact) SELECT $1, $2, 'shop', 2, 'kind', 'bronze', n, 'action', 'x'"
        " FROM leitai_clock() n",
        ids.new_id(), mei,
    )  # fmt: skip
    badge = (await thanks.latest(store))[0]
    assert (badge.kind, badge.name, badge.title["zh_Hans"]) == ("badge", "梅", "热心")
