"""Plans, people and actions for the tests of the rules, one line each.

Mei manages the North side and Bao is in it; Chen supervises the South; An has no side.
"""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import msgspec

from game.battles import Member, Scored
from game.plan import ActionRule, BattleRule, Cap, Plan, Stake, Title
from game.points import ActionFact

EXAMPLE = Path(__file__).parent.parent / "support" / "example"
SHANGHAI = timezone(timedelta(hours=8))
TITLE = Title("题", "題", "Title")
START = datetime(2023, 6, 1, tzinfo=UTC)

CAPPED = ActionRule(TITLE, 1, Cap("day", 2), None)
ONCE = ActionRule(TITLE, 5, None, 30)
BOTH = ActionRule(TITLE, 3, Cap("week", 3), 2)
PLAIN = ActionRule(TITLE, 30, None, None)

PLAN = Plan(
    id="test",
    version=1,
    timezone="Asia/Shanghai",
    title=TITLE,
    ask=(),
    actions={"capped": CAPPED, "once": ONCE, "both": BOTH, "plain": PLAIN},
    multipliers=(),
    battles=(),
)

BATTLE = BattleRule(
    id="clients",
    title=TITLE,
    sides=None,
    actions=("plain", "once"),
    starts=START,
    cut_off=START + timedelta(days=30),
    score="sum",
    best_n=None,
    tie="first_to_reach",
    share="by_points",
    stake=Stake("points", "member", {"staff": 10, "manager": 30}),
    sponsor=None,
)


def at(days=0, **more):
    """A moment `days` (and hours, minutes, …) after the start of the battle."""
    return START + timedelta(days=days, **more)


def local(text):
    """A moment of Shanghai's clocks."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def action(action_id, kind, received_at, *, by="Mei", customer="", verdict="accepted", **more):
    happened_at = more.pop("happened_at", received_at)
    return ActionFact(action_id, by, kind, customer, happened_at, received_at, verdict, **more)


def changed(struct, **fields):
    return msgspec.structs.replace(struct, **fields)


def member(person, side, stake=10):
    return Member(person, side, "staff", stake)


def score(person, points, days, kind="plain"):
    return Scored(person, kind, points, at(days))
