"""Samples of the battle's pages."""

from datetime import UTC, datetime
from typing import Any

from server.battles.momentum import Won, drawn
from tests.pwa.samples.common import (
    CARD,
    CLASS_A,
    DESK,
    EMPLOYEE,
    MY,
    NOW,
    OPERATIONS,
    REVIEWED,
    SIDES,
    TITLE,
    Sample,
    frame,
)

SIDES_SHOWN = frame()["sides"]
BATTLE = {"id": "b1", "title": TITLE, "state": "live", "can_audit": False}
SINCE = datetime(2026, 6, 30, 5, 50, tzinfo=UTC)
MOMENTUM = drawn(
    SIDES_SHOWN,
    [
        Won(SIDES_SHOWN[place]["name"], slot, points)
        for place, hour in enumerate(
            ((1, 0, 5, 2, 30, 0, 6, 5, 0, 35, 1, 0), (5, 6, 0, 0, 1, 30, 10, 0, 2, 0, 5, 1))
        )
        for slot, points in enumerate(hour)
    ],
    SINCE,
)
SHOW = {
    "battle": BATTLE, "my": MY, "joining": None, "sentence": None, "chosen": None,
    "phase": "", "momentum": MOMENTUM, "pending": 0, "idempotency_key": "k",
}  # fmt: skip
JOINING = {
    "side": None, "stake": 10000, "asset": "cash", "funded_by": "company", "available": None
}  # fmt: skip
OWN_STAKE = JOINING | {
    "funded_by": "member", "asset": "points", "stake": 100, "available": 20
}  # fmt: skip
MEMBERS = [
    {"name": name, "rank": rank, "points": points, "is_me": name == "宝"}
    for rank, (name, points) in enumerate((("林芳", 45), ("宝", 41), ("赵敏", 12)), 1)
]


def _result() -> dict[str, Any]:
    won = [
        side
        | {"won": side["name"] == "一队", "part": 770000 if side["name"] == "一队" else None}
        | {"before": side["shown"], "rank_before": side["rank"]}
        for side in frame("final")["sides"]
    ]
    payouts = [
        {"name": n, "side": "一队", "sum": s, "formula": f"¥7,700 × {p} / 762", "is_me": n == "安"}
        for n, p, s in (("梅", 96, 97008), ("安", 88, 88924))
    ]
    return {
        "battle": BATTLE | {"state": "final", "share": "by_points", "tie": "first_to_reach"},
        "sides": won, "payouts": payouts, "refunds": [], "downloads": True,
        "pot": {"asset": "cash", "stakes": 670000, "sponsor": 100000, "total": 770000},
    }  # fmt: skip


def _audit(pending: int) -> dict[str, Any]:
    sides = [
        {"name": name, "place": place, "before": str(score), "shown": str(score - place)}
        | {"rank_before": place, "rank": 3 if place == 2 else place}
        for place, (name, score) in enumerate(SIDES[:3], 1)
    ]
    other = {
        "id": "a9",
        "person": "安",
        "side": "一队",
        "title": CLASS_A,
        "points": 30,
        "when": NOW,
    }
    said = "还有 4 条待审，审完才能结算。" if pending else "一队拿下 ¥7,700，分给 6 人。"
    return DESK | {
        "battle": BATTLE | {"state": "auditing"}, "sides": sides, "older": None,
        "moved": [{"name": "宝", "side": "三队", "before": 46, "after": 41}],
        "progress": {"decided": 44 - pending, "total": 44, "pending": pending},
        "counts": {"accepted": 40, "struck": 2, "refused": 1}, "shown": "pending",
        "action": REVIEWED if pending else None, "actions": [other] if pending else [],
        "settle": {"allowed": not pending, "sentence": said, "idempotency_key": "k"},
    }  # fmt: skip


def samples() -> dict[str, Sample]:
    """Return name → (template, viewer, context)."""
    me, desk = EMPLOYEE, OPERATIONS
    show = "battles/show.html"
    listed = [CARD, CARD | {"state": "joining", "my_side": None}, CARD | {"state": "final"}]
    lost = {"frame": frame("final"), "sentence": "三队第 2 名，军令状由公司出，你没有损失。"}
    won = {
        "frame": frame("final"), "my": MY | {"side": "一队"},
        "sentence": "你的一份是 ¥970.08，已在钱包里。",
    }  # fmt: skip
    last = {"frame": frame(left=8), "phase": "last"}
    audited = {"frame": frame("auditing"), "pending": 4}
    side = {"battle": BATTLE, "side": frame()["sides"][1], "members": MEMBERS, "my": MY}
    waiting = {"frame": frame("joining"), "my": None, "momentum": None}
    quiet = {"momentum": drawn(SIDES_SHOWN, [], SINCE)}
    return {
        "battles": ("battles/index.html", me, {"battles": listed, "can_launch": False}),
        "battles_empty": ("battles/index.html", desk, {"battles": [], "can_launch": True}),
        "battle": (show, me, SHOW | {"frame": frame()}),
        "battle_two": (show, me, SHOW | {"frame": frame(count=2)}),
        "battle_delayed": (show, me, SHOW | {"frame": frame(delayed=True)}),
        "battle_last": (show, me, SHOW | last),
        "battle_over": (show, me, SHOW | {"frame": frame(left=0), "phase": "over"}),
        "battle_quiet": (show, me, SHOW | {"frame": frame()} | quiet),
        "battle_joining": (show, me, SHOW | waiting | {"joining": JOINING}),
        "battle_short": (show, me, SHOW | waiting | {"joining": OWN_STAKE}),
        "battle_joined": (
            show,
            me,
            SHOW | waiting | {"joining": OWN_STAKE | {"side": "三队", "available": None}},
        ),
        "battle_auditing": (
            show,
            desk,
            SHOW | audited | {"battle": BATTLE | {"can_audit": True}},
        ),
        "battle_won": (show, me, SHOW | won),
        "battle_final": (show, me, SHOW | lost),
        "battle_void": (show, me, SHOW | {"frame": frame("void"), "my": None, "momentum": None}),
        "side": ("battles/side.html", me, side | {"frame": frame()}),
        "side_empty": ("battles/side.html", me, side | {"frame": frame(), "members": []}),
        "result": ("battles/result.html", me, _result()),
        "audit": ("battles/audit.html", desk, _audit(4)),
        "audit_done": ("battles/audit.html", desk, _audit(0)),
    }
