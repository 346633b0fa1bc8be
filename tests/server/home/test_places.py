"""Where each role goes: the bar, the bell, and Me."""

import re
from uuid import UUID

import httpx
import pytest
from litestar.types import ASGIApp

from game.plan import template
from server.challenges import commands as challenges
from server.challenges.commands import New
from server.notifications.notices import notify
from server.people import sessions, visitors
from server.rewards import catalogue
from server.rewards.catalogue import Terms
from server.rewards.commands import redeem
from tests.support.cast import DESK, bring_in, launch, person_id
from tests.support.field import FIGHTERS, act, open_plan
from tests.support.services import Clock
from tests.support.visitor import NewClient, Visitor, visit, words

IN_STORE = [
    ("LU", "小鹿", "staff", "总部/东门店", "", "store"),
    ("YAN", "严店长", "manager", "总部/东门店", "", "store_manager"),
]
OF_LEADS = [
    ("SA", "沙", "staff", "总部/销售", "", "sales"),
    ("SE", "佘", "staff", "总部/客服", "", "service"),
]
TERMS = Terms(kind="gift", title={"zh_Hans": "保温杯"}, points=2)
PAGE = {"Accept": "text/html,*/*;q=0.8"}


def bar(answer: httpx.Response) -> list[str]:
    """The hrefs of the bottom bar."""
    nav = answer.text.split('<nav class="bottom"')[1].split("<ul>")[1].split("</nav>")[0]
    return re.findall(r'href="([^"]+)"', nav)


@pytest.fixture
async def company(app: ASGIApp, clock: Clock) -> None:
    await open_plan(clock)
    await bring_in([*FIGHTERS, *DESK, *IN_STORE, *OF_LEADS])


async def customer(new_client: NewClient) -> tuple[UUID, Visitor]:
    """Somebody who confirmed a phone that was nobody's."""
    person = (await visitors.customer_of("+8613800138000")).id
    client = new_client()
    client.cookies.set("sid", (await sessions.start_session(person)).token)
    return person, Visitor(client)


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize(
    ("code", "places"),
    [
        ("MEI", ["/", "/battles", "/actions/new", "/rewards", "/me"]),
        ("LU", ["/", "/till", "/battles", "/rewards", "/me"]),
        ("YAN", ["/", "/till", "/battles", "/rewards", "/me"]),
        ("OP", ["/", "/reviews", "/battles", "/plans", "/me"]),
        ("AU", ["/", "/battles", "/plans", "/me"]),
        ("FI", ["/", "/settlements", "/battles", "/rewards", "/me"]),
        ("SA", ["/", "/leads", "/battles", "/rewards", "/me"]),
        ("SE", ["/", "/deals/calls", "/battles", "/rewards", "/me"]),
        ("AD", ["/", "/battles", "/plans", "/people", "/me"]),
    ],
)
async def test_each_role_has_its_places(
    new_client: NewClient, code: str, places: list[str]
) -> None:
    assert bar(await (await visit(new_client, code)).open("/")) == places


@pytest.mark.usefixtures("company")
async def test_store_staff_are_employees_too(new_client: NewClient) -> None:
    lu = await visit(new_client, "LU")
    said = await lu.read("/")
    assert "报你的第一条" in said, "they report as everybody does"
    assert "我报的" in said


@pytest.mark.usefixtures("company")
async def test_a_customer_has_places_of_their_own(new_client: NewClient) -> None:
    _person, zhou = await customer(new_client)
    assert "今天没有等你的事" in await zhou.read("/")
    me = await zhou.open("/me")
    assert bar(me) == ["/", "/coupons", "/referrals", "/inbox", "/me"]
    said = words(me)
    assert "138****8000" in said
    assert "语言" in said
    for inside in ("自愿参加", "可用积分", "口令"):
        assert inside not in said, inside
    assert (await zhou.open("/wallet")).status_code == 403
    left = await zhou.client.post("/me/sign-out-everywhere")
    assert left.status_code == 303
    assert (await zhou.open("/me")).status_code in {303, 401}


@pytest.mark.usefixtures("company")
async def test_the_bell_counts_what_is_unread(new_client: NewClient) -> None:
    mei = await visit(new_client, "MEI")

    async def bell() -> str:
        answer = await mei.client.get("/", headers=PAGE)
        found = re.search(r'<a class="tap bell"[^>]*aria-label="([^"]*)"', answer.text)
        assert found
        return found[1]

    assert await bell() == "消息"
    for topic in ("one", "two"):
        facts = {"friend": "安", "what": "¥200"}
        await notify([await person_id("MEI")], "referral_reward", topic, facts, "/wallet")
    assert await bell() == "消息，2 条未读"
    bao = await visit(new_client, "BAO")
    assert "未读" not in (await bao.client.get("/", headers=PAGE)).text, "it is hers alone"


@pytest.mark.usefixtures("company")
async def test_a_place_without_a_session_leads_to_the_door(client: httpx.AsyncClient) -> None:
    assert (await client.get("/me", headers=PAGE)).headers["location"].startswith("/sign-in")


@pytest.mark.usefixtures("company")
async def test_store_staff_see_what_waits_at_the_counter(new_client: NewClient) -> None:
    lu = await visit(new_client, "LU")
    assert "发放福利" not in await lu.read("/")
    cup = await catalogue.create(TERMS, None, await person_id("OP"))
    await act("MEI")
    await redeem(cup, await person_id("MEI"), 2)
    assert "发放福利 1" in await lu.read("/")


@pytest.mark.usefixtures("company")
async def test_operations_see_suggestions(new_client: NewClient) -> None:
    await catalogue.suggest(await person_id("MEI"), "下午茶", "歇一歇")
    desk = await (await visit(new_client, "OP")).read("/")
    assert "答复建议 1" in desk
    assert "今天没有急事" in desk


@pytest.mark.usefixtures("company")
async def test_a_store_s_challenge_waits_for_its_staff(new_client: NewClient) -> None:
    yan, lu = await visit(new_client, "YAN"), await visit(new_client, "LU")
    assert "在本店发起挑战" in await yan.read("/")
    await launch(template("full-participation"))
    people = [await person_id("YAN"), await person_id("LU")]
    day = await challenges.make(
        New(plan="full-participation", rule="launch_day", people=people), people[0]
    )
    assert "在本店发起挑战" not in await yan.read("/")
    assert "开业日挑战，就等你加入" in await lu.read("/")
    await challenges.join(day, people[1])
    said = await lu.read("/")
    assert "就等你加入" not in said
    assert "开业日挑战" in said, "its card stays"
    assert "开业日挑战" not in await (await visit(new_client, "MEI")).read("/"), "another unit's"


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize("code", ["LU", "YAN", "OP", "AU", "FI", "AD", "MEI", "SA", "SE"])
async def test_every_way_from_me_and_the_bar_opens(new_client: NewClient, code: str) -> None:
    one = await visit(new_client, code)
    me = await one.open("/me")
    for href in sorted(set(re.findall(r'<a[^>]* href="(/[^"?#]*)"', me.text))):
        answer = await one.client.get(href, headers=PAGE, follow_redirects=True)
        assert answer.status_code == 200, href
