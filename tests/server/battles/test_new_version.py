"""A version launched in mid-campaign changes what actions are worth, not the battles under way."""

import httpx

from server.battles import commands
from server.kit import db
from tests.server.battles.test_parity import EXAMPLE, moments
from tests.support.cast import DESK, Cast, bring_in, launch, people_of
from tests.support.services import Clock


async def test_points_change_and_the_battle_goes_on(
    client: httpx.AsyncClient, clock: Clock
) -> None:
    document = (EXAMPLE / "plan.toml").read_text(encoding="utf-8")
    await clock.set(moments("2023-05-25T09:00:00+08:00"))
    await bring_in([*people_of(EXAMPLE / "people.csv"), *DESK])
    [battle] = await launch(document)
    await clock.set(moments("2023-06-01T00:00:00+08:00"))
    assert await commands.start(battle)
    cast = Cast(client)
    before = await cast.report("E1", "example", "client_a", "C1")
    await clock.advance(hours=1)

    assert (
        await launch(
            document.replace("version = 1", "version = 2").replace("points = 30", "points = 40")
        )
        == []
    )

    after = await cast.report("E3", "example", "client_a", "C2")
    assert (before["points"], after["points"]) == (30, 40)
    for reported in (before, after):
        assert (await cast.decide("OP", reported["action"], "accepted")).status_code == 201
    assert await db.value("SELECT count(*) FROM battle") == 1
    scores = await db.column("SELECT score FROM standing ORDER BY score")
    assert scores == [0, 30, 40]
