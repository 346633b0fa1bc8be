"""Samples of referrals: where a link leads, whoever invites, the page of staff, the desk."""

from types import SimpleNamespace
from typing import Any

from tests.pwa.samples.common import CUSTOMER, EMPLOYEE, NOW, OPERATIONS, Sample, ago, told
from tests.pwa.samples.coupons import FIGURE, LIST, QR, TICKET

CAMPAIGN = told("老友荐新友", "老友薦新友", "Bring a friend")
HERO = {
    "title": told("新客见面礼", "新客見面禮", "Welcome gift"), "figure": FIGURE,
    "terms": ["首单可用"], "kind": "amount",
}  # fmt: skip
TERMS = [
    "给新客户：在我们任意门店的第一单。",
    "一单用一张券，用哪张由你选。",
    "90 天内下单有效，谁先邀请你算谁的。",
    "如果退单，安 的奖励也会收回。",
    "手机号加密保存，只用于这件事；安 只看到打码的号码。",
]
LINK = "https://pk.example.com/r/7K2M9QXD"
OFFER: dict[str, Any] = {
    "state": "offer", "step": "phone", "path": "r", "code": "7K2M9QXD", "link": LINK,
    "title": CAMPAIGN, "hero": HERO, "more": ["首单 9 折", "迎新礼包一份"], "referrer": "安",
    "gain": "¥200 券", "ends": "12月31日", "days": 90, "terms": TERMS, "greeting": "",
    "values": {}, "faults": {}, "sent_to": "",
}  # fmt: skip
CODE = OFFER | {"step": "code", "values": {"phone": "13912341234"}, "sent_to": "139****1234"}
WRONG = CODE | {"faults": {"code": "验证码不对或过期了。再看一眼，或重新要一个。"}}
EXCLUSIVE = {
    "title": told("专属礼券", "專屬禮券", "Just for you"), "kind": "amount",
    "figure": {"before": "¥", "number": "100", "after": "", "is_words": False},
    "terms": ["满 ¥1,000 可用"],
}  # fmt: skip
STORE_OFFER = OFFER | {
    "path": "s", "hero": EXCLUSIVE, "exclusive": True, "left": 27, "gain": "50 积分",
    "greeting": "周二到周日我都在滨江店，来喝杯茶",
    "more": ["¥200 券", "首单 9 折", "迎新礼包一份"],
}  # fmt: skip


def _progress(name: str, state: str, word: str, reached: int, last: str = "") -> dict[str, Any]:
    steps = [
        {"title": "领了你的券", "under": "", "at": ago(days=3), "done": True},
        {"title": "首单完成" if reached else "首单", "under": "" if reached else "9月28日前"}
        | {"at": ago(days=1) if reached else None, "done": reached > 0},
        {"title": "你得到¥200 券", "under": last, "done": reached > 1}
        | {"at": ago(hours=3) if reached > 1 else None},
    ]
    return {"name": name, "state": state, "word": word, "steps": steps}


WAITS = _progress("139****0002", "bound", "等首单", 0, "对方首单完成后到账")
FRIENDS = [
    _progress("138****5678", "rewarded", "已到账", 2),
    _progress("136****0009", "held", "在核对", 1, "在核对，通常一个工作日内"),
    WAITS,
    _progress("137****1111", "reversed", "已收回", 1, "已收回：尺寸不合"),
]
MINE = WAITS | {
    "name": "安",
    "steps": [
        {"title": "你领了券", "under": "", "at": ago(minutes=1), "done": True},
        {"title": "首单", "under": "9月28日前", "at": None, "done": False},
        {"title": "安 得到¥200 券", "under": "你首单完成后到账", "at": None, "done": False},
    ],
}
CLAIMED: dict[str, Any] = OFFER | {
    "state": "claimed", "ticket": TICKET | {"code": "7K2M-9QXD-4T", "qr": QR},
    "tickets": LIST[1:], "progress": MINE,
}  # fmt: skip
LADDER = [
    {"deals": 1, "gain": "¥200 券", "done": True, "is_next": False, "counted": 1},
    {"deals": 3, "gain": "¥800 券、深度保洁一次", "done": False, "is_next": True, "counted": 2},
]
GIVEN = [
    {"title": "¥200 券", "cause": "138****5678 由你邀请而来", "at": ago(hours=3), "state": "given"},
    {"title": "¥200 券", "cause": "满 1 单", "at": ago(hours=3), "state": "kept"},
    {"title": "¥200 券", "cause": "137****1111 由你邀请而来", "at": ago(days=2), "state": "taken"},
]
INDEX: dict[str, Any] = {
    "chips": [], "mine": [], "offer": OFFER, "link": LINK, "code": "7K2M9QXD", "qr": QR,
    "clicks": 12, "friends": FRIENDS, "counted": 2, "ladder": LADDER,
    "given": [each | {"href": "/coupons/t1"} for each in GIVEN], "has_store_page": False,
}  # fmt: skip
FIRST: dict[str, Any] = INDEX | {
    "friends": [], "given": [], "counted": 0, "clicks": 0, "mine": [MINE],
    "ladder": [each | {"done": False, "counted": 0} for each in LADDER],
}  # fmt: skip
WORDS = told(
    "一、只说真实的体验，不夸大。\n二、新客户首单成交，你得到一份置换产品。\n三、不替他人填手机号。",
    "一、只說真實的體驗，不誇大。\n二、新客戶首單成交，你得到一份置換產品。\n三、不替他人填手機號碼。",
    "1. Only what you really saw.\n2. One product for each deal.\n3. Only your own number.",
)
AGREEMENT: dict[str, Any] = {
    "title": CAMPAIGN, "gain": "置换产品一件", "words": WORDS, "version": 1,
    "campaign": "word-of-mouth.friends", "idempotency_key": "k",
}  # fmt: skip
STORE: dict[str, Any] = {
    "coupon": EXCLUSIVE, "name": "宝", "store": "滨江店", "is_on": True, "left": 27, "most": 30,
    "per": "month", "link": "https://pk.example.com/s/7K2M9QXD", "qr": QR, "faults": {},
    "values": {"greeting": "周二到周日我都在滨江店"}, "keys": {"offer": "k1", "greeting": "k2"},
}  # fmt: skip
FIGURES = SimpleNamespace(
    links=38, clicks=612, bound=97, deals=41, amount=5248000, waiting=2, refused=1, reversed=3,
    coupons=371, redeemed=88, off=1760000, points=900,
)  # fmt: skip
CAMPAIGNS: dict[str, Any] = {
    "campaigns": [
        {"name": "word-of-mouth.friends", "title": CAMPAIGN, "starts": ago(days=22)}
        | {"ends": NOW, "is_open": True, "figures": FIGURES}
    ]
}
PARTNERS: dict[str, Any] = {
    "partners": [
        {"name": "陈老师", "type": "koc", "accepted_at": NOW, "clicks": 210, "bound": 12}
        | {"deals": 5, "amount": 640000},
        {"name": "恒达家电", "type": "ally", "accepted_at": None, "clicks": 0, "bound": 0}
        | {"deals": 0, "amount": 0},
    ],
    "types": {"ally": "异业联盟", "dealer": "经销商", "koc": "KOC"},
    "values": {}, "faults": {}, "idempotency_key": "k",
}  # fmt: skip


def samples() -> dict[str, Sample]:
    """Return name → (template, viewer, context)."""
    landing, gone = "referrals/landing.html", {"state": "gone", "sentence": "这个链接打不开。"}
    states = {
        f"landing_{name}": (landing, CUSTOMER, OFFER | {"state": name})
        for name in ("own", "colleague", "invited", "customer", "once")
    }
    return {
        "landing": (landing, None, OFFER),
        "landing_code": (landing, None, WRONG),
        "landing_signed_in": (landing, CUSTOMER, OFFER),
        "landing_claimed": (landing, CUSTOMER, CLAIMED),
        "landing_store": (landing, None, STORE_OFFER),
        "landing_gone": (landing, None, gone),
        **states,
        "referrals": ("referrals/index.html", CUSTOMER, INDEX),
        "referrals_first": ("referrals/index.html", CUSTOMER, FIRST),
        "referrals_none": ("referrals/index.html", CUSTOMER, {"chips": [], "mine": []}),
        "agreement": ("referrals/agreement.html", CUSTOMER, AGREEMENT),
        "store_page": ("referrals/store.html", EMPLOYEE, STORE),
        "store_page_off": ("referrals/store.html", EMPLOYEE, STORE | {"is_on": False}),
        "store_page_none": ("referrals/store.html", EMPLOYEE, {"coupon": None}),
        "partners": ("referrals/partners.html", OPERATIONS, PARTNERS),
        "campaigns": ("referrals/campaigns.html", OPERATIONS, CAMPAIGNS),
        "campaigns_none": ("referrals/campaigns.html", OPERATIONS, {"campaigns": []}),
    }
