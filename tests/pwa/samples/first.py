"""Samples of first screens from outside the company, and of the search."""

from tests.pwa.samples.common import CUSTOMER, EMPLOYEE, OPERATIONS, PARTNER, Sample
from tests.pwa.samples.coupons import TENTH, TICKET
from tests.pwa.samples.follow import OVERDUE, REACHED, TO_CALL
from tests.pwa.samples.referrals import FRIENDS, OFFER

INVITE = {"offer": OFFER, "friends": FRIENDS[:3], "counted": 1}
TICKETS = [TICKET, TICKET | {"id": "t2", "figure": TENTH, "terms": ["最多减 ¥500"]}]
HOME = {
    "tickets": TICKETS, "usable": 5, "invite": INVITE, "cash": 0, "is_partner": False, "tour": None,
}  # fmt: skip
LOOK = {
    "n": 1,
    "most": 2,
    "at": "coupons",
    "sentence": "你的券在这里，到店出示就行，不用打印、不用截图。",
}
NOBODY = {"words": "", "people": [], "leads": [], "more": False, "sees_all": False}
PEOPLE = [
    {"name": "林晓岚", "under": ["禾汀人才服务/客户成功部/一队", "员工", "客户成功一队"], "active": True, "href": ""},
    {"name": "林芳", "under": ["总部/运营", "主管", ""], "active": True, "href": "/people/1"},
    {"name": "林海", "under": ["总部", "员工", ""], "active": False, "href": "/people/2"},
]  # fmt: skip


def samples() -> dict[str, Sample]:
    """Return name → (template, viewer, context)."""
    partner = HOME | {"tickets": [], "usable": 0, "cash": 128050, "is_partner": True}
    found = NOBODY | {"words": "林", "people": PEOPLE, "leads": [TO_CALL, OVERDUE, REACHED]}
    return {
        "home_customer": ("home/outside.html", CUSTOMER, HOME | {"tour": LOOK}),
        "home_customer_new": (
            "home/outside.html", CUSTOMER,
            HOME | {"tickets": [], "usable": 0, "invite": INVITE | {"friends": [], "counted": 0}},
        ),
        "home_customer_none": (
            "home/outside.html", CUSTOMER, HOME | {"tickets": [], "usable": 0, "invite": None}
        ),
        "home_partner": ("home/outside.html", PARTNER, partner),
        "search": ("home/search.html", EMPLOYEE, NOBODY),
        "search_found": ("home/search.html", OPERATIONS, found | {"more": True, "sees_all": True}),
        "search_none": ("home/search.html", EMPLOYEE, NOBODY | {"words": "无此人"}),
    }  # fmt: skip
