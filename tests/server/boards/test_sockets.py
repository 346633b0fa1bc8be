"""The live socket over a real port: who gets in, what they hear, when it ends (P11, P16)."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import httpx
import msgspec
import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus

from server.boards import service
from server.boards.frames import encoded
from server.boards.labels import of_person
from server.kit import db, ids
from server.notifications.hints import hint
from server.people import sessions
from server.people.rights import dismiss
from tests.support.board_site import create_board_app
from tests.support.boards import arena, said
from tests.support.eventually import eventually
from tests.support.live import serving
from tests.support.phones import Phone, cookie_of, hear, say, socket


@pytest.fixture
async def site(reset: None) -> AsyncIterator[str]:
    """Boards on a real port."""
    async with serving(create_board_app()) as found:
        yield found


async def test_a_watcher_gets_the_frame_and_what_changes_by_itself(site: str) -> None:
    made = await arena()
    async with socket(site, await cookie_of(made.people[0])) as one:
        await say(one, t="watch", boards=[str(made.id)])
        first = await hear(one, "frame")
        assert first["board"] == str(made.id)
        assert first["title"] == {"zh-Hans": "擂台"}
        (held,) = service.current().hub.labelled(of_person(made.people[0]))
        assert held._write, "our server's short cut reaches the hub through the framework"
        await made.score_points(made.people[0], 5, timedelta(seconds=1))

        async def has_five() -> bool:
            frame = await hear(one, "frame")
            return frame["top"][0] == {
                "name": made.names[made.people[0]], "side": "1队", "points": 5, "rank": 1,
            }  # fmt: skip

        await eventually(has_five)


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:1", "null", ""])
async def test_a_foreign_origin_is_refused(site: str, origin: str) -> None:
    made = await arena()
    with pytest.raises(InvalidStatus, match="403"):
        async with socket(site, await cookie_of(made.people[0]), origin):
            pass


async def test_without_a_living_session_nobody_gets_in(site: str) -> None:
    made = await arena()
    ended = await sessions.start_session(made.people[0])
    await sessions.sign_out(ended.id)
    for cookie in ("", "sid=invented", f"sid={ended.token}"):
        with pytest.raises(InvalidStatus, match="403"):
            async with socket(site, cookie):
                pass


async def test_signing_out_closes_the_socket_and_leaves_others(site: str) -> None:
    made = await arena()
    opened = await sessions.start_session(made.people[0])
    async with (
        socket(site, f"sid={opened.token}") as mine,
        socket(site, await cookie_of(made.people[0])) as other,
    ):
        await sessions.sign_out(opened.id)
        with pytest.raises(ConnectionClosed) as closed:
            await hear(mine, "never")
        assert closed.value.rcvd
        assert closed.value.rcvd.code == 4401
        await say(other, t="watch", boards=[str(made.id)])
        assert await hear(other, "frame")


async def test_a_session_that_has_run_out_is_found_by_the_recheck(site: str) -> None:
    made = await arena()
    opened = await sessions.start_session(made.people[0])
    async with socket(site, f"sid={opened.token}") as mine:
        await db.execute("UPDATE session SET expires_at = created_at WHERE id = $1", opened.id)
        await service.close_ended(service.current().hub)
        with pytest.raises(ConnectionClosed) as closed:
            await hear(mine, "never")
        assert closed.value.rcvd
        assert closed.value.rcvd.code == 4401


async def test_a_session_holds_five_sockets_at_most(site: str) -> None:
    made = await arena()
    cookie = await cookie_of(made.people[0])
    held = [socket(site, cookie) for _ in range(5)]
    for each in held:
        await each.__aenter__()
    with pytest.raises(InvalidStatus, match="403"):
        async with socket(site, cookie):
            pass
    await held[0].__aexit__(None, None, None)

    async def there_is_room() -> bool:
        async with socket(site, cookie):
            return True

    await eventually(there_is_room)
    for each in held[1:]:
        await each.__aexit__(None, None, None)


async def test_plain_http_is_told_to_upgrade(site: str) -> None:
    async with httpx.AsyncClient(base_url=site) as client:
        answer = await client.get("/live")
    assert (answer.status_code, answer.headers["Upgrade"]) == (426, "websocket")


async def test_a_board_that_is_not_there_is_refused(site: str) -> None:
    made = await arena()
    unknown = ids.new_id()
    async with socket(site, await cookie_of(made.people[0])) as one:
        await say(one, t="watch", boards=[str(unknown), str(made.id)])
        assert (await hear(one, "refused"))["boards"] == [str(unknown)]
        assert (await hear(one, "frame"))["board"] == str(made.id)


@pytest.mark.parametrize(
    ("text", "code"),
    [("nonsense", 1008), ('{"t":"watch"}', 1008), ('{"t":"watch","boards":["x"]}', 1008),
     (" " * 16_001, 1009), (b"bytes", 1009)],
)  # fmt: skip
async def test_what_is_no_watch_message_ends_the_socket(
    site: str, text: str | bytes, code: int
) -> None:
    made = await arena()
    async with socket(site, await cookie_of(made.people[0])) as one:
        await one.send(text)
        with pytest.raises(ConnectionClosed) as closed:
            await hear(one, "never")
        assert closed.value.rcvd
        assert closed.value.rcvd.code == code


async def test_a_flood_ends_the_socket(site: str) -> None:
    made = await arena()
    async with socket(site, await cookie_of(made.people[0])) as one:
        for _ in range(100):
            with contextlib.suppress(ConnectionClosed):
                await say(one, t="watch", boards=[])
        await one.wait_closed()
        assert one.close_code == 1008


async def test_a_hint_reaches_its_people_once_and_only_after_commit(site: str) -> None:
    made = await arena()
    told, other = made.people[:2]

    @db.command
    async def change(*, fails: bool) -> None:
        await hint({told}, "wallet")
        if fails:
            raise RuntimeError

    async with (
        socket(site, await cookie_of(told)) as mine,
        socket(site, await cookie_of(other)) as others,
    ):
        with pytest.raises(RuntimeError):
            await change(fails=True)
        await change(fails=False)
        assert await hear(mine, "changed") == {"t": "changed", "what": ["wallet"]}
        await say(others, t="watch", boards=[str(made.id)])
        await say(mine, t="watch", boards=[str(made.id)])
        for one in (mine, others):
            async with asyncio.timeout(5):
                assert msgspec.json.decode(await one.recv())["t"] == "frame"


async def test_another_process_hears_of_a_sign_out_over_the_bus(
    site: str, settings: object
) -> None:
    made = await arena()
    opened = await sessions.start_session(made.people[0])
    other = service.Service(settings.redis_url)  # type: ignore[attr-defined]
    await other.start()
    try:
        async with socket(site, f"sid={opened.token}") as mine:

            async def is_closed() -> bool:
                # The latest started is the one that speaks: the app only hears.
                other.bus.publish("sessions", {"ended": [str(opened.id)]})
                try:
                    async with asyncio.timeout(0.2):
                        await mine.recv()
                except ConnectionClosed:
                    return True
                return False

            assert await eventually(is_closed)
    finally:
        await other.stop()


async def test_the_same_frame_is_had_over_http_with_a_tag(site: str) -> None:
    made = await arena()
    await made.score_points(made.people[0], 5, timedelta(seconds=1))
    cookie = {"Cookie": await cookie_of(made.people[0])}
    async with httpx.AsyncClient(base_url=site, headers=cookie) as client:

        async def is_live() -> httpx.Response | None:
            answer = await client.get(f"/api/boards/{made.id}")
            data = answer.json()
            is_here = not data["delayed"] and data["top"][0]["points"] == 5
            return answer if is_here else None

        answer = await eventually(is_live)
        frame = await service.current().frames.frame(made.id)
        data = answer.json()
        assert data | {"at": 0, "as_of": 0} == msgspec.json.decode(encoded(frame)) | {
            "at": 0, "as_of": 0,
        }  # fmt: skip
        tag = {"If-None-Match": answer.headers["ETag"]}
        assert (await client.get(f"/api/boards/{made.id}", headers=tag)).status_code == 304
        await made.score_points(made.people[0], 5, timedelta(seconds=2))

        async def has_changed() -> bool:
            again = await client.get(f"/api/boards/{made.id}", headers=tag)
            return again.status_code == 200

        assert await eventually(has_changed)
        assert (await client.get(f"/api/boards/{ids.new_id()}")).status_code == 404
    async with httpx.AsyncClient(base_url=site) as stranger:
        assert (await stranger.get(f"/api/boards/{made.id}")).status_code == 401
        assert (await stranger.get(f"/api/boards/{made.id}/me")).status_code == 401


async def test_every_phone_ends_with_the_frame_a_fresh_fetch_gets(site: str) -> None:
    made = await arena((4, 4))
    seed = random.Random(11)
    phones = [
        Phone(site, await cookie_of(made.people[number % 8]), made.id) for number in range(24)
    ]
    try:
        for number in range(120):
            await made.score_points(
                seed.choice(made.people), seed.randint(1, 5), timedelta(seconds=number)
            )
            seed.choice(phones).cut()
        await settle(made.id, phones)
        frame = await service.current().frames.frame(made.id)
        assert said(frame) == made.expected()
        assert sum(phone.connected for phone in phones) > len(phones), "some were cut"
    finally:
        for phone in phones:
            await phone.stop()


async def settle(board: UUID, phones: list[Phone]) -> None:
    """Wait until every phone shows what a fresh fetch shows."""

    async def is_settled() -> bool:
        await service.current().projector.project([board])
        frame = await service.current().frames.frame(board)
        fresh = msgspec.json.decode(encoded(frame))
        return all(
            phone.frame is not None
            and phone.frame | {"at": 0, "as_of": 0} == fresh | {"at": 0, "as_of": 0}
            for phone in phones
        )

    await eventually(is_settled, why="a phone kept another frame")
    assert not any(phone.went_back for phone in phones)


async def test_a_phone_that_reads_nothing_holds_up_nobody(site: str) -> None:
    made = await arena()
    slow_person, quick_person = made.people[:2]
    hub = service.current().hub
    async with (
        socket(site, await cookie_of(slow_person)) as slow,
        socket(site, await cookie_of(quick_person)) as quick,
    ):
        for one in (slow, quick):
            await say(one, t="watch", boards=[str(made.id)])
            await hear(one, "frame")
        for number in range(40):
            hub.tell(of_person(slow_person), f"{number}", {"t": "much", "x": "x" * 1_000_000})
        for number in range(1, 4):
            await made.score_points(quick_person, 1, timedelta(seconds=number))
            await eventually(lambda number=number: _has_points(quick, number))
        # When it reads again it hears all that was kept for it, the newest frame among it.
        await eventually(lambda: _has_points(slow, 3))


async def _has_points(one: ClientConnection, points: int) -> bool:
    return bool((await hear(one, "frame"))["top"][0]["points"] == points)


async def test_a_dismissed_person_loses_the_socket(site: str) -> None:
    made = await arena()
    async with socket(site, await cookie_of(made.people[0])) as one:
        await dismiss(made.people[0], made.people[1], "left")
        with pytest.raises(ConnectionClosed):
            await hear(one, "never")


async def test_ready_says_how_boards_are(site: str) -> None:
    ready = service.ready()
    assert ready["redis"] == "up"
    assert ready["dead"] == []
