"""The people, words and the board that all samples share."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

Sample = tuple[str, Any, dict[str, Any]]

NOW = datetime(2026, 6, 30, 6, 45, 51, tzinfo=UTC)
CUT_OFF = "2026-06-30T17:00:00+08:00"
STARTS = "2026-06-01T00:00:00+08:00"


def viewer(id_: str, name: str, *roles: str, kind: str = "employee") -> SimpleNamespace:
    """Return whoever looks at a page."""
    return SimpleNamespace(id=id_, name=name, roles=roles, kind=kind)


EMPLOYEE = viewer("p1", "宝")
OPERATIONS = viewer("p2", "林芳", "operations")
AUDITOR = viewer("p7", "程总", "audit")
CLERK = viewer("p3", "小鹿", "store")
MANAGER = viewer("p4", "严店长", "store_manager")
CUSTOMER = viewer("p5", "周女士", kind="customer")
PARTNER = viewer("p6", "悦活健身", kind="partner")


def told(zh_hans: str, zh_hant: str, en: str) -> dict[str, str]:
    """Words of a plan by locale."""
    return {"zh_Hans": zh_hans, "zh_Hant": zh_hant, "en": en}


def ago(**span: int) -> datetime:
    """Return a moment before NOW."""
    return NOW - timedelta(**span)


TITLE = told("六月客户开发擂台", "六月客戶開發擂台", "Clients in June")
CLASS_A = told("A 类客户：签订协议", "A 類客戶：簽訂協議", "Class A client: agreement signed")
CLASS_B = told("B 类客户：需求明确并约见", "B 類客戶：需求明確並約見", "Class B client: met")
CLASS_C = told("C 类客户：聊过并加上关键人", "C 類客戶：聊過並加上關鍵人", "Class C client: talked")

SIDES = [
    ("一队", 762), ("三队", 609), ("七队", 583), ("二队", 546), ("六队", 541), ("五队", 523),
    ("四队", 360),
]  # fmt: skip
TOP = [("梅", "一队", 96), ("安", "一队", 88), ("刘海涛", "七队", 71), ("宝", "三队", 41)]


def frame(
    state: str = "live", *, delayed: bool = False, count: int = 7, left: int | None = None
) -> dict[str, Any]:
    """Return a frame as the hub sends it; `left`: so many minutes to its cut-off."""
    cut_off = CUT_OFF if left is None else (NOW + timedelta(minutes=left)).isoformat()
    sides = [
        {"name": name, "place": place, "rank": place, "score": str(score), "shown": str(score)}
        | {"members": 5 + place % 2}
        for place, (name, score) in enumerate(SIDES[:count], 1)
    ]
    people = [
        {"name": name, "side": side, "points": points, "rank": rank}
        for rank, (name, side, points) in enumerate(TOP, 1)
    ]
    moments = [
        _moment("梅", "一队", CLASS_A, 30, "widened", 2),
        _moment("宝", "三队", CLASS_B, 5, "narrowed", 6),
        _moment("陈磊", "一队", CLASS_A, 30, "took_lead", 31),
    ]
    began = state in ("live", "auditing", "final")
    return {
        "board": "b1", "epoch": "e1", "version": 42, "state": state, "delayed": delayed,
        "at": NOW.isoformat(), "as_of": NOW.isoformat(), "starts": STARTS, "cut_off": cut_off,
        "title": TITLE, "sides": sides, "top": people if began else [],
        "moment": moments[0] if began else None, "moments": moments if began else [],
        "pot": {"asset": "cash", "total": 770000}, "winners": ["一队"] if state == "final" else [],
    }  # fmt: skip


def _moment(
    name: str, side: str, kind: dict[str, str], points: int, effect: str, minutes: int
) -> dict[str, Any]:
    return {
        "name": name, "side": side, "kind_title": kind, "points": points, "effect": effect,
        "at": ago(minutes=minutes).isoformat(),
    }  # fmt: skip


MY = {
    "side": "三队", "side_rank": 2, "points": 41, "chase": {"points": 4, "name": "林芳"},
    "first": {"points": 5}, "stake": 10000, "asset": "cash",
}  # fmt: skip
CARD = {
    "id": "b1", "title": TITLE, "state": "live", "starts": STARTS, "cut_off": CUT_OFF,
    "sides": frame()["sides"][:2], "pot": frame()["pot"], "my_side": "三队", "joined": 40,
}  # fmt: skip
REVIEWED = {
    "id": "a1", "person": "宝", "side": "三队", "rank": "员工", "title": CLASS_B,
    "note": "约面成功：刘先生周三 15:00 到店看样板间，已转客户成功部", "customer": "138****1234",
    "first_in_days": 30, "received_at": ago(minutes=84), "happened_at": ago(minutes=86),
    "photos": [], "verdict": None, "reason": "", "decided_by": None,
    "effect": {
        "points": 5, "verdict": "accepted", "side": "三队", "before": "609", "after": "614",
        "reason": "",
    },
}  # fmt: skip
REASONS = [{"id": "false", "title": "情况不属实"}, {"id": "unclear", "title": "证据看不清"}]
DESK = {
    "reasons": REASONS, "keys": {"accept": "k1", "strike": "k2"}, "decided": None, "values": {},
    "strike_refusal": "",
}  # fmt: skip
