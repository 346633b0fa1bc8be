"""P17: a phone goes through every door and desk, and is nowhere in clear but on the way to a call."""

import base64
import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
import httpx
import pytest

from server.actions.customers import customer_key
from server.kit import crypto, db, ids
from server.leads import consent
from server.people.commands import import_people
from server.people.imports import read_people
from tests.server.people.conftest import Gateway
from tests.support.canary import Finder, Overheard, all_traces, kept_by, phones
from tests.support.cast import person_id
from tests.support.deals import open_desk
from tests.support.services import Addresses, Clock
from tests.support.visitor import NewClient, Visitor, visit, words

FORM, API, DOOR, STAFF, OWN, TRIED = PHONES = phones(6)
ECHOING = {"POST /customers", "POST /leads/check", "POST /sign-in/code"}
"""Forms that show again what was typed; anything else shows a number only to whoever asked."""
NOON = datetime(2026, 11, 25, 4, tzinfo=UTC)


class Wire:
    """All that went over the wire: addresses, and what pages answered."""

    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.pages: dict[str, bytes] = {}

    def listen(self, client: httpx.AsyncClient) -> httpx.AsyncClient:
        client.event_hooks = {"response": [self.hear]}
        return client

    async def hear(self, answer: httpx.Response) -> None:
        await answer.aread()
        self.addresses += [str(answer.request.url), answer.headers.get("location", "")]
        self.addresses += [answer.headers.get("set-cookie", "")]
        # A form that is refused shows again what was typed; nothing else does.
        if answer.status_code < 400:
            path = f"{answer.request.method} {answer.request.url.path}"
            self.pages[path] = self.pages.get(path, b"") + answer.content


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
async def sit(new_client: NewClient, wire: Wire) -> AsyncIterator[object]:
    return lambda code: visit(lambda: wire.listen(new_client()), code)


async def test_a_phone_is_nowhere_in_clear(
    app: object, clock: Clock, gateway: Gateway, services: Addresses,
    control: asyncpg.Connection, new_client: NewClient, wire: Wire, sit: object,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    with Overheard(services.redis_url) as overheard:
        await open_desk(clock)
        await clock.set(NOON)
        deal = await through_all(new_client, wire, sit, gateway)

    finder = Finder(all_traces(PHONES))
    shown = {path for path, body in wire.pages.items() if finder.inside(body)}
    assert shown - ECHOING == {each for each in wire.pages if each.endswith("/number")}
    assert not finder.inside(*(each.encode() for each in wire.addresses))
    assert not finder.inside(*overheard.said)
    assert not finder.inside(kept_by(services.redis_url))
    # The console says to whom a message went only where no gateway is set.
    assert not finder.inside(*(each.encode() for each in capfd.readouterr()))
    await nowhere_in_files(finder, control)
    assert await db.value("SELECT state FROM deal WHERE id = $1", deal) == "counted"


async def through_all(new_client: NewClient, wire: Wire, sit: object, gateway: Gateway) -> UUID:
    """Report, check, review, assign, call, sell, sign in, find and correct."""
    mei, bao, op, sal = [await sit(code) for code in ("MEI", "TIM", "OP", "SAL")]  # type: ignore[operator]
    await staff_file(STAFF)
    await mei.open("/leads/new")
    await mei.send("/leads/check", {"plan": "sold", "phone": FORM})
    for who in (mei, bao):
        said = {"plan": "sold", "name": "周女士", "phone": FORM, "agrees": "yes", "tags": "home"}
        assert (await who.send("/leads", said)).status_code == 303
    await over_api(mei)
    await by_door(mei, wire.listen(new_client()))
    for refused in ("1990000", f"{TRIED}0"):
        await mei.send("/leads", {"plan": "sold", "name": "周", "phone": refused, "agrees": "yes"})
    await op.send("/blacklist", {"phone": TRIED, "reason": "同行"})

    lead = await db.value("SELECT id FROM lead WHERE protected IS NOT NULL ORDER BY id LIMIT 1")
    await consent.send_message({"lead": str(lead), "origin": "http://leitai.test", "locale": "en"})
    await op.send("/leads/desk", {"verdict": "valid", "reason": "", "note": "", "lead": str(lead)})
    await op.send(f"/leads/{lead}/owner", {"owner": str(await person_id("SAL")), "note": ""})
    await sal.send(f"/leads/{lead}/steps", {"to": "contacted", "note": "约周三到店", "from": ""})
    for path in ("/leads", "/leads/follow", f"/leads/{lead}", "/customers", "/me/data"):
        await sal.read(path)
    assert FORM[-4:] in words(await sal.send("/customers", {"words": FORM}))
    customer = await db.value("SELECT id FROM customer WHERE key = $1", await customer_key(FORM))
    number = await sal.send(f"/customers/{customer}/number", {"reason": "call", "note": ""})
    assert FORM in number.text
    deal = await sell(sal, op)
    await as_customer(wire.listen(new_client()), gateway)
    for path in ("/suspicions", "/numbers", "/leads/desk", "/inbox", f"/deals/{deal}"):
        await op.open(path)
    return deal


async def staff_file(phone: str) -> None:
    """A colleague comes in with a phone."""
    rows = f"person,name,rank,unit,side,phone\nNEW,新人,staff,总部,,{phone}\n"
    await import_people(read_people(rows.encode()), None)


async def over_api(who: Visitor) -> None:
    body = {"plan": "sold", "name": "吴先生", "phone": API, "agrees": True}
    for key in (str(ids.new_id()),) * 2:
        answer = await who.client.post("/api/leads", json=body, headers={"Idempotency-Key": key})
        assert answer.status_code < 300, answer.text


async def by_door(who: Visitor, client: httpx.AsyncClient) -> None:
    """A customer enters their own number by a colleague's code."""
    await who.open("/leads/door")
    code = await db.value("SELECT code FROM lead_door LIMIT 1")
    form = {"name": "郑先生", "phone": DOOR, "agrees": "yes", "tags": "home"}
    answer = await client.post(f"/l/{code}", data=form)
    assert answer.status_code == 303, answer.text


async def sell(seller: Visitor, desk: Visitor) -> UUID:
    body = {
        "plan": "sold", "contract": "HT-9", "customer": FORM, "amount": 12_800_000, "name": "周女士",
        "made_at": (NOON - timedelta(hours=1)).isoformat(),
    }  # fmt: skip
    sent = await seller.client.post(
        "/api/deals", json=body, headers={"Idempotency-Key": str(ids.new_id())}
    )
    assert sent.status_code < 300, sent.text
    deal = await db.value("SELECT id FROM deal")
    checked = await desk.client.post(
        f"/api/deals/{deal}/check", json={"ruled_out": [0, 1]},
        headers={"Idempotency-Key": str(ids.new_id())},
    )  # fmt: skip
    assert checked.status_code < 300, checked.text
    return UUID(str(deal))


async def as_customer(client: httpx.AsyncClient, gateway: Gateway) -> None:
    """A customer asks for a code at the door and is a customer; a wrong code too."""
    from server.people import visitors  # noqa: PLC0415

    await visitors.customer_of(crypto.normal_phone(OWN))
    assert (await client.post("/sign-in/code", data={"person": OWN})).status_code == 200
    for code in ("000000", gateway.code):
        await client.post("/sign-in/code/check", data={"person": OWN, "code": code})
    me = Visitor(client)
    await me.read("/me/data")


async def nowhere_in_files(finder: Finder, control: asyncpg.Connection) -> None:
    """Look through the whole data folder: tables, indexes, WAL, what was deleted, logs."""
    await control.execute("CHECKPOINT")
    folder = Path(await control.fetchval("SHOW data_directory"))
    assert finder.in_folder(folder) == set()
    for log in folder.parent.glob("*.log"):
        assert not finder.inside(log.read_bytes()), log
    # The search sees what is there: the keyed index by which a phone is found.
    assert Finder([crypto.blind_index(f"+86{FORM}").hex().encode()]).in_folder(folder)


@pytest.mark.parametrize(
    "form",
    [
        FORM.encode(), f"+86{FORM}".encode("utf-16-le"), f"86{FORM}".encode("utf-16-be"),
        base64.b64encode(b"phone=" + FORM.encode() + b"&x"),
        base64.b64encode(b"phon=" + FORM.encode() + b"&x"), FORM.encode().hex().upper().encode(),
        hashlib.md5(FORM.encode()).digest(), hashlib.sha1(FORM.encode()).hexdigest().encode(),
        base64.b64encode(hashlib.sha256(f"+86{FORM}".encode()).digest()),
    ],
)  # fmt: skip
def test_every_form_would_be_found(form: bytes, tmp_path: Path) -> None:
    file = tmp_path / "1" / "heap"
    file.parent.mkdir()
    file.write_bytes(b"\0" * 100_001 + form + b"\0" * 9)
    assert Finder(all_traces([FORM])).in_folder(tmp_path) == {"heap"}
