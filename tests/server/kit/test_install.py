"""The manifest is one that browsers install, in every language and for every bar."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from server.config import CHECKOUT
from server.kit import i18n, pages

KB_MOST = 60


async def manifest(client: httpx.AsyncClient, **asked: str) -> dict[str, Any]:
    answer = await client.get("/manifest.webmanifest", params=asked)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/manifest+json")
    return dict(answer.json())


def file_of(src: str) -> Path:
    return CHECKOUT / src.removeprefix("/")


@pytest.mark.parametrize("locale", i18n.LOCALES)
async def test_it_speaks_the_language(client: httpx.AsyncClient, locale: str) -> None:
    told = await manifest(client, locale=locale)
    name = {"zh_Hans": "擂台", "zh_Hant": "擂台", "en": "Leitai"}[locale]
    assert (told["name"], told["short_name"]) == (name, name)
    assert told["lang"] == i18n.language_tag(locale)
    assert all(f"/{locale}-" in each["src"] for each in told["screenshots"])
    words = [each["name"] for each in told["shortcuts"]]
    assert ("战况" in words or "擂台" in words) is (locale == "zh_Hans") or locale != "zh_Hans"
    assert told["id"] == told["scope"] == "/"


@pytest.mark.parametrize("locale", i18n.LOCALES)
async def test_every_picture_is_there_in_the_size_it_claims(
    client: httpx.AsyncClient, locale: str
) -> None:
    told = [await manifest(client, locale=locale, seat=seat) for seat in pages.SEATS]
    shown = [
        *told[0]["icons"], *told[0]["screenshots"],
        *(icon for each in told for short in each["shortcuts"] for icon in short["icons"]),
    ]  # fmt: skip
    for each in shown:
        assert (await client.get(each["src"])).status_code == 200, each["src"]
        if each["sizes"] == "any":
            continue
        with Image.open(file_of(each["src"])) as drawn:
            assert f"{drawn.width}x{drawn.height}" == each["sizes"], each["src"]
            assert Image.MIME[drawn.format or ""] == each["type"]
        assert file_of(each["src"]).stat().st_size <= KB_MOST * 1024, each["src"]
    forms = [each["form_factor"] for each in told[0]["screenshots"]]
    assert (forms.count("narrow"), forms.count("wide")) == (3, 2)
    purposes = {each.get("purpose", "any") for each in told[0]["icons"]}
    assert purposes == {"any", "maskable", "monochrome"}


async def test_a_maskable_icon_keeps_its_strokes_inside_the_circle(
    client: httpx.AsyncClient,
) -> None:
    told = await manifest(client)
    src = next(each["src"] for each in told["icons"] if each.get("purpose") == "maskable")
    with Image.open(file_of(src)) as kept:
        drawn = kept.convert("RGB")
    ground = drawn.getpixel((0, 0))
    middle, safe = drawn.width / 2, drawn.width * 0.4
    outside = {
        drawn.getpixel((x, y))
        for x in range(0, drawn.width, 4)
        for y in range(0, drawn.height, 4)
        if (x - middle) ** 2 + (y - middle) ** 2 > safe**2
    }
    assert outside == {ground}


@pytest.mark.parametrize(
    ("seat", "ways"),
    [
        ("employee", ["/battles", "/actions/new", "/rewards"]),
        ("store", ["/till", "/battles", "/rewards"]),
        ("outside", ["/coupons", "/referrals", "/inbox"]),
        ("operations", ["/reviews", "/battles", "/plans"]),
        ("no such", ["/battles", "/actions/new", "/rewards"]),
    ],
)
async def test_shortcuts_lead_to_the_places_of_the_bar(
    client: httpx.AsyncClient, seat: str, ways: list[str]
) -> None:
    told = await manifest(client, seat=seat)
    assert [each["url"] for each in told["shortcuts"]] == ways


async def test_a_page_names_the_manifest_of_its_reader(client: httpx.AsyncClient) -> None:
    said = (await client.get("/install", headers={"Accept-Language": "zh-TW"})).text
    assert 'href="/manifest.webmanifest?locale=zh_Hant&amp;seat=employee"' in said
