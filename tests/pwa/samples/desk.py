"""Samples of today, the actions, the reviews and the wallet."""

from typing import Any

from tests.pwa.samples.common import (
    AUDITOR,
    CARD,
    CLASS_A,
    CLASS_B,
    CLASS_C,
    CLERK,
    CUT_OFF,
    DESK,
    EMPLOYEE,
    MY,
    OPERATIONS,
    REVIEWED,
    Sample,
    ago,
    told,
)

ACTIONS = [
    {
        "id": "a1", "title": CLASS_B, "customer": "138****1234", "state": "pending", "points": 5,
        "when": ago(minutes=12), "under": "最迟今天 18:00 有答复",
    },
    {
        "id": "a2", "title": CLASS_A, "customer": "139****8000", "state": "scored", "points": 30,
        "when": ago(hours=5), "under": "林芳 审核 · 规则第 3 版",
    },
    {
        "id": "a3", "title": CLASS_C, "customer": "", "state": "refused", "points": 0,
        "when": ago(days=1), "under": "今天的上限 10 条已满",
    },
]  # fmt: skip
KINDS = [
    {"id": "c", "title": CLASS_C, "points": 1, "left": 4},
    {"id": "b", "title": CLASS_B, "points": 5, "left": None},
    {"id": "a", "title": CLASS_A, "points": 30, "left": None},
]
STEPS = [
    {"title": "转发今日海报", "under": "3 人看过", "points": 1, "done": True, "href": "/"},
    {"title": "回访 周女士", "under": "上次：约周三到店", "points": 5, "done": False, "href": "/"},
]
LINES = [
    {
        "id": "e1", "title": "签下 A 类客户", "amount": 60, "asset": "points",
        "cause": "30 × 周年庆双倍 · 规则第 3 版", "when": ago(minutes=43),
    },
    {
        "id": "e2", "title": "军令状", "amount": -300, "asset": "points",
        "cause": "六月客户开发擂台", "when": ago(days=1),
    },
    {
        "id": "e3", "title": "擂台奖金 · 五月", "amount": 51839, "asset": "cash",
        "cause": "三队奖池 ¥7,700 × 41 / 609 分", "when": ago(days=27),
    },
]  # fmt: skip
MONTH = {"title": "11 月", "year_month": "2026-11", "earned": 65, "spent": 305, "lines": LINES}
WALLET = {
    "points": 1286,
    "debt": 0,
    "pending": 35,
    "staked": 200,
    "held": 300,
    "career": 20,
    "cash_owed": 46250,
}
SPECIALS: dict[str, Any] = {
    "plans": [
        {
            "id": "pk",
            "title": {"zh_Hans": "全员营销擂台", "zh_Hant": "全員營銷擂台", "en": "Everyone sells"},
            "most": 1000,
        }
    ],
    "waiting": [
        {
            "id": "s1",
            "name": "宝",
            "points": 300,
            "reason": "周末两次去客户现场修好设备，保住了续约。",
            "proposed": ["林芳", ago(hours=2)],
            "may_confirm": True,
            "keys": ["a", "b"],
        },
        {
            "id": "s2",
            "name": "辰",
            "points": 50,
            "reason": "替同事值班，接住了三位客户。",
            "proposed": ["我", ago(hours=5)],
            "may_confirm": False,
            "keys": ["c", "d"],
        },
    ],
    "decided": [
        {
            "id": "s3",
            "name": "梅",
            "points": 200,
            "reason": "带新人走访了十家门店。",
            "proposed": ["林芳", ago(days=1)],
            "decided": ["方会计", ago(hours=20)],
            "seal": "live",
            "state": "已给",
            "note": "",
            "may_take_back": True,
            "keys": ["e", "f"],
        },
        {
            "id": "s4",
            "name": "安",
            "points": 900,
            "reason": "活动现场人手不够时顶上。",
            "proposed": ["林芳", ago(days=2)],
            "decided": ["郭总", ago(days=2)],
            "seal": "quiet",
            "state": "不给",
            "note": "本职工作，已在绩效里。",
            "may_take_back": False,
            "keys": ["g", "h"],
        },
    ],
    "days": [{"day": "2026-11-22", "points": 200, "people": 1, "taken_back": 0}],
    "values": {},
    "faults": {},
    "refusal": None,
    "idempotency_key": "k",
}
REPORT: dict[str, Any] = {
    "kinds": KINDS,
    "values": {},
    "faults": {},
    "idempotency_key": "k",
    "done": None,
}
TALENT: dict[str, Any] = {
    "modes": True,
    "starters": [(f"starter_{n}", f"since_{n}") for n in range(1, 4)],
    "values": {"starter_1": "13812340001", "since_1": "2026-11-20"},
    "faults": {"starter_1": "请填写每位上岗者的手机号或编号，以及上岗日期。"},
}
FAULTY = {
    "values": {"kind": "a", "customer": "12", "note": "x"}, "faults": {"customer": "手机号要 11 位"},
    "refusal": "没有提交，改一改再试。",
}  # fmt: skip
NOTHING: dict[str, Any] = {
    "battle": None,
    "steps": [],
    "actions": [],
    "work": [],
    "is_employee": True,
    "in_store": False,
    "challenge": None,
    "kick_off": None,
    "next_badge": None,
    "tour": None,
}
FIGHT = CARD | {
    "place": {"side": "三队", "rank": 2, "gap": "153", "other": "一队", "leads": False}, "my": MY,
}  # fmt: skip
LEADING = FIGHT | {
    "place": {"side": "一队", "rank": 1, "gap": "153", "other": "三队", "leads": True},
    "my": MY | {"side": "一队", "side_rank": 1, "first": None, "chase": None},
}  # fmt: skip
LAUNCH_DAY = {
    "id": "c1", "title": told("开业日挑战", "開業日挑戰", "Launch day"), "kind": "一家店，一天",
    "seal": {"state": "live", "words": "进行中"}, "state": "live", "place": "东门店", "done": 7,
    "total": 12, "starts": ago(hours=5), "ends": CUT_OFF, "joined": True,
    "pool": {"asset": "points", "total": 300},
}  # fmt: skip
BADGE = {
    "href": "/badges/p/tea", "art": "tea", "title": told("热茶常在", "熱茶常在", "Warm tea"),
    "tier": "bronze", "next_word": "银", "far": "38 / 50", "percent": 76, "needed_words": "50 次",
}  # fmt: skip
ENTRY = {
    "entry": LINES[0] | {"cause": "30 分 × 2 = 60 分"},
    "facts": [
        {"label": "规则", "value": "A 类客户 30 分"},
        {"label": "方案", "value": "第 3 版", "href": "/plans/pk"},
    ],
    "sum": [{"label": "基础分", "value": "30"}, {"label": "合计", "value": "+60"}],
    "related": LINES[1:2],
}


def _todays() -> dict[str, Sample]:
    """Today, as each role finds it."""
    me, desk = EMPLOYEE, OPERATIONS
    chase = {"kind": "chase", "points": 5, "side": "三队"}
    busy = NOTHING | {"battle": FIGHT, "steps": STEPS, "actions": ACTIONS[:2]}
    work = {
        "title": "审核大家报的",
        "under": "从最早的一条开始",
        "end": "11",
        "href": "/reviews",
        "is_late": False,
        "done": False,
    }
    first = {"kind": "work", "sentence": "11 条等你审核", "href": "/reviews", "label": "审下一条"}
    day = {"kind": "day", "left": 5, "id": "c1", "title": LAUNCH_DAY["title"], "ends": CUT_OFF}
    late = work | {
        "title": "审核线索",
        "under": "2 条已超时",
        "end": "5",
        "href": "/leads/desk",
        "is_late": True,
    }
    sealed = work | {
        "title": "操作记录",
        "under": "已封存到今天 14:40",
        "end": "",
        "href": "/records",
        "done": True,
    }
    look = {
        "n": 2,
        "most": 3,
        "at": "report",
        "sentence": "做了什么就在这里报，20 秒，没信号也能报。",
    }
    store = NOTHING | {
        "in_store": True, "challenge": LAUNCH_DAY, "next_badge": BADGE, "actions": ACTIONS[:2],
        "headline": day, "kick_off": LAUNCH_DAY | {"joined": None, "place": ""},
    }  # fmt: skip
    for_desk = NOTHING | {"work": [late, work], "is_employee": False, "battle": FIGHT}
    return {
        "today": ("home/today.html", me, busy | {"headline": chase}),
        "today_new": ("home/today.html", me, NOTHING | {"headline": {"kind": "start"}}),
        "today_leading": (
            "home/today.html",
            me,
            busy | {"headline": {"kind": "leading", "side": "一队"}, "battle": LEADING},
        ),
        "today_tour": ("home/today.html", me, busy | {"headline": chase, "tour": look}),
        "today_calm": (
            "home/today.html",
            AUDITOR,
            for_desk | {"headline": {"kind": "calm"}, "work": [sealed]},
        ),
        "today_store": ("home/today.html", CLERK, store),
        "today_ops": ("home/today.html", desk, for_desk | {"headline": first}),
    }


def samples() -> dict[str, Sample]:
    """Return name → (template, viewer, context)."""
    me, desk = EMPLOYEE, OPERATIONS
    counts = {"all": 3, "pending": 1, "scored": 1, "refused": 1}
    mine = {"actions": ACTIONS, "counts": counts, "shown": "all", "older": None}
    queue = DESK | {"action": REVIEWED, "waiting": 12}
    decided = {"person": "宝", "verdict": "accepted", "points": 5}
    wallet = {"wallet": WALLET, "shown": "all", "months": [MONTH], "older": None}
    debt = {
        "points": -5,
        "debt": 5,
        "pending": 0,
        "staked": 0,
        "held": 0,
        "career": 0,
        "cash_owed": 0,
    }
    return _todays() | {
        "review": ("reviews/show.html", desk, queue),
        "review_empty": (
            "reviews/show.html",
            desk,
            queue | {"action": None, "waiting": 0, "decided": decided},
        ),
        "report": ("actions/report.html", me, REPORT),
        "report_faults": ("actions/report.html", me, REPORT | FAULTY),
        "specials": ("specials/index.html", me, SPECIALS),
        "specials_none": (
            "specials/index.html",
            me,
            SPECIALS | {"plans": [], "waiting": [], "decided": [], "days": []},
        ),
        "report_talent": ("actions/report.html", me, REPORT | TALENT),
        "report_empty": ("actions/report.html", me, REPORT | {"kinds": []}),
        "actions": ("actions/index.html", me, mine),
        "actions_empty": ("actions/index.html", me, mine | {"actions": []}),
        "wallet": ("wallet/show.html", me, wallet),
        "wallet_empty": ("wallet/show.html", me, wallet | {"wallet": debt, "months": []}),
        "entry": ("wallet/entry.html", me, ENTRY),
    }
