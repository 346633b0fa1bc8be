"""Old customers, friends and a partner: links, coupons in every state, a deal that was refunded."""

from collections.abc import Callable
from datetime import date, time, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from game.plan import template
from game.plan_text import with_answers
from server.actions import customer_imports
from server.coupons import codes, queries
from server.coupons import commands as coupons
from server.coupons.commands import Sale
from server.demo import company
from server.demo.stage import Stage
from server.kit import clock, db
from server.people.stores import store_of
from server.plans import commands as plans
from server.referrals import commands as referrals
from server.referrals import exclusives, partners
from server.referrals.commands import Seen
from server.referrals.queries import Invitation

PLAN: Final = "word-of-mouth"
CAMPAIGN: Final = "friends"
LAUNCHER: Final = "H06"
DESK: Final = "H03"
LASTS: Final = timedelta(days=120)
TAKEN_BACK: Final = "重复发放，换成新的一张"
REFUNDED: Final = "客人改期，全额退款"
(ZHOU, WU, QIAN), FRIENDS, PARTNER = company.OLD, company.FRIENDS, company.PARTNER


class Story:
    """Who invites whom on its stage, and what becomes of it."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._receipts = iter(range(451, 10_000))
        self._orders: dict[str, UUID] = {}

    async def launch(self, starts: date) -> None:
        """Launch the plan, its campaign running from the first day of the story on."""
        begins = self.stage.moment(starts, time())
        path = f"campaigns.{CAMPAIGN}"
        answers = {f"{path}.starts": begins, f"{path}.ends": begins + LASTS}
        drafted = await plans.draft(with_answers(template(PLAN), answers), self.stage.id(LAUNCHER))
        await plans.launch(PLAN, drafted.version, self.stage.id(LAUNCHER))

    async def know_old_customers(self) -> None:
        """Import who bought before, as an administrator does."""
        bought = self.stage.days_ago(400)
        rows = [f"{each.phone},{bought},{each.name}" for each in company.OLD]
        body = "\n".join(["phone,first_order_date,name", *rows])
        await customer_imports.import_customers(body.encode())

    async def invite(self, person: str) -> Invitation:
        """Return somebody's link, made at the first time."""
        return await referrals.invite(self.stage.id(person), PLAN, CAMPAIGN, Seen())

    async def claim(self, inviter: str, friend: str) -> None:
        """Let a friend open somebody's link and take the coupons."""
        link = await self.invite(inviter)
        await referrals.click(link)
        await referrals.claim(link.code, self.stage.id(friend), Seen())

    async def buy(self, customer: str, rule: str, amount: int, cashier: str) -> None:
        """Let a customer redeem a coupon in the store of a cashier."""
        held = await db.value(
            "SELECT id FROM coupon WHERE holder = $1 AND rule = $2 AND state = 'issued'"
            " ORDER BY id LIMIT 1",
            self.stage.id(customer), rule,
        )  # fmt: skip
        self._orders[customer] = await redeem(held, cashier, self.stage.id, amount, self._receipt())

    async def refund(self, customer: str, by: str) -> None:
        """Refund what a customer bought last."""
        await coupons.refund(self._orders[customer], self.stage.id(by), REFUNDED)

    async def give(self, holder: str, rule: str, name: str, days: int | None = None) -> UUID:
        """Give somebody a coupon as a present, good for so many days."""
        ends = None if days is None else await clock.now() + timedelta(days=days)
        version = await db.value("SELECT max(version) FROM plan WHERE id = $1", PLAN)
        return await coupons.issue(
            self.stage.id(holder), PLAN, version, rule,
            source="gift", reference=f"demo:{name}", expires_at=ends,
        )  # fmt: skip

    async def give_and_revoke(self) -> None:
        """Give a coupon twice by mistake, and take one back."""
        given = await self.give(ZHOU.phone, "premium_service", "twice")
        await coupons.revoke(given, TAKEN_BACK, self.stage.id(DESK))

    async def bring_partner_in(self) -> None:
        """Make the partner, who accepts the agreement and takes a code."""
        partner = await partners.make(PARTNER.name, PARTNER.phone, "ally", self.stage.id(DESK))
        await referrals.accept_agreement(partner, PLAN, CAMPAIGN, 1)
        await self.invite(PARTNER.phone)

    async def offer(self, person: str) -> None:
        """Let a colleague offer the exclusive coupon on a page of their own."""
        link = await self.invite(person)
        await exclusives.offer(link, is_on=True)
        await exclusives.greet(link, "我在东门店，来了报我的名字，我给你泡茶")

    def _receipt(self) -> str:
        return f"{next(self._receipts):04}"


async def redeem(
    coupon: UUID, cashier: str, id_of: Callable[[str], UUID], amount: int, receipt: str
) -> UUID:
    """Redeem a coupon as the till of a cashier's store does; returns the order."""
    by = id_of(cashier)
    store = await store_of(by)
    if store is None:
        raise LookupError(f"{cashier} works in no store")
    sale = Sale(store=store, receipt=receipt, amount=amount, by=by, source="till")
    one = await queries.coupon(coupon)
    return await coupons.redeem(codes.index_of(codes.token_of(one.id)), sale)


def plan(stage: Stage, begins: date) -> None:
    """Plan the launch, three customers' referrals at different steps, and coupons in each state."""
    story, ago, noon = Story(stage), stage.days_ago, time(12, 20)
    stage.on(begins, time(9, 20), story.know_old_customers)
    stage.on(begins, time(9, 30), partial(story.launch, begins))
    first, second, third, fourth, *burst, walker, last = (each.phone for each in FRIENDS)

    # 周女士: one friend's deal is rewarded, another has only claimed; her coupons of each state.
    stage.on(ago(20), noon, partial(story.give, ZHOU.phone, "exclusive", "past", 5))
    stage.on(ago(14), noon, partial(story.claim, ZHOU.phone, first))
    stage.on(ago(12), noon, partial(story.buy, first, "newcomer", 128_000, "S103"))
    stage.on(ago(10), noon, story.give_and_revoke)
    stage.on(ago(8), noon, partial(story.buy, ZHOU.phone, "first_step", 89_900, "S102"))
    stage.on(ago(4), noon, partial(story.give, ZHOU.phone, "free_service", "service"))
    stage.on(ago(2), noon, partial(story.claim, ZHOU.phone, second))
    # 吴先生: claimed only.
    stage.on(ago(1), noon, partial(story.claim, WU.phone, third))
    # A colleague's deal, refunded: the points went back, and the statement says why.
    stage.on(ago(9), noon, partial(story.claim, company.CAST[0].person, fourth))
    stage.on(ago(7), noon, partial(story.buy, fourth, "newcomer", 156_000, "S201"))
    stage.on(ago(5), noon, partial(story.refund, fourth, "S201"))
    # 钱女士: three friends within the hour, so that the reward of the third is looked at first.
    began = stage.now - timedelta(hours=3)
    for nth, friend in enumerate(burst):
        stage.at(began + timedelta(minutes=7 * nth), partial(story.claim, QIAN.phone, friend))
    stage.at(
        began + timedelta(minutes=40),
        partial(story.buy, burst[-1], "newcomer", 236_000, "S103"),
    )
    # The partner and a colleague's own page.
    stage.on(ago(18), noon, story.bring_partner_in)
    stage.on(ago(11), noon, partial(story.claim, PARTNER.phone, walker))
    stage.on(ago(6), noon, partial(story.offer, "S102"))
    stage.on(ago(3), noon, partial(story.give, last, "thanks", "walk-in"))
