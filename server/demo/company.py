"""The made-up company: who works there, on which side, and whom a visitor may become."""

import csv
import io
from itertools import count
from typing import Final, Literal, NamedTuple

from server.kit.i18n import Lazy, lazy

COMPANY: Final = "禾汀人才服务"
PLAN: Final = "pk-campaign"
"""The plan that runs all the time; its template names the sides."""
CLIENTS: Final = "客户成功部"
TALENT: Final = "招商引才部"
HEAD_OFFICE: Final = "总部"

# Department, team, rank of the first person; where that is a higher one, the second supervises.
# A department and a team make a side of the plan: 客户成功一队.
TEAMS: Final = (
    (CLIENTS, "一队", "director", "周敏仪 陈嘉树 林晓岚 黄俊豪 吴思远 郑雨桐"),
    (CLIENTS, "二队", "manager", "许文博 梁静怡 何子昂 罗婉清 谢天宇 邓佳慧"),
    (CLIENTS, "三队", "supervisor", "沈若梅 方宇宝 秦安然 蒋辰 苏曼 唐一鸣"),
    (CLIENTS, "四队", "manager", "魏建国 卢雪莹 丁浩然 夏晚晴 姜文杰 崔诗涵"),
    (CLIENTS, "五队", "supervisor", "冯志远 袁梦琪 曹立新 彭海燕 潘晓东 董佩珊"),
    (CLIENTS, "六队", "manager", "叶知秋 余振华 杜若溪 钟国强 汪雅婷"),
    (CLIENTS, "七队", "supervisor", "范思齐 石磊 廖紫薇 韦明轩 邹巧玲"),
    (TALENT, "一队", "director", "高启航 熊佳怡 孟凡星 白雪松 江映月 傅雨泽"),
    (TALENT, "二队", "manager", "龙婉婷 万子涵 段晓峰 雷欣然 黎正阳 侯可欣"),
)
SHOPS: Final = "家政门店"
# Of each store the manager comes first.
STORES: Final = (
    ("东门店", "严晓彤 陆小鹿 葛明亮 柳依依"),
    ("湖滨店", "温如玉 霍启明 简宁 欧阳青"),
    ("北站店", "纪安安 褚一凡 宋知夏"),
)
# Whoever follows leads up, by the department that knows their customers.
CONSULTANTS: Final = "顾问组"
SALES: Final = (
    ("X01", "凌云", "supervisor", CLIENTS),
    ("X02", "辛悦", "staff", CLIENTS),
    ("X03", "尚可", "staff", TALENT),
)
OFFICE: Final = (
    ("H01", "顾承志", "vp", "audit"),
    ("H02", "任思敏", "vp", "audit"),
    ("H03", "贺小满", "supervisor", "operations"),
    ("H04", "尹秋实", "staff", "operations"),
    ("H05", "施慧心", "manager", "finance"),
    ("H06", "聂远帆", "manager", "admin"),
    ("H07", "邵青", "staff", "service"),
    ("H08", "戴维宁", "staff", "finance"),
    ("SCREEN", "一楼大屏", "staff", "screen"),
)

AUDITOR: Final = "H02"
REVIEWER: Final = "H04"
"""Who audits and who reviews by themselves: not those whom a visitor becomes."""
ACCOUNTANT: Final = "H08"
"""Who approves and pays what the last months came to."""


class Colleague(NamedTuple):
    """A person of the company as the people file has them; `roles` separated by spaces."""

    person: str
    name: str
    rank: str
    unit: str
    side: str
    phone: str
    roles: str


class Outsider(NamedTuple):
    """Somebody from outside the company; who they are is their phone."""

    phone: str
    name: str
    kind: Literal["customer", "partner"]


OLD_CUSTOMER: Final = Outsider("+8619900010001", "周女士", "customer")
OUTSIDERS: Final = (
    OLD_CUSTOMER,
    Outsider("+8619900010002", "吴先生", "customer"),
    Outsider("+8619900010003", "钱女士", "customer"),
    Outsider("+8619900010011", "张先生", "customer"),
    Outsider("+8619900010012", "李小姐", "customer"),
    Outsider("+8619900010013", "王女士", "customer"),
    Outsider("+8619900010014", "孙先生", "customer"),
    Outsider("+8619900010015", "郑女士", "customer"),
    Outsider("+8619900010016", "冯先生", "customer"),
    Outsider("+8619900010017", "陈太太", "customer"),
    Outsider("+8619900010018", "蒋先生", "customer"),
    Outsider("+8619900010019", "卫女士", "customer"),
    Outsider("+8619900010020", "悦活健身", "partner"),
)
"""Old customers first, then friends who were invited, then a partner."""
OLD: Final = OUTSIDERS[:3]
FRIENDS: Final = OUTSIDERS[3:-1]
PARTNER: Final = OUTSIDERS[-1]


class Part(NamedTuple):
    """A part that a visitor may play: by which company id or phone, called what, what to try."""

    person: str
    role: Lazy
    sentence: Lazy


CAST: Final = (
    Part(
        "K302", lazy("employee"), lazy("report a customer, watch your side, look into the wallet")
    ),
    Part("K202", lazy("supervisor"), lazy("see how your people stand, report for yourself too")),
    Part("X01", lazy("salesperson"), lazy("call who was reported, take each step with one tap")),
    Part("H03", lazy("operations"), lazy("review leads and actions, check deals, see the numbers")),
    Part("H07", lazy("customer service"), lazy("call back the customers that were drawn by lot")),
    Part("H01", lazy("audit group"), lazy("after the cut-off: strike what is false, settle")),
    Part(
        "H05", lazy("finance"), lazy("find deals genuine, settle a month, take it as XLSX or CSV")
    ),
    Part("H06", lazy("administrator"), lazy("import people, invite them, launch a plan")),
    Part("SCREEN", lazy("store screen"), lazy("the battle on the big screen by the door")),
    Part("S101", lazy("store manager"), lazy("start a challenge, open the store's screen")),
    Part("S102", lazy("store staff"), lazy("scan coupons, join the launch day, hand rewards out")),
    Part(OLD_CUSTOMER.phone, lazy("customer"), lazy("my coupons, my link, what friends brought")),
    Part(PARTNER.phone, lazy("partner"), lazy("the agreement, the code, what came through it")),
)


def colleagues() -> list[Colleague]:
    """Return everybody: the sides first, then the stores, sales, and head office."""
    phones = count(1)
    found = []
    for place, (department, team, lead, names) in enumerate(TEAMS):
        letter, number = ("K", place + 1) if department == CLIENTS else ("Z", place - 6)
        for nth, name in enumerate(names.split(), 1):
            found.append(
                Colleague(
                    person=f"{letter}{number}{nth:02}",
                    name=name,
                    rank=_rank(nth, lead),
                    unit=f"{COMPANY}/{department}/{team}",
                    side=_side(department, team),
                    phone=_phone(next(phones)),
                    roles="",
                )
            )
    for number, (store, names) in enumerate(STORES, 1):
        for nth, name in enumerate(names.split(), 1):
            found.append(
                Colleague(
                    person=f"S{number}{nth:02}",
                    name=name,
                    rank="manager" if nth == 1 else "staff",
                    unit=f"{COMPANY}/{SHOPS}/{store}",
                    side="",
                    phone=_phone(next(phones)),
                    roles="store_manager" if nth == 1 else "store",
                )
            )
    for person, name, rank, department in SALES:
        unit = f"{COMPANY}/{department}/{CONSULTANTS}"
        found.append(Colleague(person, name, rank, unit, "", _phone(next(phones)), "sales"))
    for person, name, rank, role in OFFICE:
        unit = f"{COMPANY}/{HEAD_OFFICE}"
        found.append(Colleague(person, name, rank, unit, "", _phone(next(phones)), role))
    return found


def client_sides() -> list[str]:
    """Return the sides of the client battle in the order of their places."""
    return [_side(department, team) for department, team, *_ in TEAMS if department == CLIENTS]


def staff_of(store: int) -> list[str]:
    """Return the company ids of a store's people by its number from 1, the manager first."""
    return [each.person for each in colleagues() if each.person.startswith(f"S{store}")]


def _side(department: str, team: str) -> str:
    return f"{department.removesuffix('部')}{team}"


def _rank(nth: int, lead: str) -> str:
    if nth == 1:
        return lead
    return "supervisor" if nth == 2 and lead != "supervisor" else "staff"


def _phone(number: int) -> str:
    return f"1990000{number:04}"


def people_file() -> bytes:
    """Return the company as the CSV file that an administrator would upload."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(Colleague._fields)
    writer.writerows(colleagues())
    return text.getvalue().encode()
