"""The fold against a second, naive reading of plan.md, and against live's way of deciding."""

from collections import Counter
from datetime import timedelta
from fractions import Fraction
from math import floor

from hypothesis import event, given
from hypothesis import strategies as st

from game.plan import ActionRule, Cap, Multiplier
from game.points import Arrival, cap_window, decide_chain, fold
from tests.game.cast import PLAN, TITLE, action, at, changed

PEOPLE = ("Mei", "Bao", "Chen")
KINDS = ("k1", "k2")

caps = st.none() | st.builds(Cap, st.sampled_from(["day", "week", "month"]), st.integers(1, 3))
rules = st.builds(
    ActionRule, st.just(TITLE), st.integers(0, 9), caps, st.none() | st.sampled_from([1, 2, 30])
)
multipliers = st.builds(
    lambda kinds, start, days, times: Multiplier(kinds, at(start), at(start + days), times),
    st.sampled_from([("k1",), ("k2",), KINDS]),
    st.integers(0, 40),
    st.integers(1, 20),
    st.builds(Fraction, st.integers(1, 7), st.integers(1, 4)),
)
plans = st.builds(
    lambda first, second, factors: changed(
        PLAN, actions={"k1": first, "k2": second}, multipliers=tuple(factors)
    ),
    rules,
    rules,
    st.lists(multipliers, max_size=3),
)
# Few values of each, on a coarse clock, so that ties, caps and repeats are common.
moments = st.builds(
    lambda days, hours: at(days, hours=hours), st.integers(0, 60), st.sampled_from([0, 7, 16])
)
verdicts = st.sampled_from(["accepted", "struck", "pending"])
facts = st.builds(
    lambda number, kind, received, early, **rest: action(
        f"A{number}", kind, received, happened_at=received - timedelta(hours=early), **rest
    ),
    st.integers(1, 14),
    st.sampled_from([*KINDS, "none"]),
    moments,
    st.sampled_from([0, 0, 0, 5, -5]),
    by=st.sampled_from([*PEOPLE, "Nobody"]),
    customer=st.sampled_from(["C1", "C2", ""]),
    verdict=verdicts,
)


def naive(plan, facts):
    """plan.md, line by line, looking back over everything each time."""
    taken = sorted(
        enumerate(facts), key=lambda pair: (pair[1].received_at, pair[1].action, pair[0])
    )
    told = []
    for _, fact in taken:
        told.append((fact, *_naive_line(plan, fact, told)))
    return [(fact.action, outcome, points) for fact, outcome, points in told]


def _naive_line(plan, fact, told):
    before_the_cap = {
        "duplicate_action",
        "unknown_person",
        "unknown_kind",
        "happened_after_received",
    }
    if any(earlier.action == fact.action for earlier, _, _ in told):
        return "duplicate_action", 0
    if fact.person not in PEOPLE:
        return "unknown_person", 0
    if fact.kind not in plan.actions:
        return "unknown_kind", 0
    if fact.happened_at > fact.received_at:
        return "happened_after_received", 0
    rule = plan.actions[fact.kind]
    if rule.cap is not None:
        sent = [
            earlier
            for earlier, outcome, _ in told
            if (earlier.person, earlier.kind) == (fact.person, fact.kind)
            and outcome not in before_the_cap
            and _named_window(rule.cap.per, earlier) == _named_window(rule.cap.per, fact)
        ]
        if len(sent) >= rule.cap.most:
            return "cap_reached", 0
    if fact.verdict == "struck":
        return "struck", 0
    if rule.once_per_customer is not None and fact.customer:
        for earlier, outcome, _ in told:
            holds = outcome in {"scored", "pending"}
            same = (earlier.kind, earlier.customer) == (fact.kind, fact.customer)
            hours = (fact.received_at - earlier.received_at) / timedelta(hours=1)
            if holds and same and hours < 24 * rule.once_per_customer:
                return "duplicate_customer", 0
    if fact.verdict == "pending":
        return "pending", 0
    times = Fraction(1)
    for multiplier in plan.multipliers:
        fits = multiplier.from_ <= fact.received_at < multiplier.until
        times *= multiplier.times if fits and fact.kind in multiplier.actions else 1
    return "scored", floor(rule.points * times)


def _named_window(per, fact):
    """The window by its name, such as 2023-06 or 2023-W24, on Shanghai's clocks."""
    day = (fact.received_at + timedelta(hours=8)).date()
    return {"day": str(day), "week": day.isocalendar()[:2], "month": str(day)[:7]}[per]


def told(decisions):
    return [(made.action, made.outcome, made.points) for made in decisions]


@given(plans, st.lists(facts, max_size=25))
def test_the_fold_is_what_the_page_says(plan, actions):
    made = told(fold(plan, PEOPLE, actions))
    for outcome in Counter(outcome for _, outcome, _ in made):
        event(outcome)
    assert made == naive(plan, actions)


@given(plans, st.lists(facts, max_size=15, unique_by=lambda fact: fact.action), st.randoms())
def test_the_place_in_the_file_matters_only_between_equal_ids(plan, actions, chance):
    shuffled = list(actions)
    chance.shuffle(shuffled)
    assert told(fold(plan, PEOPLE, shuffled)) == told(fold(plan, PEOPLE, actions))


class Live:
    """The way of the live product: decide at receipt, decide a chain anew at each verdict."""

    def __init__(self, plan):
        self.plan = plan
        self.arrivals = {}
        self.posted = Counter()

    def receive(self, fact):
        rule = self.plan.actions[fact.kind]
        within_cap = True
        if rule.cap is not None:
            start, end = cap_window(rule.cap, fact.received_at, self.plan.zone)
            sent = [
                arrival
                for arrival in self.arrivals.values()
                if (arrival.fact.person, arrival.fact.kind) == (fact.person, fact.kind)
                and start <= arrival.fact.received_at < end
            ]
            within_cap = len(sent) < rule.cap.most
        self.arrivals[fact.action] = Arrival(fact, self.plan, within_cap)
        self._decide(fact)

    def decide(self, action_id, verdict):
        arrival = self.arrivals[action_id]
        fact = changed(arrival.fact, verdict=verdict)
        self.arrivals[action_id] = changed(arrival, fact=fact)
        self._decide(fact)

    def _decide(self, fact):
        """Post the difference for the chain of this action; nothing else moves."""
        for made in decide_chain(self._chain(fact)):
            self.posted[made.action] += made.points - self.posted[made.action]

    def _chain(self, fact):
        if not fact.customer:
            return [self.arrivals[fact.action]]
        chain = [
            arrival
            for arrival in self.arrivals.values()
            if (arrival.fact.kind, arrival.fact.customer) == (fact.kind, fact.customer)
        ]
        return sorted(chain, key=lambda arrival: (arrival.fact.received_at, arrival.fact.action))


admitted = facts.filter(
    lambda fact: (
        fact.person in PEOPLE and fact.kind in KINDS and fact.happened_at <= fact.received_at
    )
)


@given(
    plans,
    st.lists(admitted, max_size=14, unique_by=lambda fact: fact.action),
    st.lists(st.tuples(st.integers(0, 13), verdicts), max_size=20),
    st.randoms(),
)
def test_live_comes_to_the_same_points_whatever_the_order_of_reviews(plan, actions, minds, chance):
    in_order = sorted(actions, key=lambda fact: (fact.received_at, fact.action))
    live = Live(plan)
    for fact in in_order:
        live.receive(changed(fact, verdict="pending"))
    # Reviewers may change their mind on the way; what stands in the end decides.
    for place, verdict in minds:
        if place < len(in_order):
            live.decide(in_order[place].action, verdict)
    reviews = [(fact.action, fact.verdict) for fact in actions]
    chance.shuffle(reviews)
    for action_id, verdict in reviews:
        live.decide(action_id, verdict)
    assert {made.action: made.points for made in fold(plan, PEOPLE, actions)} == live.posted


@given(plans, st.lists(admitted, min_size=1, max_size=14, unique_by=lambda fact: fact.action))
def test_a_verdict_moves_nothing_outside_its_chain(plan, actions):
    before = {made.action: made for made in fold(plan, PEOPLE, actions)}
    first = actions[0]
    turned = [changed(first, verdict="struck"), *actions[1:]]
    for made in fold(plan, PEOPLE, turned):
        fact = made.fact
        same_chain = first.customer and (fact.kind, fact.customer) == (first.kind, first.customer)
        if fact.action != first.action and not same_chain:
            assert made == before[made.action]
