"""From leads to money: last month's deals paid and settled, this month's leads at every step."""

from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, Final, NamedTuple
from uuid import UUID

from game.errors import RuleViolation
from game.leads import Verdict
from server.deals import commands as deals
from server.deals import queries as sold
from server.deals.commands import Sale
from server.demo.company import ACCOUNTANT, CAST, PLAN, REVIEWER
from server.demo.stage import Stage
from server.kit import clock, db
from server.leads import commands as leads
from server.leads import follow, reviewing, watching
from server.leads.commands import Submission
from server.plans import queries as plans
from server.settlements import commands as settlements

EVERYDAY: Final = "full-participation"
CHECKER, SERVICE, FINANCE, SALES = "H03", "H07", "H05", frozenset({"sales"})
ME: Final = CAST[0].person
COMPUTED_ON, PAID_ON = 5, 9
"""Days of a month on which the month before is computed and approved, and paid."""


class Won(NamedTuple):
    """A lead of last month that became a deal: when and by whom reported, who, for how much."""

    day: int
    reporter: str
    name: str
    need: str
    channel: str
    amount: int


WON: Final = (
    Won(2, ME, "徐女士", "first_buy", "friend", 6_800_000),
    Won(4, "S101", "潘先生", "group_buy", "store", 18_600_000),
    Won(7, "K104", "马女士", "buy_again", "old_customer", 4_280_000),
    Won(9, "Z103", "唐先生", "visit_store", "online", 2_360_000),
    Won(12, ME, "韩先生", "group_buy", "old_customer", 9_900_000),
    Won(16, "K503", "曾女士", "first_buy", "friend", 3_150_000),
)
REFUNDED: Final = "曾女士"
REFUND: Final = "客户搬去外地，合同解除，全额退款"


class Now(NamedTuple):
    """A lead of these days: so many hours ago, reported by whom, and how far it came."""

    hours: float
    reporter: str
    name: str
    need: str
    note: str
    upto: str


NOW: Final = (
    Now(150, ME, "郝女士", "outsourcing", "仓库二十人，想整体外包", "counted"),
    Now(130, "K601", "江先生", "recruiting", "新厂开工，要招五十人", "reported"),
    Now(110, "K202", "文女士", "recruiting", "门店开业，先招八名导购", "called"),
    Now(96, "Z201", "庄先生", "jobs", "做过三年叉车", "lost"),
    Now(74, ME, "阮女士", "recruiting", "看过报价，约周四带团队来", "visiting"),
    Now(52, "K503", "未留姓名", "recruiting", "路边名片上的号码", "invalid"),
    Now(46, ME, "薛先生", "outsourcing", "食堂外包，合同年底到期", "contacted"),
    Now(30, "K401", "苗女士", "recruiting", "展会上聊过，让我们周内回电", "assigned"),
    Now(27, "Z104", "盛先生", "interns", "学校想送四十名学生来实习", "assigned"),
    Now(20, "K302", "滕女士", "recruiting", "朋友的公司，要三名文员", "assigned"),
    Now(5, "K205", "水先生", "jobs", "住在附近，想上夜班", "submitted"),
    Now(2, "S102", "纪女士", "outsourcing", "保洁想整包出去", "submitted"),
    Now(0.4, ME, "向先生", "recruiting", "刚通完电话，急招两名司机", "submitted"),
)
RIVAL: Final = "K104"
RIVAL_NAME: Final = "薛总"
SUSPECT: Final = "K305"
SUSPECTED: Final = 8
DEVICE: Final = "one-phone"
"""From one device five leads a day are usual: what comes after them is held."""
LOST: Final = "已经在别家入职了"
INVALID: Final = "打过去是空号"
CHANNELS: Final = {
    "recruiting": "visit",
    "outsourcing": "client",
    "interns": "fair",
    "jobs": "friend",
}


class Story:
    """Who reports whom on its stage, and how it goes on."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._leads: dict[str, UUID] = {}
        self._deals: dict[str, UUID] = {}
        self._phones: dict[str, str] = {}
        self._run: UUID | None = None

    def phone(self, name: str) -> str:
        """Return the number of a customer, always the same one."""
        return self._phones.setdefault(name, f"199000{30_000 + len(self._phones)}")

    async def submit(
        self, reporter: str, plan: str, name: str, phone: str = "", **said: Any
    ) -> None:
        """Report somebody as a lead; `phone` where their number is another's."""
        submission = Submission(plan=plan, name=name, agrees=True, **said)
        number = phone or self.phone(name)
        received = await leads.submit(self.stage.id(reporter), number, submission)
        self._leads[name] = received.lead

    async def review(self, name: str, verdict: Verdict, reason: str = "") -> None:
        """Review a lead, by whoever of operations is not a visitor's."""
        by = self.stage.id(REVIEWER)
        await reviewing.review(self._leads[name], by, verdict, reason)

    async def step(self, name: str, to: str, note: str = "") -> None:
        """Let whoever follows a lead up take a step."""
        lead = self._leads[name]
        owner = await db.value("SELECT owner FROM lead WHERE id = $1", lead)
        await follow.step(lead, to, owner, SALES, note)

    async def sell(self, name: str, plan: str, amount: int) -> None:
        """Let whoever follows a lead up report its deal."""
        owner = await db.value("SELECT owner FROM lead WHERE id = $1", self._leads[name])
        made_at = await clock.now()
        sale = Sale(
            plan=plan, contract=f"HT{made_at:%m%d}{len(self._deals) + 101}", name=name,
            customer=self.phone(name), amount=amount, made_at=made_at, seller=owner,
        )  # fmt: skip
        self._deals[name] = await deals.report(owner, sale)

    async def check(self, name: str) -> None:
        """Check a deal, every forbidden practice ruled out."""
        deal = self._deals[name]
        one = await sold.deal(deal)
        rules = (await plans.plan_version(one.plan, one.plan_version)).plan
        practices = range(len(rules.deals.forbidden) if rules.deals else 0)
        await deals.check(deal, self.stage.id(CHECKER), practices)

    async def call_back(self, name: str) -> None:
        """Call the customer of a deal back, if it was drawn."""
        if (await sold.deal(self._deals[name])).call == "waiting":
            said = "本人确认，金额和日期都对"
            await deals.called(self._deals[name], self.stage.id(SERVICE), "confirmed", said)

    async def verify(self, name: str) -> None:
        """Find a deal genuine as finance."""
        await deals.verify(self._deals[name], self.stage.id(FINANCE))

    async def refund(self, name: str) -> None:
        """Take a deal back that was paid long ago."""
        await deals.reverse(self._deals[name], self.stage.id(CHECKER), "refunded", REFUND)

    async def watch(self, name: str) -> None:
        """Let whoever came second hear when the customer is free again."""
        await watching.watch(self._leads[name], self.stage.id(RIVAL))

    async def settle(self) -> None:
        """Compute what last month came to, as the clock does."""
        try:
            self._run = await settlements.compute("month", None)
        except RuleViolation:
            # The story begins in this month: there is nothing to settle.
            self._run = None

    async def approve(self) -> None:
        """Approve it."""
        if self._run:
            await settlements.approve(self._run, self.stage.id(ACCOUNTANT))

    async def pay(self) -> None:
        """Mark it as paid."""
        if self._run:
            await settlements.pay_all(self._run, self.stage.id(ACCOUNTANT))


def plan(stage: Stage, begins: date) -> None:
    """Plan last month's deals, the months' settlements, and the leads of these days."""
    story = Story(stage)
    this = stage.today.replace(day=1)
    last = (this - timedelta(days=1)).replace(day=1)
    for each in WON:
        _plan_won(story, last, each)
    for month in {last, this} - {begins}:
        stage.on(month.replace(day=COMPUTED_ON), time(9), story.settle)
        stage.on(month.replace(day=COMPUTED_ON), time(15), story.approve)
        stage.on(month.replace(day=PAID_ON), time(10), story.pay)
    stage.at(stage.now - timedelta(hours=21), partial(story.refund, REFUNDED))
    for one in NOW:
        _plan_now(story, one)
    second = stage.now - timedelta(hours=45)
    same = next(each.name for each in NOW if each.upto == "contacted")
    report = partial(story.submit, RIVAL, PLAN, RIVAL_NAME, story.phone(same), tags=["outsourcing"])
    stage.at(second, report)
    stage.at(second + timedelta(minutes=2), partial(story.watch, RIVAL_NAME))
    for nth in range(SUSPECTED):
        said: dict[str, Any] = {"tags": ["recruiting"], "note": "群里加的", "device": DEVICE}
        moment = stage.moment(stage.days_ago(1), time(16)) + timedelta(seconds=30 * nth)
        stage.at(moment, partial(story.submit, SUSPECT, PLAN, f"群友{nth + 1}", **said))


def _plan_won(story: Story, month: date, won: Won) -> None:
    stage, day = story.stage, month.replace(day=won.day)

    def on(days: int, hour: int, scene: Any, *said: Any, **more: Any) -> None:
        stage.on(day + timedelta(days=days), time(hour), partial(scene, *said, **more))

    said = {"tags": [won.need], "channel": won.channel}
    on(0, 10, story.submit, won.reporter, EVERYDAY, won.name, **said)
    on(0, 14, story.review, won.name, "valid")
    on(1, 9, story.step, won.name, "contacted", "已联系，约好见面")
    on(2, 15, story.step, won.name, "visiting", "来看过，当场问了价")
    on(4, 11, story.sell, won.name, EVERYDAY, won.amount)
    on(4, 16, story.check, won.name)
    on(5, 10, story.call_back, won.name)
    on(6, 10, story.verify, won.name)


def _plan_now(story: Story, one: Now) -> None:
    """Plan how a lead of these days comes as far as it is to come."""
    stage, began = story.stage, story.stage.now - timedelta(hours=one.hours)

    def after(hours: float, scene: Any, *said: Any, **more: Any) -> datetime:
        moment = began + timedelta(hours=hours)
        stage.at(moment, partial(scene, *said, **more))
        return moment

    said = {"tags": [one.need], "note": one.note, "channel": CHANNELS[one.need]}
    after(0, story.submit, one.reporter, PLAN, one.name, **said)
    if one.upto == "submitted":
        return
    if one.upto == "invalid":
        after(3, story.review, one.name, "invalid", INVALID)
        return
    after(3, story.review, one.name, "valid")
    if one.upto == "assigned":
        return
    after(6, story.step, one.name, "contacted", "已联系，愿意看方案")
    if one.upto == "contacted":
        return
    if one.upto == "lost":
        after(50, story.step, one.name, "lost", LOST)
        return
    after(28, story.step, one.name, "visiting", "约见过，需求清楚了")
    if one.upto == "visiting":
        return
    after(70, story.sell, one.name, PLAN, 3_600_000)
    if one.upto == "reported":
        return
    after(76, story.check, one.name)
    if one.upto == "counted":
        after(96, story.call_back, one.name)
