"""What a plan says of deals, and how its faults are named."""

from fractions import Fraction

import pytest

from game.deal_terms import Calls, DealTerms, read_deals
from game.faults import Reader
from game.plan import parse_plan, template, template_names

TITLE = {"zh_Hans": "买存款", "zh_Hant": "買存款", "en": "Bought deposits"}


def read(value: object) -> tuple[DealTerms | None, list[str]]:
    reader = Reader()
    return read_deals(reader, value), [str(fault) for fault in reader.faults]


def test_a_plan_without_the_table_takes_no_deals_in() -> None:
    assert read(None) == (None, [])


def test_the_defaults_are_those_of_the_rules() -> None:
    assert read({}) == (DealTerms((), Calls()), [])
    calls = Calls()
    assert (calls.share, calls.watched_share) == (Fraction(1, 10), Fraction(3, 10))
    assert (calls.watched_score, calls.new_days, calls.failed_days) == (30, 14, 14)
    assert calls.weekly


def test_everything_is_read() -> None:
    found, faults = read(
        {
            "forbidden": [TITLE],
            "calls": {
                "share": "1/5", "watched_share": "1/1", "watched_score": 10, "new_days": 0,
                "failed_days": 7, "weekly": False,
            },
        }
    )  # fmt: skip
    assert faults == []
    assert found is not None
    assert [each.en for each in found.forbidden] == ["Bought deposits"]
    assert found.calls == Calls(Fraction(1, 5), Fraction(1), 10, 0, 7, weekly=False)


SHARE = 'expected "p/q" up to 1, such as "1/10", got'


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ({"call": {}}, 'deals.call: expected one of the keys forbidden, calls, got "call"'),
        ({"calls": {"share": "2/1"}}, f'deals.calls.share: {SHARE} "2/1"'),
        ({"calls": {"share": "0/0"}}, f'deals.calls.share: {SHARE} "0/0"'),
        ({"calls": {"share": 0.1}}, f"deals.calls.share: {SHARE} 0.1"),
        ({"calls": {"watched_share": "x"}}, f'deals.calls.watched_share: {SHARE} "x"'),
        ({"calls": {"weekly": 1}}, "deals.calls.weekly: expected true or false, got 1"),
        (
            {"calls": {"failed_days": 366}},
            "deals.calls.failed_days: expected a whole number ≤ 365, got 366",
        ),
        (
            {"forbidden": ["x"]},
            'deals.forbidden[0]: expected a table, got "x"',
        ),
        (
            {"forbidden": [TITLE] * 21},
            "deals.forbidden: expected at most 20 entries, got a list",
        ),
    ],
)
def test_a_fault_is_named(table: object, fault: str) -> None:
    assert read(table)[1] == [fault]


@pytest.mark.parametrize("name", template_names())
def test_each_template_names_what_is_forbidden(name: str) -> None:
    terms = parse_plan(template(name)).deals
    assert terms is not None
    assert len(terms.forbidden) >= 4
    assert terms.calls == Calls()
