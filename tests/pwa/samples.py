"""A context for each template, as the slices fill them: for the preview and the rendering test."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from markupsafe import Markup

NOW = datetime(2026, 6, 30, 6, 45, 51, tzinfo=UTC)
CUT_OFF = "2026-06-30T17:00:00+08:00"
STARTS = "2026-06-01T00:00:00+08:00"


def told(zh_hans: str, zh_hant: str, en: str) -> dict[str, str]:
    """Words of a plan by locale."""
    return {"zh_Hans": zh_hans, "zh_Hant": zh_hant, "en": en}


TITLE = told("六月客户开发擂台", "六月客戶開發擂台", "Clients in June")
CLASS_A = told("签下 A 类客户", "簽下 A 類客戶", "signed a class A client")
CLASS_B = told("约见 B 类客户", "約見 B 類客戶", "met a class B client")
CLASS_C = told("谈成 C 类客户", "談成 C 類客戶", "talked to a class C client")

SIDES = [("一队", 762), ("三队", 609), ("七队", 583), ("二队", 546), ("六队", 541), ("五队", 523)]
SIDES.append(("四队", 360))


def frame(state: str = "live", *, delayed: bool = False, count: int = 7) -> dict[str, Any]:
    """Return a frame as the hub sends it."""
    sides = [
        {
            "name": name,
            "place": place,
            "rank": place,
            "score": str(score),
            "shown": str(score),
            "members": 5 + place % 2,
        }
        for place, (name, score) in enumerate(SIDES[:count], 1)
    ]
    people = [
        ("梅", "一队", 96),
        ("安", "一队", 88),
        ("刘海涛", "七队", 71),
        ("林芳", "三队", 45),
        ("宝", "三队", 41),
    ]
    moments = [
        _moment("梅", "一队", CLASS_A, 30, "widened", 2),
        _moment("宝", "三队", CLASS_B, 5, "narrowed", 6),
        _moment("陈磊", "一队", CLASS_A, 30, "took_lead", 31),
    ]
    running = state in ("live", "auditing", "final")
    return {
        "board": "b1",
        "epoch": 1,
        "version": 42,
        "state": state,
        "delayed": delayed,
        "at": NOW.isoformat(),
        "as_of": NOW.isoformat(),
        "starts": STARTS,
        "cut_off": CUT_OFF,
        "title": TITLE,
        "sides": sides,
        "top": [
            {"name": n, "side": s, "points": p, "rank": r} for r, (n, s, p) in enumerate(people, 1)
        ]
        if running
        else [],
        "moment": moments[0] if running else None,
        "moments": moments if running else [],
        "pot": {"asset": "cash", "total": 770000},
        "winners": ["一队"] if state == "final" else [],
    }


def _moment(
    name: str, side: str, kind: dict[str, str], points: int, effect: str, ago: int
) -> dict[str, Any]:
    at = (NOW - timedelta(minutes=ago)).isoformat()
    return {
        "name": name,
        "side": side,
        "kind_title": kind,
        "points": points,
        "effect": effect,
        "at": at,
    }


BATTLE = {"id": "b1", "title": TITLE, "state": "live", "can_audit": False, "can_manage": False}
MY = {
    "side": "三队",
    "side_rank": 2,
    "points": 41,
    "chase": {"points": 4, "name": "林芳"},
    "first": {"points": 5},
    "stake": 10000,
    "asset": "cash",
}
CARD = {
    "id": "b1",
    "title": TITLE,
    "state": "live",
    "starts": STARTS,
    "cut_off": CUT_OFF,
    "sides": frame()["sides"][:2],
    "pot": frame()["pot"],
    "my_side": "三队",
    "joined": 40,
}
ACTIONS = [
    {
        "id": "a1",
        "title": CLASS_B,
        "customer": "138****1234",
        "state": "pending",
        "points": 5,
        "when": NOW - timedelta(minutes=12),
        "under": "最迟今天 18:00 有答复",
    },
    {
        "id": "a2",
        "title": CLASS_A,
        "customer": "139****8000",
        "state": "scored",
        "points": 30,
        "when": NOW - timedelta(hours=5),
        "under": "林芳 审核 · 规则第 3 版",
    },
    {
        "id": "a3",
        "title": CLASS_C,
        "customer": "",
        "state": "refused",
        "points": 0,
        "when": NOW - timedelta(days=1),
        "under": "今天的上限 10 条已满",
    },
]
REVIEWED = {
    "id": "a1",
    "person": "宝",
    "side": "三队",
    "rank": "员工",
    "title": told("B 类", "B 類", "class B"),
    "note": "约面成功：刘先生周三 15:00 到店看样板间，已转客户成功部",
    "customer": "138****1234",
    "first_in_days": 30,
    "received_at": NOW - timedelta(minutes=84),
    "happened_at": NOW - timedelta(minutes=86),
    "photos": [],
    "doubts": ["同一设备今天第 6 条（上限 5，超出转人工）", "与上一条间隔 38 秒"],
    "effect": {"points": 5, "side": "三队", "before": "609", "after": "614", "reason": ""},
}
REASONS = [
    {"id": "false", "title": "内容不实"},
    {"id": "unclear", "title": "证据看不清"},
    {"id": "other", "title": "其他"},
]
KEYS = {"accept": "k1", "strike": "k2"}
LINES = [
    {
        "id": "e1",
        "title": CLASS_A,
        "amount": 60,
        "asset": "points",
        "cause": "30 × 周年庆双倍 · 规则第 3 版",
        "when": NOW - timedelta(minutes=43),
    },
    {
        "id": "e2",
        "title": "军令状",
        "amount": -300,
        "asset": "points",
        "cause": "六月客户开发擂台",
        "when": NOW - timedelta(days=1),
    },
    {
        "id": "e3",
        "title": "擂台奖金 · 五月",
        "amount": 51839,
        "asset": "cash",
        "cause": "三队奖池 ¥7,700 × 41 / 609 分",
        "when": NOW - timedelta(days=27),
    },
]
KINDS = [
    {"id": "c", "title": told("C 类客户", "C 類客戶", "Class C client"), "points": 1, "left": 4},
    {"id": "b", "title": told("B 类客户", "B 類客戶", "Class B client"), "points": 5, "left": None},
    {
        "id": "a",
        "title": told("A 类客户", "A 類客戶", "Class A client"),
        "points": 30,
        "left": None,
    },
]
STEPS = [
    {"title": "转发今日海报", "under": "3 人看过", "points": 1, "done": True, "href": "/"},
    {"title": "回访 周女士", "under": "上次：约周三到店", "points": 5, "done": False, "href": "/"},
    {
        "title": "报一条新线索",
        "under": "还剩 4 条额度",
        "points": 1,
        "done": False,
        "href": "/actions/new",
    },
]
PLAN = {
    "plan": {
        "id": "pk",
        "title": TITLE,
        "version": 3,
        "timezone": "Asia/Shanghai",
        "received_from": NOW,
    },
    "kinds": [
        {
            "title": KINDS[0]["title"],
            "points": 1,
            "cap": "每天最多 10 条",
            "once": "同一客户 30 天一次",
        }
    ],
    "multipliers": [
        {"title": CLASS_B, "times": "3/2", "from": NOW, "until": NOW + timedelta(days=1)}
    ],
    "battles": [
        {
            "id": "clients",
            "title": TITLE,
            "starts": STARTS,
            "cut_off": CUT_OFF,
            "score": "队员得分之和",
            "tie": "先到者胜",
            "share": "第一名拿下，按得分分",
            "stakes": [{"rank": "员工", "sum": 10000, "asset": "cash"}],
            "funded_by": "公司",
            "sponsor": {"asset": "cash", "amount": 100000},
            "battle_id": "b1",
        }
    ],
    "versions": [{"version": 3, "when": NOW, "by": "林芳"}],
    "can_edit": True,
    "source": '[plan]\nid = "pk"',
}
PAYOUTS = [
    {
        "name": n,
        "side": "一队",
        "points": p,
        "stake": 10000,
        "sum": s,
        "formula": f"¥7,700 × {p} / 762",
        "is_me": n == "安",
    }
    for n, p, s in (("梅", 96, 97008), ("安", 88, 88924))
]
CAST = [
    {"id": "p1", "name": "宝", "role": "员工", "sentence": "报一条，看积分进钱包", "place": 2},
    {"id": "p2", "name": "林芳", "role": "运营", "sentence": "审核等待的动作", "place": 0},
]
EMPLOYEE = SimpleNamespace(id="p1", name="宝", roles=())
OPERATIONS = SimpleNamespace(id="p2", name="林芳", roles=("operations",))
QR = Markup(
    '<svg viewBox="0 0 10 10" width="200" height="200"><path d="M0 0h4v4H0zM6 0h4v4H6zM0 6h4v4H0zM5 5h2v2H5z"/></svg>'
)

Sample = tuple[str, Any, dict[str, Any]]


def samples() -> dict[str, Sample]:
    """Return name → (template, viewer, context)."""
    show = {"battle": BATTLE, "my": MY, "joining": None, "sentence": None, "idempotency_key": "k"}
    join = {
        "side": None,
        "stake": 10000,
        "asset": "cash",
        "funded_by": "company",
        "available": None,
    }
    audit_sides = [
        {
            "name": n,
            "place": p,
            "before": str(s),
            "after": str(s - p),
            "rank_before": p,
            "rank_after": p,
            "moved": p == 2,
        }
        for p, (n, s) in enumerate(SIDES[:3], 1)
    ]
    won = [
        dict(side, won=side["name"] == "一队", part=770000 if side["name"] == "一队" else None)
        for side in frame("final")["sides"]
    ]
    me, ops = EMPLOYEE, OPERATIONS
    sign = {
        "step": "passcode",
        "values": {},
        "faults": {},
        "sent_to": None,
        "next": "/",
        "demo": True,
    }
    return {
        "today": (
            "home/today.html",
            me,
            {
                "headline": {"kind": "chase", "points": 5, "side": "三队"},
                "battle": CARD,
                "steps": STEPS,
                "actions": ACTIONS[:2],
                "unread": 1,
            },
        ),
        "today_new": (
            "home/today.html",
            me,
            {
                "headline": {"kind": "start"},
                "battle": None,
                "steps": [],
                "actions": [],
                "unread": 0,
            },
        ),
        "today_ops": (
            "home/today.html",
            ops,
            {
                "headline": {"kind": "review", "count": 12},
                "battle": CARD,
                "steps": [],
                "actions": [],
                "unread": 0,
            },
        ),
        "battles": (
            "battles/index.html",
            me,
            {
                "battles": [
                    CARD,
                    dict(CARD, state="joining", my_side=None),
                    dict(CARD, state="final"),
                ],
                "can_launch": False,
            },
        ),
        "battles_empty": ("battles/index.html", ops, {"battles": [], "can_launch": True}),
        "battle": ("battles/show.html", me, show | {"frame": frame()}),
        "battle_two": ("battles/show.html", me, show | {"frame": frame(count=2)}),
        "battle_delayed": ("battles/show.html", me, show | {"frame": frame(delayed=True)}),
        "battle_joining": (
            "battles/show.html",
            me,
            show | {"frame": frame("joining"), "my": None, "joining": join},
        ),
        "battle_joined": (
            "battles/show.html",
            me,
            show
            | {
                "frame": frame("joining"),
                "my": None,
                "joining": join
                | {
                    "side": "三队",
                    "funded_by": "member",
                    "asset": "points",
                    "stake": 100,
                    "available": 20,
                },
            },
        ),
        "battle_auditing": (
            "battles/show.html",
            ops,
            show | {"frame": frame("auditing"), "battle": BATTLE | {"can_audit": True}},
        ),
        "battle_final": (
            "battles/show.html",
            me,
            show
            | {
                "frame": frame("final"),
                "sentence": "三队第 2 名，你的军令状由公司出，没有损失。下一场再来。",
            },
        ),
        "battle_void": ("battles/show.html", me, show | {"frame": frame("void"), "my": None}),
        "side": (
            "battles/side.html",
            me,
            {
                "battle": BATTLE,
                "side": frame()["sides"][1],
                "members": [
                    {"name": n, "rank": r, "points": p, "is_me": n == "宝", "delta": 0}
                    for r, (n, p) in enumerate((("林芳", 45), ("宝", 41), ("赵敏", 12)), 1)
                ],
                "my": MY,
                "frame": frame(),
            },
        ),
        "screen": ("battles/screen.html", None, {"battle": BATTLE, "frame": frame()}),
        "screen_final": ("battles/screen.html", None, {"battle": BATTLE, "frame": frame("final")}),
        "result": (
            "battles/result.html",
            me,
            {
                "battle": BATTLE
                | {
                    "state": "final",
                    "share": "by_points",
                    "tie": "first_to_reach",
                    "void_reason": "",
                },
                "sides": won,
                "pot": {"asset": "cash", "stakes": 670000, "sponsor": 100000, "total": 770000},
                "payouts": PAYOUTS,
                "refunds": [],
                "downloads": True,
            },
        ),
        "audit": (
            "battles/audit.html",
            ops,
            {
                "battle": BATTLE | {"state": "auditing"},
                "sides": audit_sides,
                "progress": {"decided": 40, "total": 44, "pending": 4},
                "action": REVIEWED,
                "shown": "pending",
                "actions": [
                    {
                        "id": "a9",
                        "person": "安",
                        "side": "一队",
                        "title": CLASS_A,
                        "points": 30,
                        "when": NOW,
                        "state": "pending",
                    }
                ],
                "reasons": REASONS,
                "keys": KEYS,
                "strike_refusal": "",
                "settle": {
                    "allowed": False,
                    "sentence": "还有 4 条待审，审完才能结算。",
                    "idempotency_key": "k",
                },
            },
        ),
        "audit_done": (
            "battles/audit.html",
            ops,
            {
                "battle": BATTLE | {"state": "auditing"},
                "sides": audit_sides,
                "progress": {"decided": 44, "total": 44, "pending": 0},
                "action": None,
                "shown": "pending",
                "actions": [],
                "reasons": REASONS,
                "keys": KEYS,
                "strike_refusal": "",
                "settle": {
                    "allowed": True,
                    "sentence": "一队拿下 ¥7,700，分给 6 人。",
                    "idempotency_key": "k",
                },
            },
        ),
        "review": (
            "reviews/show.html",
            ops,
            {
                "action": REVIEWED,
                "waiting": 12,
                "doubtful": 3,
                "shown": "all",
                "due": NOW + timedelta(minutes=100),
                "reasons": REASONS,
                "keys": KEYS,
                "decided": None,
                "strike_refusal": "",
            },
        ),
        "review_empty": (
            "reviews/show.html",
            ops,
            {
                "action": None,
                "waiting": 0,
                "doubtful": 0,
                "shown": "all",
                "due": None,
                "reasons": REASONS,
                "keys": KEYS,
                "decided": {"person": "宝", "verdict": "accepted", "points": 5},
                "strike_refusal": "",
            },
        ),
        "report": (
            "actions/report.html",
            me,
            {"kinds": KINDS, "values": {}, "faults": {}, "idempotency_key": "k", "done": None},
        ),
        "report_faults": (
            "actions/report.html",
            me,
            {
                "kinds": KINDS,
                "values": {"kind": "a", "customer": "12", "note": "x"},
                "faults": {"customer": "手机号要 11 位"},
                "refusal": "没有提交，改一改再试。",
                "idempotency_key": "k",
                "done": None,
            },
        ),
        "report_empty": (
            "actions/report.html",
            me,
            {"kinds": [], "values": {}, "faults": {}, "idempotency_key": "k", "done": None},
        ),
        "actions": (
            "actions/index.html",
            me,
            {
                "actions": ACTIONS,
                "counts": {"all": 3, "pending": 1, "scored": 1, "refused": 1},
                "shown": "all",
                "older": None,
            },
        ),
        "actions_empty": (
            "actions/index.html",
            me,
            {
                "actions": [],
                "counts": {"all": 0, "pending": 0, "scored": 0, "refused": 0},
                "shown": "all",
                "older": None,
            },
        ),
        "wallet": (
            "wallet/show.html",
            me,
            {
                "wallet": {
                    "points": 1286,
                    "debt": 0,
                    "pending": 35,
                    "held": 200,
                    "cash_owed": 46250,
                },
                "shown": "all",
                "months": [
                    {
                        "title": "11 月",
                        "year_month": "2026-11",
                        "earned": 65,
                        "spent": 305,
                        "lines": LINES,
                    }
                ],
                "older": None,
            },
        ),
        "wallet_empty": (
            "wallet/show.html",
            me,
            {
                "wallet": {"points": -5, "debt": 5, "pending": 0, "held": 0, "cash_owed": 0},
                "shown": "all",
                "months": [],
                "older": None,
            },
        ),
        "entry": (
            "wallet/entry.html",
            me,
            {
                "entry": LINES[0] | {"sentence": "30 分 × 2 = 60 分"},
                "facts": [
                    {"label": "规则", "value": "A 类客户 30 分"},
                    {"label": "方案版本", "value": "第 3 版", "href": "/plans/pk"},
                ],
                "sum": [
                    {"label": "基础分", "value": "30"},
                    {"label": "周年庆双倍", "value": "× 2"},
                    {"label": "合计", "value": "+60"},
                ],
                "related": LINES[1:2],
            },
        ),
        "plans": (
            "plans/index.html",
            ops,
            {
                "plans": [{"id": "pk", "title": TITLE, "version": 3, "battles": 2, "when": NOW}],
                "templates": [
                    {"name": "pk-campaign", "title": TITLE, "sentence": "战队 PK，第一名拿下奖池"}
                ],
            },
        ),
        "plan": ("plans/show.html", ops, PLAN),
        "launch": (
            "plans/launch.html",
            ops,
            {
                "template": "pk-campaign",
                "plan": PLAN["plan"],
                "asks": [
                    {
                        "path": "battles[0].sponsor.amount",
                        "label": "公司加注（元）",
                        "hint": "可以是 0",
                        "type": "money",
                        "value": "0",
                    }
                ],
                "values": None,
                "faults": {},
                "plan_faults": [
                    {
                        "path": "battles[0].cut_off",
                        "expected": "开始之后的时间",
                        "got": "2026-01-01",
                    }
                ],
                "source": "[plan]",
                "rehearsal": {
                    "people": 40,
                    "pot": 1,
                    "asset": "cash",
                    "sentence": "40 人，奖池 ¥6,700 起",
                },
                "idempotency_key": "k",
            },
        ),
        "people": (
            "people/index.html",
            ops,
            {
                "units": [
                    {
                        "path": "客户成功部/一队",
                        "people": [
                            {
                                "id": str(i),
                                "name": n,
                                "rank": "员工",
                                "side": "一队",
                                "code": f"E00{i}",
                                "roles": [],
                                "state": s,
                            }
                            for i, (n, s) in enumerate(
                                (
                                    ("梅", "active"),
                                    ("安", "invited"),
                                    ("陈磊", "opted_out"),
                                    ("赵敏", "no_invite"),
                                )
                            )
                        ],
                    }
                ],
                "counts": {"people": 52, "active": 40, "invited": 8, "opted_out": 1},
                "query": "",
                "role": "",
                "roles": {"operations": "运营"},
                "more": False,
            },
        ),
        "import": (
            "people/import.html",
            ops,
            {
                "faults": [{"line": 7, "column": "rank", "reason": "没有 boss 这个职级"}],
                "notes": ["按 GB18030 读取"],
                "imported": None,
                "filename": "people.csv",
                "idempotency_key": "k",
            },
        ),
        "invite": (
            "people/invite.html",
            ops,
            {
                "mode": "show",
                "person": {"id": "1", "name": "安"},
                "link": "https://pk.example.com/invite/abc",
                "qr": QR,
                "expires": NOW + timedelta(days=7),
            },
        ),
        "invited": (
            "people/invite.html",
            None,
            {
                "mode": "accept",
                "person": {"name": "安"},
                "company": "云栖家居",
                "values": {},
                "faults": {},
                "token": "t",
            },
        ),
        "invite_gone": ("people/invite.html", None, {"mode": "gone"}),
        "sign_in": (
            "people/sign_in.html",
            None,
            sign | {"refusal": "工号或口令不对，再看一眼。", "values": {"person": "E0012"}},
        ),
        "sign_in_code": (
            "people/sign_in.html",
            None,
            sign | {"step": "code", "sent_to": "138****1234", "values": {"person": "E1"}},
        ),
        "passcode": ("people/passcode.html", me, {"has_one": True, "values": {}, "faults": {}}),
        "me": (
            "me/show.html",
            me,
            {
                "person": {
                    "name": "宝",
                    "rank": "员工",
                    "unit": "客户成功部",
                    "side": "三队",
                    "phone": "138****1234",
                    "roles": "",
                },
                "opted_out": False,
                "in_battle": False,
                "demo": True,
                "version": "0.1.0",
            },
        ),
        "not_found": ("errors/404.html", me, {}),
        "error": ("errors/error.html", me, {"title": "", "sentence": "", "code": "battle_started"}),
        "offline": ("errors/offline.html", None, {}),
        "cast": (
            "demo/cast.html",
            None,
            {
                "company": "云栖家居",
                "battle": CARD,
                "cast": CAST,
                "warning": None,
                "qr": QR,
                "link": "http://192.168.1.5:8000/demo",
            },
        ),
    }
