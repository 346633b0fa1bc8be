"""Pictures to share: for whoever's they are; nobody else is named, nobody who has opted out (B6)."""

import io
from uuid import UUID

import httpx
import msgspec
import pytest
from PIL import Image

from server.battles import commands as battles
from server.cards import views
from server.people import rights, sessions
from server.people.auth import Caller, caller_by
from tests.support.badges import open_badges
from tests.support.cast import person_id
from tests.support.field import FIGHTERS, act, begin, close, open_field
from tests.support.friends import PLAN, customer, link_of, open_campaign
from tests.support.services import Clock
from tests.support.visitor import NewClient, Visitor, refusal, visit, words

pytestmark = pytest.mark.usefixtures("app")
SIZE = (1080, 1440)


async def won(clock: Clock) -> UUID:
    """The battle of the field, won by 梅 and 宝."""
    battle = await open_field(clock)
    await begin(clock, battle)
    await act("MEI")
    await close(clock, battle)
    await battles.settle(battle, await person_id("AU"))
    return battle


async def seen(visitor: Visitor, path: str) -> Image.Image:
    """The picture at a path."""
    answer = await visitor.open(f"{path}/picture.png")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    return Image.open(io.BytesIO(answer.content))


async def refused(visitor: Visitor, path: str, code: str) -> None:
    """Neither the page nor the picture is shown."""
    page, drawn = await visitor.open(path), await visitor.open(f"{path}/picture.png")
    assert refusal(code) in words(page)
    assert drawn.status_code == page.status_code >= 400
    assert "image" not in drawn.headers["content-type"]


async def test_whoever_won_shares_it_and_is_the_only_one_named(
    clock: Clock, new_client: NewClient
) -> None:
    battle = await won(clock)
    mei = await visit(new_client, "MEI")
    said = await mei.open(f"/cards/battles/{battle}")
    assert "对决：一队 赢下擂台。梅，为一队得 2 分。" in said.text
    assert (await seen(mei, f"/cards/battles/{battle}")).size == SIZE
    card = msgspec.to_builtins(await views.win(await caller("MEI"), battle))
    others = {name for code, name, *_ in FIGHTERS if code != "MEI"}
    spoken = " ".join(str(each) for each in card.values())
    assert card["name"] == "梅"
    assert not [each for each in others if each in spoken]
    assert "¥" not in spoken, "what was paid stays inside the company"


async def caller(code: str) -> Caller:
    opened = await sessions.start_session(await person_id(code))
    found = await caller_by(opened.token)
    assert found is not None
    return found


async def test_the_losing_side_an_onlooker_and_an_open_battle_have_no_picture(
    clock: Clock, new_client: NewClient
) -> None:
    battle = await open_field(clock)
    mei = await visit(new_client, "MEI")
    await refused(mei, f"/cards/battles/{battle}", "card_none")
    await begin(clock, battle)
    await act("MEI")
    await close(clock, battle)
    await battles.settle(battle, await person_id("AU"))
    for code in ("CHEN", "AN", "OP"):
        await refused(await visit(new_client, code), f"/cards/battles/{battle}", "card_none")
    assert (
        "/cards/" not in (await (await visit(new_client, "CHEN")).open(f"/battles/{battle}")).text
    )
    assert f"/cards/battles/{battle}" in (await mei.open(f"/battles/{battle}")).text


async def test_whoever_opted_out_is_on_no_picture(clock: Clock, new_client: NewClient) -> None:
    battle = await won(clock)
    mei = await visit(new_client, "MEI")
    await rights.opt_out(await person_id("MEI"))
    await refused(mei, f"/cards/battles/{battle}", "card_opted_out")
    assert "/cards/" not in (await mei.open(f"/battles/{battle}")).text


async def test_a_badge_is_shared_by_whoever_holds_it(clock: Clock, new_client: NewClient) -> None:
    await open_badges(clock, "caller")
    mei, bao = await visit(new_client, "MEI"), await visit(new_client, "BAO")
    await refused(mei, "/cards/badges/field/caller", "card_none")
    await act("MEI")
    assert "梅：电话王，铜章。" in (await mei.open("/cards/badges/field/caller")).text
    assert (await seen(mei, "/cards/badges/field/caller")).size == SIZE
    await refused(bao, "/cards/badges/field/caller", "card_none")
    assert "/cards/badges/field/caller" in (await mei.open("/badges/field/caller")).text
    assert "/cards/" not in (await bao.open("/badges/field/caller")).text


async def test_an_offer_is_drawn_for_its_owner_alone(clock: Clock, new_client: NewClient) -> None:
    await open_campaign(clock)
    owner, other = await customer(1), await customer(2)
    code = await link_of(owner)
    mine, theirs = await sit(new_client, owner), await sit(new_client, other)
    assert f"/cards/offers/{code}" in (await mine.open("/referrals")).text
    assert "¥200" in (await mine.open(f"/cards/offers/{code}")).text
    assert (await seen(mine, f"/cards/offers/{code}")).size == SIZE
    await refused(theirs, f"/cards/offers/{code}", "card_none")
    await refused(mine, "/cards/offers/0000000", "link_unknown")


async def sit(new_client: NewClient, person: UUID) -> Visitor:
    client = new_client()
    client.cookies.set("sid", (await sessions.start_session(person)).token)
    return Visitor(client)


async def test_a_picture_that_is_known_is_not_sent_again(
    clock: Clock, new_client: NewClient
) -> None:
    await open_badges(clock, "caller")
    await act("MEI")
    mei = await visit(new_client, "MEI")
    path = "/cards/badges/field/caller/picture.png"
    first = await mei.open(path)
    again = await mei.client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == "private, no-cache"
    english = await mei.client.get(path, headers={"Accept-Language": "en"})
    assert english.headers["etag"] != first.headers["etag"]


async def test_nobody_without_a_session_sees_one(client: httpx.AsyncClient) -> None:
    answer = await client.get("/cards/badges/field/caller/picture.png")
    assert answer.status_code in {303, 401}
    assert PLAN not in answer.text
