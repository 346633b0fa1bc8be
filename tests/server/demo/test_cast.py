"""The cast: in demo mode one tap makes you anybody, elsewhere it isn't there."""

import httpx
import pytest

from server.demo import company

NAMES = {each.person: each.name for each in company.colleagues()} | {
    each.phone: each.name for each in company.OUTSIDERS
}


async def become(browser: httpx.AsyncClient, person: str) -> httpx.Response:
    return await browser.post("/demo/become", data={"person": person})


async def test_a_real_company_has_no_cast(client: httpx.AsyncClient) -> None:
    assert (await client.get("/cast")).status_code == 404
    assert (await become(client, "K302")).status_code == 404


async def test_the_cast_is_listed(visitor: httpx.AsyncClient) -> None:
    listed = await visitor.get("/cast")
    assert listed.status_code == 200
    for part in company.CAST:
        assert f'value="{part.person}"' in listed.text
        assert NAMES[part.person] in listed.text


async def test_the_first_visit_leads_to_the_cast(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/cast")


async def test_one_tap_makes_you_somebody(visitor: httpx.AsyncClient) -> None:
    for part in company.CAST:
        answer = await become(visitor, part.person)
        assert answer.status_code == 303
        there = await visitor.get(answer.headers["Location"], follow_redirects=True)
        assert there.status_code == 200, part.person
        assert NAMES[part.person] in (await visitor.get("/me")).text


async def test_stepping_into_another_ends_the_first(visitor: httpx.AsyncClient) -> None:
    await become(visitor, "K302")
    first = visitor.cookies["sid"]
    await become(visitor, "H03")
    assert visitor.cookies["sid"] != first
    visitor.cookies.clear()
    again = await visitor.get("/api/battles", headers={"Cookie": f"sid={first}"})
    assert again.status_code == 401


async def test_another_site_makes_you_nobody(visitor: httpx.AsyncClient) -> None:
    visitor.headers["Origin"] = "http://elsewhere.test"
    assert (await become(visitor, "K302")).status_code == 403
    assert "sid" not in visitor.cookies


@pytest.mark.parametrize("nobody", ["", "K999", "k" * 9000])
async def test_nobody_can_be_made_up(visitor: httpx.AsyncClient, nobody: str) -> None:
    assert (await become(visitor, nobody)).status_code == 404
