"""The story behind the demo: told once, whole, and in a ledger that adds up."""

from typing import get_args

import pytest

from game import rewards
from game.errors import RuleViolation
from game.lead_stages import Stage
from server.antispam import networks
from server.antispam.devices import token_of
from server.demo import company, history
from server.demo.stage import id_of
from server.kit import db
from server.ledger.verification import verify
from server.people import limits
from server.people.commands import import_people
from server.people.imports import read_people
from tests.support.services import Clock

pytestmark = pytest.mark.usefixtures("client")

COUNTS = (
    "SELECT array[(SELECT count(*) FROM person), (SELECT count(*) FROM action),"
    " (SELECT count(*) FROM battle), (SELECT count(*) FROM transfer)]"
)


async def test_it_is_told_once_and_adds_up(clock: Clock) -> None:
    now = await clock.set(await clock.now())
    assert await history.begin()
    assert await clock.now() == now, "the clock is as it was"
    told = await db.value(COUNTS)
    assert told[0] == len(company.colleagues()) + len(company.OUTSIDERS)
    assert told[2] == 2 * len(history.ROUNDS)
    assert await verify() == []
    assert await db.value("SELECT max(settled_at) < leitai_clock() FROM battle")

    last = await db.value(
        "SELECT result FROM battle WHERE rule = 'clients' ORDER BY cut_off DESC LIMIT 1"
    )
    employee = company.CAST[0].person
    owed = "SELECT posted FROM account WHERE kind = 'wallet' AND asset = 'cash' AND owner = $1"
    assert await db.value(owed, await id_of(employee)) > 0
    assert sum(last["payouts"].values()) == last["pot"]["total"]

    await everything_is_there()
    assert not await history.begin()
    assert await db.value(COUNTS) == told


async def everything_is_there() -> None:
    """The demo has something of all there is, at every step."""

    async def counts(table: str, column: str) -> dict[str, int]:
        async with db.connection() as one:
            found = await one.fetch(f"SELECT {column} AS k, count(*) AS n FROM {table} GROUP BY 1")
        return {each["k"]: each["n"] for each in found}

    week_one = "SELECT id FROM challenge WHERE kind = 'kick_off' AND state = 'live'"
    joined = "SELECT count(*) FROM challenge_member WHERE challenge = $1 AND joined_at IS NOT NULL"
    assert await db.value(joined, await db.value(week_one)) > 5
    here = token_of("network", limits.network("127.0.0.1"))
    assert [each.token for each in await networks.registered()] == [here]
    assert (await counts("reward", "kind")).keys() == set(rewards.KINDS)
    assert (await counts("redemption", "state")).keys() >= {"waiting", "fulfilled", "refused"}
    assert await db.value("SELECT count(*) FROM reward_suggestion WHERE state = 'open'") == 1
    assert (await counts("badge_award", "tier")).keys() >= {"bronze", "silver"}
    titles = "honour_award a JOIN honour_round r ON r.id = a.round"
    assert (await counts(titles, "honour"))["hero_board"] >= 10
    assert await db.value("SELECT count(*) FROM honour_award WHERE shows_story") >= 5
    assert await counts("challenge", "state") == {"live": 2}, "a store's day, and week one"
    deals = await counts(
        "referral_deal", "CASE WHEN reversed_as IS NULL THEN state ELSE reversed_as END"
    )
    assert deals == {"counted": 1, "refunded": 1, "held": 1}
    assert await db.value("SELECT count(*) FROM partner_agreement") == 1
    over = (
        "CASE WHEN expires_at <= leitai_clock() AND state = 'issued' THEN 'expired' ELSE state END"
    )
    assert (await counts("coupon", over)).keys() == {"issued", "redeemed", "revoked", "expired"}
    stages = await counts("lead", "stage")
    assert stages.keys() == set(get_args(Stage)) - {"valid", "withdrawn"}
    assert await counts("lead", "is_held::text") == {"false": 25, "true": 3}
    assert await counts("deal", "state") == {
        "counted": 6,
        # One of the two came through a colleague's referral code.
        "refunded": 2,
        "checked": 1,
        "reported": 1,
    }
    assert await db.value("SELECT call FROM deal WHERE state = 'checked'") == "waiting"
    assert (await counts("accrual", "state")).keys() >= {"due", "clawed"}
    assert await db.value("SELECT count(*) FROM lead_watch") == 1
    me = await id_of(company.CAST[0].person)
    told = await db.column("SELECT DISTINCT kind FROM notice WHERE person = $1", me)
    assert {"badge_earned", "honour_awarded", "referral_reward", "referral_back"} <= set(told)


def test_the_departments_have_their_people() -> None:
    everybody = company.colleagues()
    heads = [each.person[0] for each in everybody if each.side]
    assert (heads.count("K"), heads.count("Z")) == (40, 12)
    assert len({each.name for each in everybody}) == len(everybody)


async def test_a_real_company_is_left_alone() -> None:
    real = "person,name,rank,unit,side\nE1,梅,manager,总部,\n".encode()
    await import_people(read_people(real), None)
    with pytest.raises(RuleViolation) as refusal:
        await history.begin()
    assert refusal.value.code == "company_is_real"
    assert await db.value(COUNTS) == [1, 0, 0, 0]
    assert not await db.value("SELECT EXISTS (SELECT FROM setting)")
