"""Deals: links, checks, and the draw of call-backs (D8, I4, I6)."""

import hashlib
import hmac
from collections import Counter
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game import deals as rules
from game.deal_terms import Calls
from game.deals import Draw, LeadFacts, Seller
from game.errors import RuleViolation

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
CALLS = Calls()
SECRET = hashlib.sha256(b"a day").digest()
OLD = Seller(days=100, score=0, failed_days=None, lowest="0" * 64)
"""Somebody whose week has its lowest number already."""


def refused(code: str) -> pytest.RaisesExc[RuleViolation]:
    return pytest.raises(RuleViolation, check=lambda error: error.code == code)


@pytest.mark.parametrize(
    ("typed", "number"),
    [("ht-2026-118", "HT-2026-118"), (" ＨＴ 118\n", "HT118"), ("合同 7 号", "合同7号")],
)
def test_a_contract_has_one_number(typed: str, number: str) -> None:
    assert rules.contract_number(typed) == number


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("  ", "contract_missing"),
        ("x" * 41, "contract_unreadable"),
        ("a\u0007b", "contract_unreadable"),
    ],
)
def test_what_is_no_number_of_a_contract(typed: str, code: str) -> None:
    with refused(code):
        rules.contract_number(typed)


@pytest.mark.parametrize(
    ("amount", "made_at", "code"),
    [
        (0, NOON, "deal_amount_unreadable"),
        (-1, NOON, "deal_amount_unreadable"),
        (rules.AMOUNT_MAX + 1, NOON, "deal_amount_unreadable"),
        (1, NOON + timedelta(seconds=1), "deal_in_the_future"),
        (1, NOON - timedelta(days=366, seconds=1), "deal_too_old"),
    ],
)
def test_what_is_no_deal(amount: int, made_at: datetime, code: str) -> None:
    with refused(code):
        rules.check_report(amount, made_at, NOON)
    rules.check_report(1, NOON - timedelta(days=366), NOON)
    rules.check_report(rules.AMOUNT_MAX, NOON, NOON)


def lead(
    customer: str = "tel:1", stage: str = "visiting", days: int = -3, *, held: bool = False
) -> LeadFacts:
    return LeadFacts(customer, stage, held, NOON + timedelta(days=days))


@pytest.mark.parametrize(
    ("found", "proof", "linked"),
    [
        (lead(), "", "number"),
        (lead(stage="submitted"), "", "number"),
        # The same day, an hour after the deal: the customer was in the shop.
        (LeadFacts("tel:1", "valid", False, NOON + timedelta(hours=1)), "", "number"),
        (lead(days=1), "signed at the fair, typed in the day after", "hand"),
        (lead("tel:2"), "the contract is in her husband's name", "hand"),
    ],
)
def test_a_lead_is_linked_where_it_fits_or_with_a_proof(
    found: LeadFacts, proof: str, linked: str
) -> None:
    assert rules.check_link(found, "tel:1", NOON, ZONE, proof) == linked


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (lead("tel:2"), "link_needs_proof"),
        (lead(days=1), "link_needs_proof"),
        (lead(held=True), "lead_not_valid"),
        *[(lead(stage=stage), "lead_not_valid") for stage in ("duplicate", "invalid", "withdrawn")],
    ],
)
def test_a_lead_that_is_not_linked(found: LeadFacts, code: str) -> None:
    with refused(code):
        rules.check_link(found, "tel:1", NOON, ZONE, " ")


@pytest.mark.parametrize(
    ("stage", "held", "code"),
    [
        ("submitted", False, "lead_not_reviewed"),
        ("valid", True, "lead_not_valid"),
        ("invalid", False, "lead_not_valid"),
        ("withdrawn", False, "lead_not_valid"),
    ],
)
def test_a_deal_is_not_checked_while_its_lead_does_not_stand(
    stage: str, held: bool, code: str
) -> None:
    with refused(code):
        rules.check_lead(stage, is_held=held)
    for good in ("valid", "assigned", "contacted", "visiting", "deal", "lost"):
        rules.check_lead(good, is_held=False)


@pytest.mark.parametrize(
    ("state", "allowed", "code"),
    [
        ("checked", ("reported",), "deal_checked"),
        ("counted", ("reported",), "deal_checked"),
        ("reported", ("checked", "counted"), "deal_not_checked"),
        *[
            (end, ("reported", "checked", "counted"), "deal_closed")
            for end in ("refused", "struck", "refunded")
        ],
    ],
)
def test_nothing_comes_too_early_or_too_late(
    state: str, allowed: tuple[str, ...], code: str
) -> None:
    with refused(code):
        rules.check_state(state, *allowed)
    rules.check_state(allowed[0], *allowed)


def test_nobody_checks_a_deal_of_their_own() -> None:
    with refused("own_deal"):
        rules.check_hands("a", {"a", None})
    rules.check_hands("b", {"a", None})


def test_every_forbidden_practice_is_ruled_out() -> None:
    rules.check_ruled_out([2, 0, 1], 3)
    rules.check_ruled_out([], 0)
    with pytest.raises(RuleViolation) as left:
        rules.check_ruled_out([0, 7], 3)
    assert (left.value.code, left.value.facts) == ("practices_open", {"n": 2})


# The draw.


def test_the_number_is_what_anybody_with_the_secret_computes() -> None:
    # printf 'deal-1' | openssl dgst -sha256 -mac HMAC -macopt hexkey:00…1f
    secret = bytes(range(32))
    assert rules.number(secret, "deal-1") == hmac.new(secret, b"deal-1", "sha256").hexdigest()
    assert rules.number(secret, "deal-1") == (
        "ba7b4ab1459084e17b33de2944ddd8320e000cbe5af6da42ae7a3d34cd49d61b"
    )


def numbers(secret: bytes = SECRET, n: int = 10_000) -> list[str]:
    return [rules.number(secret, f"deal-{place}") for place in range(n)]


def chi_squared(counts: list[int], expected: list[float]) -> float:
    return sum((count - hope) ** 2 / hope for count, hope in zip(counts, expected, strict=True))


def test_the_draw_is_uniform() -> None:
    """χ² of 10,000 consecutive deals, at p = 0.001: 27.88 for ten places, 16.27 for four cells."""
    places = Counter(int(each, 16) % 10 for each in numbers())
    assert chi_squared([places[place] for place in range(10)], [1000.0] * 10) < 27.88


def test_neither_the_day_nor_what_was_drawn_before_tells_anything() -> None:
    today, another = numbers(), numbers(hashlib.sha256(b"another day").digest())
    drawn = [rules.draw(CALLS, each, OLD).why != "" for each in today]
    other = [rules.draw(CALLS, each, OLD).why != "" for each in another]
    expected = [100.0, 900.0, 900.0, 8100.0]
    for pairs in (zip(drawn, other, strict=True), zip(drawn[1:], drawn, strict=False)):
        cells = Counter(pairs)
        found = [cells[one, two] for one in (True, False) for two in (True, False)]
        assert chi_squared(found, expected) < 16.27


@pytest.mark.parametrize(
    ("seller", "escaped", "standing", "share"),
    [
        (OLD, False, "usual", Fraction(1, 10)),
        (None, False, "usual", Fraction(1, 10)),
        (OLD._replace(days=13), False, "new", Fraction(3, 10)),
        (OLD._replace(days=14), False, "usual", Fraction(1, 10)),
        (OLD._replace(score=30), False, "watched", Fraction(3, 10)),
        (OLD._replace(score=29), False, "usual", Fraction(1, 10)),
        (OLD._replace(failed_days=0), False, "failed", Fraction(1)),
        (OLD._replace(failed_days=13), False, "failed", Fraction(1)),
        (OLD._replace(failed_days=14), False, "usual", Fraction(1, 10)),
        (OLD, True, "again", Fraction(1)),
        (None, True, "again", Fraction(1)),
    ],
)
def test_how_closely_a_deal_is_looked_at(
    seller: Seller | None, escaped: bool, standing: str, share: Fraction
) -> None:
    for drawn in numbers(n=200):
        found = rules.draw(CALLS, drawn, seller, escaped=escaped)
        assert found[:2] == (standing, share)
        assert (found.why == "share") == (int(drawn, 16) % 10 < share * 10)


def test_a_share_of_nought_or_one_is_kept() -> None:
    none = Calls(share=Fraction(0), watched_share=Fraction(0), weekly=False)
    every = Calls(share=Fraction(1))
    for drawn in numbers(n=100):
        assert rules.draw(none, drawn, OLD) == Draw("usual", Fraction(0), "")
        assert rules.draw(every, drawn, OLD).why == "share"


def week(drawn: list[str], calls: Calls = CALLS) -> list[Draw]:
    """Draw the deals of one seller and week one after another."""
    found, lowest = [], None
    for each in drawn:
        found.append(rules.draw(calls, each, OLD._replace(lowest=lowest)))
        lowest = min(each, lowest or each)
    return found


@given(st.lists(st.binary(min_size=1, max_size=8), min_size=1, max_size=30, unique=True))
def test_at_least_one_deal_of_each_week_is_called_back(ids: list[bytes]) -> None:
    drawn = [rules.number(SECRET, each.hex()) for each in ids]
    found = week(drawn, Calls(share=Fraction(0), watched_share=Fraction(0)))
    # The lowest of the whole week is among them, at whatever place it came; so is the first.
    assert found[drawn.index(min(drawn))].why == "week"
    assert found[0].why == "week"
    assert not any(each.why for each in week(drawn, Calls(Fraction(0), Fraction(0), weekly=False)))


def test_no_place_in_a_week_is_safe() -> None:
    """Whichever of five deals a seller would hide, it is drawn as often as a fifth at least."""
    hidden = Counter[int]()
    for turn in range(2_000):
        drawn = [rules.number(SECRET, f"{turn}-{place}") for place in range(5)]
        for place, one in enumerate(week(drawn, Calls(share=Fraction(0)))):
            hidden[place] += one.why != ""
    # The n-th is the lowest so far once in n times: 1, 1/2, 1/3, 1/4, 1/5.
    expected = [2_000 / (place + 1) for place in range(5)]
    for place in range(1, 5):
        cells = [hidden[place], 2_000 - hidden[place]]
        assert chi_squared(cells, [expected[place], 2_000 - expected[place]]) < 10.83
