"""From a notice to a lock screen: who is told, when, how often, and what stands there."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from server import config, doctor
from server.kit import db, i18n, presence
from server.kit.redis import Link
from server.notifications import commands as notices
from server.people import erasure, sessions
from server.push import commands, jobs, keys
from tests.support.cast import person_id
from tests.support.pushing import Handset, Service, run_pushes, signed_by, tell_of
from tests.support.services import Clock

REWARD = {"title": "满意度冠军 周女士", "sum": "¥1,234"}
LEAD = {"name": "周女士", "until": "2026-11-23T06:00:00+00:00"}


@pytest.fixture(autouse=True)
def _company(pool: None, company: None) -> None:
    """Everybody is there before each test."""


async def told(code: str = "OP", kind: str = "reward_arrived", facts: Any = None) -> str:
    """Put a notice into an inbox a minute later, and let the worker do its work."""
    await db.execute("UPDATE test_clock SET moment = moment + interval '1 minute'")
    notice = await tell_of(code, kind, REWARD if facts is None else facts)
    await run_pushes()
    return str(notice)


async def test_a_notice_reaches_the_phone_and_only_the_phone_can_read_it(service: Service) -> None:
    phone, other = Handset("one", service), Handset("two", service)
    await phone.turn_on("OP", "https://pk.example.com")
    notice = await told()
    assert phone.heard() == [
        {
            "web_push": 8030,
            "notification": {
                "title": "奖励到账",
                "body": "打开看看是什么。",
                "lang": "zh-Hans",
                "navigate": f"https://pk.example.com/inbox/{notice}",
                "tag": "money",
            },
            "app_badge": 1,
            "mutable": True,
        }
    ]
    [(_, body)] = service.at("/one")
    with pytest.raises(Exception, match=r".*"):
        other.decrypted(body)
    assert "周女士".encode() not in body


async def test_the_decryption_is_that_of_the_standard() -> None:
    """RFC 8291, appendix A: the keys and the message of its example."""
    private = int.from_bytes(
        bytes.fromhex("ab5757a70dd4a53e553a6bbf71ffefea2874ec07a6b379e3c48f895a02dc33de"), "big"
    )
    phone = Handset("standard", Service(), private)
    phone.auth = bytes.fromhex("05305932a1c7eabe13b6cec9fda48882")
    body = (
        "0c6bfaadad67958803092d454676f397000010004104fe33f4ab0dea71914db55823f73b54948f4130"
        "6d920732dbb9a59a53286482200e597a7b7bc260ba1c227998580992e93973002f3012a28ae8f06bbb"
        "78e5ec0ff297de5b429bba7153d3a4ae0caa091fd425f3b4b5414add8ab37a19c1bbb05cf5cb5b2a2e"
        "0562d558635641ec52812c6c8ff42e95ccb86be7cd"
    )
    assert phone.decrypted(bytes.fromhex(body)) == b"When I grow up, I want to be a watermelon"


async def test_the_service_can_tell_who_sends_and_how_to_keep_it(service: Service) -> None:
    phone = Handset("one", service)
    await phone.turn_on("OP", "https://pk.example.com")
    await told()
    await told(kind="lead_yours", facts=LEAD)
    (money, _), (lead, _) = service.at("/one")
    assert {name: money[name] for name in ("ttl", "urgency", "topic", "content-encoding")} == {
        "ttl": "86400", "urgency": "normal", "topic": "money", "content-encoding": "aes128gcm",
    }  # fmt: skip
    # The lifetime of one message is not that of the next.
    assert (lead["ttl"], lead["urgency"], lead["topic"]) == ("21600", "high", "lead")
    spoken, claims = signed_by(money["authorization"])
    assert spoken == await keys.spoken()
    assert claims["sub"] == "mailto:postmaster@pk.example.com"
    assert claims["aud"].startswith("http://127.0.0.1")


async def test_a_push_has_neither_names_nor_sums(service: Service) -> None:
    phone = Handset("one", service)
    await phone.turn_on("OP")
    facts = {"title": "最佳 周女士 ¥99", "period": "11 月"}
    for kind, said in (("lead_yours", LEAD), ("honour_vote_open", facts)):
        await told(kind=kind, facts=said)
    for each in phone.heard():
        said = each["notification"]
        assert "周" not in json.dumps(said, ensure_ascii=False)
        assert "99" not in said["title"] + said["body"]
    assert [each["notification"]["title"] for each in phone.heard()] == [
        "给你一条线索",
        "徽章和称号",
    ]


@pytest.mark.parametrize("locale", i18n.LOCALES)
async def test_in_the_language_of_the_person(service: Service, locale: str) -> None:
    phone = Handset("one", service)
    await phone.turn_on("OP")
    await db.execute("UPDATE person SET locale = $1 WHERE code = 'OP'", locale)
    await told()
    [heard] = phone.heard()
    title = {"zh_Hans": "奖励到账", "zh_Hant": "獎勵入帳", "en": "Reward arrived"}[locale]
    assert heard["notification"]["title"] == title
    assert heard["notification"]["lang"] == locale.replace("_", "-")


async def test_a_burst_is_one_push_that_speaks_of_what_is_most_urgent(service: Service) -> None:
    phone = Handset("one", service)
    await phone.turn_on("OP")
    await tell_of("OP", "lead_yours", LEAD)
    for _ in range(2):
        await tell_of("OP", "reward_arrived", REWARD)
    assert await run_pushes() == 3
    [heard] = phone.heard()
    assert heard["notification"]["title"] == "给你一条线索"
    assert heard["notification"]["body"] == "消息里还有 2 条。"
    assert heard["notification"]["navigate"].endswith("/inbox")
    assert heard["app_badge"] == 3


async def test_two_a_day_then_only_the_inbox_until_tomorrow(service: Service, clock: Clock) -> None:
    phone = Handset("one", service)
    await phone.turn_on("OP")
    for _ in range(4):
        await told()
        await clock.advance(minutes=30)
    assert len(phone.heard()) == 2
    await clock.advance(days=1)
    await told()
    assert len(phone.heard()) == 3


async def test_at_night_it_waits_for_the_morning(service: Service, clock: Clock) -> None:
    phone = Handset("one", service)
    await phone.turn_on("OP")
    night = await clock.set(datetime.fromisoformat("2026-11-23T22:30:00+08:00"))
    await told()
    assert phone.heard() == []
    [waits] = await db.column(
        "SELECT execute_after - now() FROM pgqueuer WHERE entrypoint = 'push'"
    )
    assert abs(waits - timedelta(hours=10, minutes=29)) < timedelta(minutes=1)
    await clock.set(night + timedelta(hours=10, minutes=30))
    await run_pushes()
    assert len(phone.heard()) == 1


async def test_what_was_read_meanwhile_is_not_pushed(service: Service) -> None:
    phone = Handset("one", service)
    await phone.turn_on("OP")
    notice = await tell_of("OP", "reward_arrived", REWARD)
    await notices.read(await person_id("OP"), notice)
    assert await run_pushes() == 1
    assert phone.heard() == []


async def test_whoever_has_a_page_open_sees_it_there(
    service: Service, settings: config.Settings
) -> None:
    phone = Handset("one", service)
    await phone.turn_on("OP")
    link = Link(settings.redis_url or "")
    told_redis = presence.Presence(link, list)
    await told_redis._mark({str(await person_id("OP")): presence.STAYS_S})
    await told()
    assert phone.heard() == []
    await told_redis._mark({str(await person_id("OP")): 0})
    await told()
    assert len(phone.heard()) == 1
    await link.close()


async def test_without_redis_nobody_is_forgotten(
    service: Service, settings: config.Settings
) -> None:
    phone = Handset("one", service)
    await phone.turn_on("OP")
    away = config.settings().model_copy(update={"redis_url": "redis://127.0.0.1:1"})
    config.use(away)
    await told()
    assert len(phone.heard()) == 1


async def test_what_somebody_does_not_want_is_not_pushed(service: Service) -> None:
    phone, person = Handset("one", service), await person_id("OP")
    await phone.turn_on("OP")
    await commands.choose(person, ["lead"], ["lead", "money"])
    await told()
    await told(kind="lead_yours", facts=LEAD)
    assert [each["notification"]["tag"] for each in phone.heard()] == ["lead"]
    await commands.choose(person, ["lead", "money"], ["lead", "money"])
    await told()
    assert len(phone.heard()) == 2


@pytest.mark.parametrize("status", [404, 410])
async def test_a_phone_that_is_gone_is_forgotten(service: Service, status: int) -> None:
    gone, stays = Handset("gone", service), Handset("stays", service)
    await gone.turn_on("OP")
    await stays.turn_on("OP")
    service.answers["/gone"] = status
    await told()
    assert await db.column("SELECT endpoint FROM push_device") == [stays.endpoint]
    assert len(stays.heard()) == 1


async def test_a_phone_nothing_can_be_encrypted_for_is_forgotten(service: Service) -> None:
    broken, well = Handset("broken", service), Handset("well", service)
    await broken.turn_on("OP")
    await well.turn_on("OP")
    await db.execute("UPDATE push_device SET p256dh = 'AAAA' WHERE endpoint = $1", broken.endpoint)
    await told()
    assert await db.column("SELECT endpoint FROM push_device") == [well.endpoint]
    assert len(well.heard()) == 1


@pytest.mark.parametrize("status", [302, 307, 403, 429, 500])
async def test_a_service_that_refuses_is_not_followed_and_not_forgotten(
    service: Service, status: int
) -> None:
    phone = Handset("one", service)
    await phone.turn_on("OP")
    service.answers["/one"] = status
    await told()
    assert [path for path, _, _ in service.got] == ["/one"]
    assert await db.value("SELECT count(*) FROM push_device") == 1


async def test_signing_out_ends_it_there_and_only_there(service: Service) -> None:
    here, there = Handset("here", service), Handset("there", service)
    session = await here.turn_on("OP")
    await there.turn_on("OP")
    await sessions.sign_out(session)
    await told()
    assert (len(here.heard()), len(there.heard())) == (0, 1)


async def test_whoever_is_dismissed_or_erased_is_told_nothing(service: Service) -> None:
    phone = Handset("one", service)
    await phone.turn_on("FI")
    await commands.choose(await person_id("FI"), [], ["money"])
    await erasure.erase(await person_id("FI"), await person_id("AD"))
    for table in ("push_device", "push_choice", "push"):
        assert await db.value(f"SELECT count(*) FROM {table}") == 0
    await Handset("two", service).turn_on("AU2")
    await tell_of("AU2", "reward_arrived", REWARD)
    await db.execute("UPDATE person SET active = false WHERE code = 'AU2'")
    await run_pushes()
    assert service.got == []


async def test_a_device_unseen_for_two_months_is_forgotten(service: Service, clock: Clock) -> None:
    phone = Handset("one", service)
    session = await phone.turn_on("OP")
    await told()
    await clock.advance(days=59)
    await jobs.sweep({})
    assert await commands.see(await person_id("OP"), session, phone.endpoint)
    await clock.advance(days=59)
    await jobs.sweep({})
    assert await db.value("SELECT count(*) FROM push_device") == 1
    assert await db.value("SELECT count(*) FROM push") == 0
    await clock.advance(days=2)
    await jobs.sweep({})
    assert await db.value("SELECT count(*) FROM push_device") == 0


async def test_nobody_with_a_phone_means_no_job() -> None:
    await tell_of("OP", "reward_arrived", REWARD)
    assert await run_pushes() == 0


async def test_the_pair_is_made_once_and_sealed(service: Service) -> None:
    first = await keys.ours()
    assert await keys.ours() == first
    kept = await db.value("SELECT ciphertext FROM push_key")
    assert first.private not in kept
    assert b"PRIVATE" not in kept
    await keys.make()
    assert await keys.ours() == first


async def test_under_another_key_file_nothing_is_sent_and_the_doctor_says_why(
    service: Service, tmp_path: Path
) -> None:
    phone = Handset("one", service)
    await phone.turn_on("OP")
    assert (await doctor._of_pushes()).mend is None
    config.use(config.settings().model_copy(update={"leitai_key_file": tmp_path / "other.key"}))
    await told()
    assert service.got == []
    assert await db.value("SELECT count(*) FROM push") == 0
    assert "key file" in str((await doctor._of_pushes()).mend)
