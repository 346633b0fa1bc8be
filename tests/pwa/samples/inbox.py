"""Samples of the inbox, and of what waits because it looks suspicious."""

from typing import Any

from tests.pwa.samples.common import CUSTOMER, EMPLOYEE, OPERATIONS, Sample, ago


def _news(
    id_: str, title: str, sentence: str, when: str, *, is_new: bool = False
) -> dict[str, Any]:
    return {"id": id_, "title": title, "sentence": sentence, "when": when, "is_new": is_new}


MONEY = {
    "id": "money", "title": "奖励和积分", "notices": [
        _news("n1", "奖励到账", "周女士通过你来了。你得到 ¥200 优惠券。", "3 分钟前", is_new=True),
        _news("n2", "奖金到账", "开业首日冲刺达成。你分到的奖金：120 分。", "2 小时前", is_new=True),
    ],
}  # fmt: skip
HONOUR = {
    "id": "honour", "title": "徽章和称号", "notices": [
        _news("n3", "「金牌推荐官」是你的了", "11 月：一个月内带来 5 位客户", "5 小时前", is_new=True),
    ],
}  # fmt: skip
REVIEW = {
    "id": "review", "title": "核实", "notices": [
        _news(
            "n4", "同事先看一下",
            "「推荐奖励 ¥200」先由同事看过再发：一天内邀请人和好友在同一个网络。其他都照常。", "昨天 18:20",
        ),
    ],
}  # fmt: skip
COUPON = {
    "id": "coupon", "title": "优惠券", "notices": [
        _news("n5", "有券快到期", "¥200 新客券用到明天 23:59。到店出示就行。", "昨天 09:00"),
    ],
}  # fmt: skip
INBOX = {
    "sections": [
        {"title": "新消息", "groups": [MONEY, HONOUR]}, {"title": "昨天", "groups": [REVIEW, COUPON]},
    ],
    "unread": 3, "newest": "n1", "older": "/inbox?skip=40", "idempotency_key": "k",
}  # fmt: skip
REASONS = ["30 天内同一收银员给同一顾客核销 3 次（通常不超过 2 次）"]
SUSPICION: dict[str, Any] = {
    "id": "s1", "name": "周女士", "kind": "顾客", "what": "推荐奖励 ¥200（好友 138****0042）",
    "is_held": True, "state": "waiting", "outcome": "review", "score": 110, "at": ago(minutes=38),
    "reasons": ["一小时内来了 3 位好友（通常不超过 2 位）", "一天内邀请人和好友在同一个网络"],
    "appeal": "", "appealed_at": None, "may_appeal": False, "decisions": [],
    "unusual": "", "href": "", "alike": 0, "is_lead": False,
    "involved": [
        {"name": "周女士", "kind": "顾客", "since": ago(days=40), "referrals": 3, "has_part": True,
         "shares": ["同一个网络"]},
        {"name": "顾客 138****0042", "kind": "顾客", "since": ago(minutes=55), "referrals": 0,
         "has_part": True, "shares": ["同一个网络"]},
        {"name": "顾客 136****7710", "kind": "顾客", "since": ago(hours=3), "referrals": 0,
         "has_part": False, "shares": ["同一台设备"]},
    ],
    "precedents": {
        "cleared": 9, "refused": 3,
        "latest": [
            {"cleared": True, "reason": "已核实，没有问题：全店共用一个网络", "at": ago(days=2)},
            {"cleared": False, "reason": "囤券或者转卖", "at": ago(days=5)},
        ],
    },
}  # fmt: skip
DECISION = {
    "name": "林芳", "cleared": False, "reason": "囤券或者转卖：同一地址领了六张", "after_appeal": False,
    "at": ago(hours=20),
}  # fmt: skip
APPEAL = {
    "appeal": "那三位是我同一个健身班的同学，\n都是自己付款的。", "appealed_at": ago(hours=1),
    "decisions": [DECISION],
}  # fmt: skip
TILL = SUSPICION | {
    "unusual": "没有扣下什么，只是收银台的操作有些异常。", "name": "小鹿", "kind": "同事", "what": "", "is_held": False, "score": 60, "reasons": REASONS,
    "precedents": {"cleared": 0, "refused": 0, "latest": []},
}  # fmt: skip
CHOICES = [{"id": "traded", "title": "囤券或者转卖"}, {"id": "other", "title": "其他原因"}]
DESK = {
    "may_decide": True, "waiting": 3, "reasons": CHOICES, "keys": {"clear": "k1", "refuse": "k2"},
    "values": {}, "decided": None, "refuse_refusal": None,
}  # fmt: skip
FORM = {"decisions": [], "values": {}, "faults": {}, "idempotency_key": "k"}


def samples() -> dict[str, Sample]:
    """Return name → (template, viewer, context)."""
    show, mine, desk = "suspicions/show.html", "suspicions/mine.html", OPERATIONS
    refused = SUSPICION | {"state": "refused", "may_appeal": True}
    decided = [SUSPICION | {"state": "cleared"}, refused, TILL | {"state": "refused", "id": "s3"}]
    said = {"faults": {"text": "写下要让我们知道的。"}}
    return {
        "inbox": ("inbox/show.html", EMPLOYEE, INBOX),
        "inbox_empty": (
            "inbox/show.html", CUSTOMER, INBOX | {"sections": [], "unread": 0, "older": None},
        ),
        "suspicion": (show, desk, DESK | {"suspicion": SUSPICION}),
        "suspicion_appeal": (
            show, desk,
            DESK | {"suspicion": SUSPICION | APPEAL, "decided": TILL | {"state": "cleared"}},
        ),
        "suspicion_till": (
            show, desk, DESK | {"suspicion": TILL, "refuse_refusal": "写上原因。"},
        ),
        "suspicion_own": (show, desk, DESK | {"suspicion": SUSPICION, "may_decide": False}),
        "suspicion_none": (
            show, desk, DESK | {"suspicion": None, "waiting": 0, "may_decide": False},
        ),
        "suspicions_decided": (
            "suspicions/decided.html", desk, {"suspicions": decided, "waiting": 3, "older": None},
        ),
        "suspicion_mine": (mine, CUSTOMER, FORM | {"suspicion": SUSPICION}),
        "suspicion_refused": (
            mine, CUSTOMER, FORM | said | {"suspicion": refused},
        ),
        "suspicion_answered": (
            mine, CUSTOMER, FORM | {"suspicion": SUSPICION | APPEAL, "decisions": [DECISION]},
        ),
    }  # fmt: skip
