"""The made-up company: who works there, on which side, and whom a visitor may become."""

import csv
import io
from itertools import count
from typing import Final, NamedTuple

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
OFFICE: Final = (
    ("H01", "顾承志", "vp", "audit"),
    ("H02", "任思敏", "vp", "audit"),
    ("H03", "贺小满", "supervisor", "operations"),
    ("H04", "尹秋实", "staff", "operations"),
    ("H05", "施慧心", "manager", "finance"),
    ("H06", "聂远帆", "manager", "admin"),
    ("SCREEN", "一楼大屏", "staff", "screen"),
)

AUDITOR: Final = "H02"
REVIEWER: Final = "H04"
"""Who audits and who reviews by themselves: not those whom a visitor becomes."""


class Colleague(NamedTuple):
    """A person of the company as the people file has them; `roles` separated by spaces."""

    person: str
    name: str
    rank: str
    unit: str
    side: str
    phone: str
    roles: str


class Part(NamedTuple):
    """A part that a visitor may play: by which colleague, called what, and what to try."""

    person: str
    role: Lazy
    sentence: Lazy


CAST: Final = (
    Part("K302", lazy("employee"), lazy("report an action, watch your side, look into the wallet")),
    Part("K202", lazy("supervisor"), lazy("see how your people stand, report for yourself too")),
    Part("H03", lazy("operations"), lazy("accept or strike what colleagues report")),
    Part("H01", lazy("audit group"), lazy("after the cut-off: strike what is false, settle")),
    Part("H05", lazy("finance"), lazy("see who won what, take the list as XLSX or CSV")),
    Part("H06", lazy("administrator"), lazy("import people, invite them, launch a plan")),
    Part("SCREEN", lazy("store screen"), lazy("the battle on the big screen by the door")),
)


def colleagues() -> list[Colleague]:
    """Return everybody: the sides first, then head office."""
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
    for person, name, rank, role in OFFICE:
        unit = f"{COMPANY}/{HEAD_OFFICE}"
        found.append(Colleague(person, name, rank, unit, "", _phone(next(phones)), role))
    return found


def client_sides() -> list[str]:
    """Return the sides of the client battle in the order of their places."""
    return [_side(department, team) for department, team, *_ in TEAMS if department == CLIENTS]


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
