"""The style page is for whoever builds the product: in the demo and in `leitai dev`, else nowhere."""

import httpx
import pytest

from server import config
from server.kit import i18n


@pytest.mark.parametrize("locale", i18n.LOCALES)
async def test_a_demo_shows_every_piece_in_each_look(
    visitor: httpx.AsyncClient, locale: str
) -> None:
    visitor.cookies.set("locale", locale)
    answer = await visitor.get("/styleguide?theme=dark&size=large")

    assert answer.status_code == 200
    assert 'data-theme="dark" data-size="large"' in answer.text
    assert answer.text.count('class="piece"') == 24


async def test_an_unknown_look_is_the_usual_one(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get("/styleguide?theme=<b>&size=huge")
    assert 'data-theme="auto" data-size="normal"' in answer.text


async def test_a_company_has_no_style_page(client: httpx.AsyncClient) -> None:
    assert (await client.get("/styleguide")).status_code == 404


def test_no_variable_turns_it_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STYLEGUIDE", "1")
    assert not config.Settings().styleguide
    assert config.DevSettings().styleguide
    assert not config.DevSettings().demo
