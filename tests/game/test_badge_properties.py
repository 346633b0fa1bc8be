"""The fold of badges against a naive reading of its rules, and what no history may break."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from game.badge_terms import TIERS, BadgeRule
from game.badges import Arrived, Fact, behind, first_of, firsts, fold, marks, reached
from tests.game.cast import PLAN, TITLE, at, changed

ZONE = PLAN.zone
KINDS = ("call", "visit", "chat")
PER = {"streak": ("day", "week"), "first": ("ever", "day", "week", "month")}

# A coarse clock, so that neighbours, gaps and ties are common; 16:00 UTC begins a day in Shanghai.
moments = st.builds(
    lambda day, hour: at(day, hours=hour), st.integers(0, 40), st.sampled_from([0, 15, 16])
)
actions = st.builds(
    Fact,
    source=st.just("action"),
    id=st.integers(1, 99).map("A{:02}".format),
    at=moments,
    kind=st.sampled_from(KINDS),
    points=st.integers(0, 9),
)
others = st.builds(
    Fact,
    source=st.sampled_from(["battle", "challenge", "referral", "reward"]),
    id=st.integers(1, 99).map("O{:02}".format),
    at=moments,
)
histories = st.lists(
    st.one_of(actions, actions, others), max_size=25, unique_by=lambda fact: fact.id
)


@st.composite
def rules(draw):
    by = draw(
        st.sampled_from(
            [
                "actions",
                "points",
                "kinds",
                "streak",
                "streak",
                "first",
                "battles_won",
                "rewards_redeemed",
            ]
        )
    )
    counts = draw(st.lists(st.integers(1, 8), min_size=1, max_size=3, unique=True).map(sorted))
    return BadgeRule(
        title=TITLE,
        story=TITLE,
        art="drop",
        by=by,
        actions=draw(st.lists(st.sampled_from(KINDS), min_size=1, unique=True).map(tuple)),
        per=draw(st.sampled_from(PER.get(by, ("ever",)))),
        grace=draw(st.integers(0, 2)) if by == "streak" else 0,
        tiers=dict(zip(TIERS, counts, strict=False)),
    )


badges = st.dictionaries(st.sampled_from(["a", "b"]), rules(), max_size=2)
versions = st.lists(
    st.tuples(st.integers(0, 40), badges), min_size=1, max_size=4, unique_by=lambda each: each[0]
).map(
    lambda listed: [
        (at(day), changed(PLAN, version=number, badges=of_version))
        for number, (day, of_version) in enumerate(sorted(listed, key=lambda each: each[0]), 1)
    ]
)


def firsts_in(folded, facts):
    """The firsts of somebody who is alone in the company."""
    company = [
        Arrived(fact.id, fact.kind, fact.at, is_scored=True)
        for fact in facts
        if fact.source == "action"
    ]
    return {
        (first_of(rule), action)
        for _, plan in folded
        for rule in plan.badges.values()
        if rule.by == "first"
        for action in firsts(rule, ZONE, company)
    }


def naive_count(rule, facts):
    """How far these facts bring a rule, looking at all of them at once."""
    if rule.by in ("battles_won", "rewards_redeemed"):
        source = {"battles_won": "battle", "rewards_redeemed": "reward"}[rule.by]
        return sum(fact.source == source for fact in facts)
    mine = [fact for fact in facts if fact.source == "action" and fact.kind in rule.actions]
    days = sorted({(fact.at + timedelta(hours=8)).date() for fact in mine})
    if rule.by == "points":
        return sum(fact.points for fact in mine)
    if rule.by == "kinds":
        return len({fact.kind for fact in mine})
    if rule.by == "first":
        return len({_period(rule.per, day) for day in days})
    if rule.by == "streak":
        return _longest(rule, days)
    return len(mine)


def _period(per, day):
    week = day.isocalendar()
    return {"ever": 0, "day": day, "week": (week.year, week.week), "month": (day.year, day.month)}[
        per
    ]


def _longest(rule, days):
    """The longest run of days or weeks in which no more than the grace is empty in a row."""
    if rule.per == "week":
        days = sorted({day - timedelta(days=day.weekday()) for day in days})
    step = 7 if rule.per == "week" else 1
    best = 0
    for start in range(len(days)):
        end = start
        while end + 1 < len(days) and (days[end + 1] - days[end]).days // step - 1 <= rule.grace:
            end += 1
        best = max(best, end - start + 1)
    return best


@given(versions, histories)
def test_the_fold_is_what_a_naive_reading_says(folded, facts):
    earned = {
        (each.badge, each.tier): each for each in fold(folded, facts, firsts_in(folded, facts))
    }
    ends = [since for since, _ in folded][1:]
    for name in ("a", "b"):
        for tier in TIERS:
            giving = [
                (plan.version, cut)
                for (_, plan), cut in zip(folded, [*ends, None], strict=True)
                if (rule := plan.badges.get(name))
                and tier in rule.tiers
                and naive_count(rule, [f for f in facts if cut is None or f.at < cut])
                >= rule.tiers[tier]
            ]
            assert ((name, tier) in earned) == bool(giving)
            if giving:
                assert earned[name, tier].version == giving[0][0]


@given(versions, histories, st.randoms())
def test_the_order_in_which_facts_are_told_does_not_matter(folded, facts, random):
    shuffled = random.sample(facts, len(facts))
    is_first = firsts_in(folded, facts)
    assert fold(folded, shuffled, is_first) == fold(folded, facts, is_first)


@given(rules(), histories)
def test_a_tier_is_reached_at_the_first_moment_at_which_it_is_due(rule, facts):
    folded = [(None, changed(PLAN, badges={"a": rule}))]
    for award in fold(folded, facts, firsts_in(folded, facts)):
        until = [
            f
            for f in facts
            if (f.at, f.source, f.id) <= (award.at, award.fact.source, award.fact.id)
        ]
        assert naive_count(rule, until) >= rule.tiers[award.tier]
        assert naive_count(rule, [f for f in until if f != award.fact]) < rule.tiers[award.tier]


@given(rules(), histories)
def test_the_facts_behind_a_tier_are_enough_for_it(rule, facts):
    is_first = firsts_in([(None, changed(PLAN, badges={"a": rule}))], facts)
    found = marks(rule, ZONE, facts, is_first)
    for tier, mark in reached(rule, found).items():
        on_these = marks(rule, ZONE, behind(found, mark), is_first)
        assert reached(rule, on_these)[tier].fact == mark.fact


@given(versions, badges, histories)
def test_a_launch_takes_nothing_away_from_what_was_earned(folded, of_version, facts):
    later = [*folded, (at(50), changed(PLAN, version=9, badges=of_version))]
    is_first = firsts_in(later, facts)
    before = {(award.badge, award.tier) for award in fold(folded, facts, is_first)}
    after = {(award.badge, award.tier) for award in fold(later, facts, is_first)}
    assert before <= after
