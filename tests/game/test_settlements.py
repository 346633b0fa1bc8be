"""What a person is owed: tables of netting, periods and refusals; random months, a second way."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game import settlements
from game.commission_terms import CommissionRule, Tier
from game.commissions import Claim, accrue
from game.errors import RuleViolation
from game.ledger import land
from game.plan import Title
from game.settlement_terms import USUAL, Every, PersonTerms, SettlementTerms
from game.settlements import Line, Period, Statement, Terms

SHANGHAI = ZoneInfo("Asia/Shanghai")
JUNE = Period(
    "month", "2026-06", datetime(2026, 5, 31, 16, tzinfo=UTC), datetime(2026, 6, 30, 16, tzinfo=UTC)
)
TERMS = Terms("pk", 3, SettlementTerms())
ME = "0190b0a0-0000-7000-8000-000000000001"


def line(amount: int, kind: str = "commission", day: int = 1, **more: str) -> Line:
    at = JUNE.starts + timedelta(days=day)
    return Line(f"t{day:02d}{kind}{amount}", kind, at, amount, **more)


def stated(*lines: Line, carried: int = 0, terms: Terms = TERMS, **more: object) -> Statement:
    given: dict[str, object] = {"opening": carried, "carried": carried} | more
    return settlements.state(ME, "employee", JUNE, terms, lines, **given)  # type: ignore[arg-type]


# --- what is paid ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("earned", "carried", "netted", "payable", "carries"),
    [
        ([100], 0, 0, 100, 0),
        ([100, -30], 0, 0, 70, 0),
        ([100, -100], 0, 0, 0, 0),
        ([100, -130], 0, 0, 0, -30),
        ([-30], 0, 0, 0, -30),
        ([-30], -20, 0, 0, -50),
        # Earlier debt takes at most half; the odd 分 stays with the person.
        ([100], -20, 20, 80, 0),
        ([100], -50, 50, 50, 0),
        ([100], -51, 50, 50, -1),
        ([101], -90, 50, 51, -40),
        ([1], -90, 0, 1, -90),
        # What the same period takes back is set off wholly before that.
        ([100, -60], -100, 20, 20, -80),
        ([60, -60], -100, 0, 0, -100),
    ],
)
def test_debt_of_before_takes_at_most_half_of_what_a_period_earned(
    earned: list[int], carried: int, netted: int, payable: int, carries: int
) -> None:
    one = stated(*[line(each, day=n) for n, each in enumerate(earned, 1)], carried=carried)
    assert (one.netted, one.payable, one.carries) == (netted, payable, carries)


@pytest.mark.parametrize(("netting", "payable"), [("0", 100), ("1/3", 67), ("1", 0)])
def test_the_share_is_the_plan_s(netting: str, payable: int) -> None:
    terms = Terms("pk", 3, SettlementTerms(netting=Fraction(netting)))
    assert stated(line(100), carried=-500, terms=terms).payable == payable


def test_a_payment_is_shown_and_earns_nothing() -> None:
    one = stated(line(70), line(-200, "payment", 2), opening=200)
    assert (one.earned, one.payable, one.closing) == (70, 70, 70)
    assert [each.tax for each in one.lines] == ["incidental", ""]


def test_what_only_was_paid_is_no_statement() -> None:
    assert not settlements.is_stated([line(-200, "payment")])
    assert settlements.is_stated([line(-200, "payment"), line(-5, "commission_back")])


def test_each_kind_of_line_has_its_tax_class_and_what_takes_it_back_the_same() -> None:
    people = {**USUAL, "employee": PersonTerms("month", "wages", {"payout": "incidental"})}
    terms = Terms("pk", 3, SettlementTerms(people=people))
    one = stated(
        line(1000), line(-100, "commission_back", 2), line(333, "payout", 3), terms=terms,
        carried=-400,
    )  # fmt: skip
    assert {each.kind: each.tax for each in one.lines} == {
        "commission": "wages", "commission_back": "wages", "payout": "incidental",
    }  # fmt: skip
    # 1,233 less 400 in the proportion 900 : 333.
    assert [(each.tax, each.earned, each.payable) for each in one.taxes] == [
        ("incidental", 333, 225), ("wages", 900, 608),
    ]  # fmt: skip


def test_a_payment_leaves_debt_where_the_wallet_was_struck_since() -> None:
    posting = settlements.payment(ME, 100)
    assert [(leg.account, leg.amount) for leg in posting.legs] == [("paid", 100)]
    assert posting.credits == {ME: -100}


# --- bytes ----------------------------------------------------------------------------------


@given(st.permutations([line(5), line(-3, "commission_back", 2), line(9, "payout", 2)]))
def test_the_order_in_which_lines_are_read_changes_no_byte(lines: list[Line]) -> None:
    usual = [line(5), line(-3, "commission_back", 2), line(9, "payout", 2)]
    assert settlements.body(stated(*lines)) == settlements.body(stated(*usual))


def test_every_figure_of_a_statement_is_in_its_hash() -> None:
    bodies = {
        settlements.digest(settlements.body(one))
        for one in (
            stated(line(5)),
            stated(line(6)),
            stated(line(5), carried=-1),
            stated(line(5, "payout")),
            stated(line(5, corrects="2026-05")),
            stated(line(5), opening=7),
            stated(line(5), terms=Terms("pk", 4, SettlementTerms())),
        )
    }
    assert len(bodies) == 7
    one = stated(line(5))
    assert settlements.read_body(settlements.body(one)) == one


def test_the_bytes_of_a_statement_stay_what_they_were() -> None:
    """Whoever changes how a statement is written makes every old hash unreadable."""
    assert settlements.digest(settlements.body(stated(line(5)))).hex() == GOLDEN


GOLDEN = "0b8002353658c4d020c31eb9ef2f5f51cc0f87cc2537a5276fc402b88b243746"


# --- periods --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("every", "moment", "name"),
    [
        ("month", "2026-06-30T15:59:59+00:00", "2026-05"),
        ("month", "2026-06-30T16:00:00+00:00", "2026-06"),
        ("month", "2026-12-31T16:00:00+00:00", "2026-12"),
        ("quarter", "2026-06-30T15:59:59+00:00", "2026-Q1"),
        ("quarter", "2026-06-30T16:00:00+00:00", "2026-Q2"),
        ("quarter", "2026-12-31T16:00:00+00:00", "2026-Q4"),
    ],
)
def test_the_last_period_that_is_over_by_the_zone_s_midnight(
    every: Every, moment: str, name: str
) -> None:
    found = settlements.period_before(every, datetime.fromisoformat(moment), SHANGHAI)
    assert found.name == name
    assert settlements.period_of(every, found.starts, SHANGHAI) == found


def test_it_is_computed_and_paid_in_the_month_after() -> None:
    june = settlements.period_of("month", JUNE.starts, SHANGHAI)
    assert june == JUNE
    days = settlements.days_of(june, SettlementTerms(), SHANGHAI)
    assert days == (date(2026, 7, 5), date(2026, 7, 10))


# --- refusals -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("check", "code"),
    [
        (lambda: settlements.check_compute("2026-05"), "settlement_undecided"),
        (
            lambda: settlements.check_decide("approved", "a", None, approves=True),
            "settlement_decided",
        ),
        (
            lambda: settlements.check_decide("discarded", "a", None, approves=False),
            "settlement_decided",
        ),
        (lambda: settlements.check_decide("computed", "a", "a", approves=True), "own_settlement"),
        (lambda: settlements.check_pay("computed", 5, is_paid=False), "settlement_not_approved"),
        (lambda: settlements.check_pay("approved", 0, is_paid=False), "nothing_to_pay"),
        (lambda: settlements.check_pay("approved", 5, is_paid=True), "statement_paid"),
    ],
)
def test_what_may_not_be_is_refused_by_name(check: Callable[[], None], code: str) -> None:
    with pytest.raises(RuleViolation) as told:
        check()
    assert told.value.code == code


def test_what_may_be_is_not_refused() -> None:
    settlements.check_compute("")
    settlements.check_decide("computed", "a", None, approves=True)
    settlements.check_decide("computed", "a", "b", approves=True)
    settlements.check_decide("computed", "a", "a", approves=False)
    settlements.check_pay("approved", 5, is_paid=False)


# --- random months, calculated a second time -------------------------------------------------

RULE = CommissionRule(
    title=Title("佣", "佣", "c"), who="employee", part="seller", deals="all", from_lead=False,
    least_deal=0, units=(), not_units=(), partners=(), amount=0,
    tiers=(Tier(10_000_000, Fraction(1, 100)), Tier(None, Fraction(3, 200))), per="month",
    bonus=None, refund="below_zero",
)  # fmt: skip
EDGE = 10_000_000

Order = tuple[int, int | None]
"""分 of an order, and after how many months it is refunded; None: never."""

amounts = st.one_of(
    st.integers(1, 25_000_000),
    st.sampled_from([EDGE - 1, EDGE, EDGE + 1, EDGE // 2, 1, 33, 49, 50]),
)
orders = st.tuples(amounts, st.one_of(st.none(), st.integers(0, 2)))
months = st.lists(st.lists(orders, max_size=5), min_size=1, max_size=6)
shares = st.sampled_from([Fraction(0), Fraction(1, 3), Fraction(1, 2), Fraction(1)])


def by_the_rules(given_months: list[list[Order]], share: Fraction) -> list[tuple[int, int, int]]:
    """Return (payable, carries, what the wallet ends with) of each month, through the ledger's law.

    Each order and each refund is folded and posted as it happens; a month's payment is posted
    in the middle of the next one.
    """
    terms = Terms("pk", 1, SettlementTerms(netting=share))
    books = Books()
    found = []
    carried = opening = owed = 0
    for month in range(len(given_months) + 3):
        lines: list[Line] = []
        for number, (amount, _after) in enumerate(
            given_months[month] if month < len(given_months) else []
        ):
            lines += books.sell(month, number, amount)
        if owed:
            lines.append(books.post("payment", -owed))
        for sold, all_ in enumerate(given_months):
            for number, (_amount, after) in enumerate(all_):
                if after is not None and sold + after == month:
                    lines += books.refund(sold, number)
        one = settlements.state(
            ME, "employee", JUNE, terms, lines, opening=opening, carried=carried
        )
        assert one.closing == books.wallet - books.debt
        assert books.wallet >= 0
        assert one.closing == one.carries + one.payable
        carried, opening, owed = one.carries, one.closing, one.payable
        found.append((one.payable, one.carries, books.wallet))
    return found


class Books:
    """A person's deals by month, what was posted for each, and their wallet and debt."""

    def __init__(self) -> None:
        self.deals: dict[int, dict[int, int]] = {}
        self.posted: dict[tuple[int, int], int] = {}
        self.wallet = self.debt = self.count = 0

    def sell(self, month: int, number: int, amount: int) -> list[Line]:
        self.deals.setdefault(month, {})[number] = amount
        return self._fold(month)

    def refund(self, month: int, number: int) -> list[Line]:
        del self.deals[month][number]
        return self._fold(month)

    def _fold(self, month: int) -> list[Line]:
        due = {
            (month, int(each.claim.deal)): each.amount
            for each in accrue(
                Claim(
                    deal=f"{number:03d}", rule="r", person=ME, base=amount,
                    made_at=JUNE.starts + timedelta(hours=number), terms=RULE,
                    period=(JUNE.starts, JUNE.ends),
                )
                for number, amount in self.deals[month].items()
            )
        }  # fmt: skip
        keys = {key for key in self.posted if key[0] == month} | due.keys()
        changes = {key: due.get(key, 0) - self.posted.get(key, 0) for key in sorted(keys)}
        self.posted |= {key: due.get(key, 0) for key in keys}
        return [
            self.post("commission" if delta > 0 else "commission_back", delta)
            for delta in changes.values()
            if delta
        ]

    def post(self, kind: str, amount: int) -> Line:
        wallet, debt = land(amount, self.wallet, self.debt)
        self.wallet, self.debt, self.count = self.wallet + wallet, self.debt - debt, self.count + 1
        return Line(f"t{self.count:04d}", kind, JUNE.starts, amount)


def by_hand(given_months: list[list[Order]], share: Fraction) -> list[tuple[int, int]]:
    """Return (payable, debt left) of each month: cumulated sums in yuan, no lines, no wallet."""
    cumulated = stated_so_far = Decimal(0)
    rows = []
    for now in range(len(given_months) + 3):
        total = sum(
            (
                commission_by_hand(
                    [
                        Decimal(amount) / 100
                        for amount, after in each
                        if after is None or sold + after > now
                    ]
                )
                for sold, each in enumerate(given_months)
                if sold <= now
            ),
            Decimal(0),
        )
        earned, cumulated = total - cumulated, total
        due = cumulated - stated_so_far
        least = -(-int(earned * 100) * (share.denominator - share.numerator) // share.denominator)
        payable = max(due, Decimal(least) / 100, Decimal(0)) if earned > 0 else Decimal(0)
        stated_so_far += payable
        rows.append((int(payable * 100), int((cumulated - stated_so_far) * 100)))
    return rows


def commission_by_hand(sums: list[Decimal]) -> Decimal:
    """1 % of the first 100,000 yuan of a month and 1.5 % above, to the 分 for each deal."""
    whole = before = Decimal(0)
    for one in sums:
        below = max(Decimal(0), min(one, Decimal(100_000) - before))
        exact = below * Decimal("0.01") + (one - below) * Decimal("0.015")
        whole += exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
        before += one
    return whole


@given(months, shares)
def test_random_months_come_to_the_same_fen_when_calculated_a_second_way(
    given_months: list[list[Order]], share: Fraction
) -> None:
    first, second = by_the_rules(given_months, share), by_hand(given_months, share)
    assert [(payable, carries) for payable, carries, _wallet in first] == second
