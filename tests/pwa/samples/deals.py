"""Samples of deals: the list, a new one, one in each state, call-backs, the draws of a day."""

from typing import Any

from tests.pwa.samples.common import AUDITOR, NOW, OPERATIONS, Sample, ago, told, viewer

SELLER = viewer("p8", "苏晴", "sales")
SERVICE = viewer("p9", "白露", "service")
FINANCE = viewer("p10", "方会计", "finance")
FORBIDDEN = [
    told("自己购买套取佣金", "自己購買套取佣金", "Buying from oneself to get the commission"),
    told("没有真实货物或服务的假单", "沒有真實貨物或服務的假單", "A sale without goods or service"),
    told("拆单凑笔数", "拆單湊筆數", "One sale split into several"),
    told("把老客户报成新客户", "把老客戶報成新客戶", "An old customer passed off as new"),
]  # fmt: skip
STATES = {
    "reported": ("joining", "待核对"),
    "checked": ("auditing", "核对中"),
    "counted": ("final", "已生效"),
    "refused": ("void", "未通过"),
    "struck": ("void", "已作废"),
    "refunded": ("void", "已退款"),
}


def row(state: str, who: str, amount: int, contract: str, **more: Any) -> dict[str, Any]:
    seal, words = STATES[state]
    usual = {
        "id": f"d-{contract}", "who": who, "amount": amount, "contract": contract,
        "made_on": "昨天", "seller": "苏晴", "state": state, "state_words": words,
        "seal": seal,
    }  # fmt: skip
    return usual | more


ROWS = [
    row("reported", "周女士", 12_800_000, "HT-2026-0631"),
    row("counted", "何先生", 8_650_000, "HT-2026-0629"),
    row("refunded", "138****4419", 399_900, "0457", seller="丁店员"),
    row("struck", "马先生", 25_000_000, "HT-2026-0611", seller="贺一鸣"),
]
STEPS = [
    {"title": "已上报", "under": "苏晴", "at": ago(hours=5), "done": True, "ended": False},
    {"title": "已核对", "under": "", "at": None, "done": False, "ended": False},
    {"title": "生效：开始计算收入", "under": "", "at": None, "done": False, "ended": False},
]


def deal(state: str, **more: Any) -> dict[str, Any]:
    usual = row(state, "周女士", 12_800_000, "HT-2026-0631") | {
        "phone": "138****1234", "name": "周女士", "reporter": "宝", "store": "滨江店", "lead": "l1",
        "lead_number": "7K3M-9XQ2", "lead_at": ago(days=12), "linked": "按客户找到", "proof": "",
        "order": None, "is_first": True, "note": "全屋定制，含安装", "photos": ["/static/icons/icon-192.png"],
        "steps": STEPS, "calls": [], "reason": "", "forbidden": FORBIDDEN, "practice": None,
        "is_own": False, "can_check": False, "can_link": False, "can_verify": False,
        "can_refund": False, "can_strike": False,
    }  # fmt: skip
    return usual | more


def done(*titles: tuple[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "title": title,
            "under": under,
            "at": ago(hours=5 - place),
            "done": True,
            "ended": title == "作废",
        }
        for place, (title, under) in enumerate(titles)
    ]


def shown(one: dict[str, Any], **more: Any) -> dict[str, Any]:
    usual = {"deal": one, "next_one": None, "asked": "", "values": {}, "faults": {}}
    return usual | {"idempotency_key": "k"} | more


NEW = {
    "plans": [{"id": "friends", "title": told("口碑计划", "口碑計畫", "Word of mouth")}],
    "names_seller": False, "today": "2026-06-30", "values": {"made_on": "2026-06-30"},
    "faults": {}, "idempotency_key": "k",
}  # fmt: skip
CALL = row("checked", "周女士", 12_800_000, "HT-2026-0631") | {
    "phone": "138****1234", "name": "周女士", "store": "滨江店", "checked_at": ago(hours=2),
    "calls": [{"name": "白露", "at": ago(hours=1), "result": "没接通", "note": ""}],
}  # fmt: skip
DRAWS = [
    {
        "id": f"d{turn}", "contract": f"HT-2026-06{turn}1", "turn": turn, "seller": "苏晴",
        "number": f"{turn}f" * 32, "share": "1/10", "standing": "照常", "is_drawn": turn == 2,
        "why": "抽中" if turn == 2 else "未抽中", "result": "属实" if turn == 2 else "",
    }
    for turn in (1, 2, 3)
]  # fmt: skip


def samples() -> dict[str, Sample]:
    """Return name → (template, viewer, context)."""
    return lists() | decisions() | calls()


def lists() -> dict[str, Sample]:
    """What there is, and a new one."""
    listed: dict[str, Any] = {"shown": "all", "older": None, "waiting": [], "can_report": True}
    waits = [{"queue": "check", "count": 3, "first": "d1"}]
    return {
        "deals": ("deals/index.html", SELLER, listed | {"deals": ROWS, "older": "/deals?before=x"}),
        "deals_waiting": ("deals/index.html", OPERATIONS, listed | {"deals": ROWS, "waiting": waits}),
        "deals_empty": ("deals/index.html", SELLER, listed | {"deals": []}),
        "deal_new": ("deals/new.html", SELLER, NEW),
        "deal_faults": (
            "deals/new.html", OPERATIONS,
            NEW | {
                "names_seller": True,
                "values": {"made_on": "2026-06-30", "contract": "HT-1", "lead": "7K3M-9XQ2"},
                "faults": {"proof": "这条线索是另一位客户的，或者来得更晚。说说为什么是它。"},
            },
        ),
    }  # fmt: skip


def decisions() -> dict[str, Sample]:
    """One in each state, as who decides or reads sees it."""
    return {
        "deal_check": (
            "deals/show.html", OPERATIONS, shown(deal("reported", can_check=True, can_link=True))
        ),
        "deal_refuse": (
            "deals/show.html", OPERATIONS,
            shown(
                deal("reported", can_check=True, can_link=True), asked="refuse",
                faults={"reason": "请写明原因。"},
            ),
        ),
        "deal_seller": ("deals/show.html", SELLER, shown(deal("reported", is_own=True, can_link=True))),
        "deal_verify": (
            "deals/show.html", FINANCE,
            shown(
                deal(
                    "counted", can_verify=True, can_refund=True, can_strike=True,
                    proof="合同写的是她先生的名字", linked="手工关联",
                    steps=done(("已上报", "苏晴"), ("已核对", "林芳"), ("客户确认属实", "白露"), ("生效：开始计算收入", "")),
                ),
            ),
        ),
        "deal_struck": (
            "deals/show.html", SELLER,
            shown(
                deal(
                    "struck", is_own=True, reason="客户说没有买过。", practice=FORBIDDEN[1],
                    steps=done(("已上报", "苏晴"), ("已核对", "林芳"), ("作废", "白露")),
                ),
            ),
        ),
    }  # fmt: skip


def calls() -> dict[str, Sample]:
    """Call-backs, and the draws of a day."""
    asked: dict[str, Any] = {
        "waiting": 4, "phone": "", "done": None, "values": {}, "faults": {},
        "idempotency_key": "k",
    }  # fmt: skip
    plan = NEW["plans"][0]  # type: ignore[index]
    drawn = {"plans": [plan], "plan": plan, "day": "2026-06-29", "today": "2026-06-30"}
    return {
        "deal_calls": ("deals/calls.html", SERVICE, asked | {"deal": CALL}),
        "deal_calls_number": (
            "deals/calls.html", SERVICE, asked | {"deal": CALL, "phone": "+8619900001234"}
        ),
        "deal_calls_none": (
            "deals/calls.html", SERVICE,
            asked | {
                "deal": None, "waiting": 0, "done": {"contract": "HT-2026-0631", "call": "confirmed"},
            },
        ),
        "deal_draws": (
            "deals/draws.html", AUDITOR,
            drawn | {"draws": DRAWS, "drawn": 1, "fingerprint": "9c" * 32, "secret": "4b" * 32},
        ),
        "deal_draws_none": (
            "deals/draws.html", AUDITOR,
            drawn | {"draws": [], "drawn": 0, "fingerprint": "", "secret": "", "day": NOW.date().isoformat()},
        ),
    }  # fmt: skip
