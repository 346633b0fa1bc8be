"""What goes over the wire is small, is kept as long as it may be, and comes from the build alone."""

import gzip

import httpx
import pytest

from server.kit.assets import BUILD, URL, manifest

STYLES = URL + manifest()["styles/main.css"]["file"]


@pytest.mark.parametrize(
    ("asked", "sent", "ending"),
    [("gzip, deflate, br", "br", ".br"), ("gzip", "gzip", ".gz"), ("identity", None, "")],
)
async def test_a_built_file_comes_as_small_as_the_browser_reads_it(
    client: httpx.AsyncClient, asked: str, sent: str | None, ending: str
) -> None:
    async with client.stream("GET", STYLES, headers={"Accept-Encoding": asked}) as answer:
        body = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers.get("content-encoding") == sent
    assert answer.headers["content-type"].startswith("text/css")
    assert answer.headers["vary"] == "Accept-Encoding"
    assert "immutable" in answer.headers["cache-control"]
    assert body == (BUILD / (STYLES.removeprefix(URL) + ending)).read_bytes()


async def test_the_worker_is_asked_for_again_each_time(client: httpx.AsyncClient) -> None:
    answer = await client.get("/sw.js", headers={"Accept-Encoding": "br"})
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-encoding"] == "br"
    assert answer.headers["content-type"].startswith(("text/javascript", "application/javascript"))


@pytest.mark.parametrize(
    "name", ["../../pyproject.toml", "%2e%2e/%2e%2e/pyproject.toml", "assets", "no"]
)
async def test_nothing_but_built_files_is_served(client: httpx.AsyncClient, name: str) -> None:
    assert (await client.get(URL + name)).status_code == 404


async def test_pages_are_compressed_and_pictures_are_not(client: httpx.AsyncClient) -> None:
    async with client.stream("GET", "/sign-in", headers={"Accept-Encoding": "gzip"}) as answer:
        body = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers["content-encoding"] == "gzip"
    assert b"<h1>" in gzip.decompress(body)
    picture = await client.get("/static/icons/icon-192.png", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in picture.headers
    few = await client.get("/healthz", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in few.headers
