"""The first look around: at most three steps, once for each role, never in the way."""

import re

import pytest
from litestar.types import ASGIApp

from server.home.tour import PARTS, TOP
from server.kit.pages import BARS, EMPLOYEE, OUTSIDE
from server.people import rights
from server.people.guards import ROLES
from tests.support.cast import DESK, bring_in, person_id
from tests.support.field import FIGHTERS, open_plan
from tests.support.services import Clock
from tests.support.visitor import NewClient, visit

FIRST = "最上面这句话"
LAST = "钱包在这里"


@pytest.fixture
async def company(app: ASGIApp, clock: Clock) -> None:
    await open_plan(clock)
    await bring_in([*FIGHTERS, *DESK])


def test_each_part_has_at_most_three_steps_that_point_at_something() -> None:
    bars = dict(BARS) | {"employee": EMPLOYEE, "customer": OUTSIDE, "partner": OUTSIDE}
    assert PARTS.keys() == (set(ROLES) - {"screen"}) | {"employee", "customer", "partner"}
    for part, steps in PARTS.items():
        assert 1 <= len(steps) <= 3
        there = {place.name for place in bars[part]} | {TOP, "search"}
        assert {step.at for step in steps} <= there, part


@pytest.mark.usefixtures("company")
async def test_it_is_shown_until_it_was_seen_to_its_end(new_client: NewClient) -> None:
    mei = await visit(new_client, "MEI")
    assert FIRST in await mei.read("/")
    assert FIRST in await mei.read("/"), "looking away ends nothing"
    second, third = await mei.read("/?tour=2"), await mei.read("/?tour=3")
    assert "2 / 3" in second
    assert LAST in third
    assert "下一步" not in third
    assert (await mei.client.post("/tour")).headers["location"] == "/"
    for path in ("/", "/?tour=2"):
        assert "/ 3" not in await mei.read(path)


@pytest.mark.usefixtures("company")
async def test_a_step_that_is_none_is_the_first(new_client: NewClient) -> None:
    mei = await visit(new_client, "MEI")
    for odd in ("0", "4", "-1", "x", "99999999999999999999"):
        assert FIRST in await mei.read(f"/?tour={odd}")


@pytest.mark.usefixtures("company")
async def test_a_new_role_has_a_tour_of_its_own(new_client: NewClient) -> None:
    mei = await visit(new_client, "MEI")
    await mei.client.post("/tour")
    await rights.set_roles(await person_id("MEI"), frozenset({"operations"}), await person_id("AD"))
    mei = await visit(new_client, "MEI")
    assert "超时的排最前" in await mei.read("/")


@pytest.mark.usefixtures("company")
async def test_it_points_at_a_place_of_the_bar(new_client: NewClient) -> None:
    mei = await visit(new_client, "MEI")
    bar = (await mei.open("/?tour=2")).text.split('<nav class="bottom"')[1]
    assert re.findall(r'<li class="pointed"><a href="([^"]+)"', bar) == ["/actions/new"]
