"""What colleagues meet and write: customers who go from class to class, notes, reasons."""

from datetime import timedelta
from random import Random
from typing import Final, NamedTuple

NEXT_CLASS: Final = {"client_c": "client_b", "client_b": "client_a"}
OFTEN: Final = {
    "client_c": 68,
    "client_b": 26,
    "client_a": 6,
    "school_channel": 16,
    "agency_channel": 20,
    "personal_channel": 40,
    "placement": 24,
}
"""How often each kind is reported, compared with the others of its battle."""

NOTES: Final = {
    "client_c": ("加了采购主管的微信", "电话聊了二十分钟，愿意看方案", "展会上换了名片", ""),
    "client_b": ("周四下午上门谈", "要二十名仓储，已约见", "看过报价，下周带团队来", ""),
    "client_a": ("合同已回传，押金到账", "签一年，首批十五人"),
    "school_channel": ("实习协议盖章了", "就业办已签字"),
    "agency_channel": ("首批三人到岗第三天", "补签了代招协议"),
    "personal_channel": ("老乡介绍的，在岗第三天", "前同事带来的人", ""),
    "placement": ("到岗第三天，班组长已确认", "住宿办好，已排班", ""),
}
STARTERS: Final = {"agency_channel": 3, "personal_channel": 1, "placement": 1}
"""How many people on the job each of these kinds names (C2)."""
ON_THE_JOB: Final = timedelta(days=4)
STRIKES: Final = (
    "电话打过去是空号",
    "聊天截图看不出关键人",
    "和上周登记的是同一家",
    "还没有约到时间",
)
AUDIT_STRIKES: Final = ("回访：客户说没有见过面", "协议缺盖章页", "在岗未满三天")
AGAIN_PERCENT: Final = 2
KNOWN_MAX: Final = 12


class Visit(NamedTuple):
    """One thing to report."""

    kind: str
    customer: str
    note: str
    starters: tuple[str, ...] = ()
    """Who started work some days ago, each a new one."""


class Book:
    """What one colleague knows of customers; `dice` decides what happens next."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self._known: list[tuple[str, str]] = []

    def next_visit(self, kinds: list[str]) -> Visit:
        """Return what the colleague reports next, of these kinds."""
        dice = self._dice
        kind = dice.choices(kinds, [OFTEN.get(each, 10) for each in kinds])[0]
        customer = self._grown(kind) or f"KH{dice.randrange(10**6, 10**7)}"
        if kind in NEXT_CLASS:
            self._known = [*self._known[-KNOWN_MAX:], (NEXT_CLASS[kind], customer)]
        started = [f"{customer}-{nth}" for nth in range(STARTERS.get(kind, 0))]
        return Visit(kind, customer, dice.choice(NOTES.get(kind, ("",))), tuple(started))

    def _grown(self, kind: str) -> str | None:
        """Take the earliest customer who is ready for this class; rarely one is told twice."""
        if self._known and self._dice.randrange(100) < AGAIN_PERCENT:
            return self._known[-1][1]
        for place, (ready_for, customer) in enumerate(self._known):
            if ready_for == kind:
                del self._known[place]
                return customer
        return None
