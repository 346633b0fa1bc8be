"""The fold against a second, naive reading of plan.md, and against live's way of deciding."""

from collections import Counter
from datetime import timedelta
from fractions import Fraction
from math import floor

from hypothesis import event, given
from hypothesis import strategies as st

from game.action_terms import Home, Needs, Quota
from game.plan import ActionRule, Cap, Multiplier
from game.points import (
    STANDING,
    Arrival,
    cap_window,
    decide_chain,
    fold,
    is_home,
    keep_quotas,
)
from tests.game.cast import PLAN, TITLE, action, at, changed

PEOPLE = ("Mei", "Bao", "Chen")
UNITS = {"Mei": "HQ/Care/North", "Bao": "HQ/Care", "Chen": "HQ/Sales"}
KINDS = ("k1", "k2")
SPAN = timedelta(days=32)

periods = st.sampled_from(["day", "week", "month"])
caps = st.none() | st.builds(Cap, periods, st.integers(1, 3))
homes = st.none() | st.builds(
    Home, st.sampled_from(["Care", "HQ"]), st.builds(Quota, periods, st.integers(0, 3))
)
needs = st.none() | st.builds(Needs, st.integers(1, 2), st.sampled_from([0, 3]))
rules = st.builds(
    ActionRule,
    st.just(TITLE),
    st.integers(0, 9),
    caps,
    st.none() | st.sampled_from([1, 2, 30]),
    handed_over=st.none() | st.integers(0, 4),
    home=homes,
    needs=needs,
)
starters = st.dictionaries(
    st.sampled_from(["S1", "S2", "S3"]),
    st.sampled_from([at(0).date(), at(20).date(), at(40).date()]),
    max_size=3,
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
    mode=st.sampled_from(["direct", "handed_over"]),
    starters=starters,
)

HOLDING = STANDING | {"pending"}


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
            holds = outcome in HOLDING
            same = (earlier.kind, earlier.customer) == (fact.kind, fact.customer)
            hours = (fact.received_at - earlier.received_at) / timedelta(hours=1)
            if holds and same and hours < 24 * rule.once_per_customer:
                return "duplicate_customer", 0
    if rule.needs is not None:
        ready = _ready(plan, fact)
        counted = set().union(
            *(_ready(plan, earlier) for earlier, outcome, _ in told if outcome in HOLDING)
        )
        if len(ready) < rule.needs.people:
            return "needs_unmet", 0
        if len(ready - counted) < rule.needs.people:
            return "starter_counted", 0
    if fact.verdict == "pending":
        return "pending", 0
    if rule.home is not None and rule.home.unit in UNITS[fact.person].split("/"):
        quota = rule.home.quota
        stood = [
            earlier
            for earlier, outcome, _ in told
            if outcome in STANDING
            and (earlier.person, earlier.kind) == (fact.person, fact.kind)
            and _named_window(quota.per, earlier) == _named_window(quota.per, fact)
        ]
        if len(stood) < quota.most:
            return "within_quota", 0
    times = Fraction(1)
    for multiplier in plan.multipliers:
        fits = multiplier.from_ <= fact.received_at < multiplier.until
        times *= multiplier.times if fits and fact.kind in multiplier.actions else 1
    handed_over = fact.mode == "handed_over" and rule.handed_over is not None
    return "scored", floor((rule.handed_over if handed_over else rule.points) * times)


def _ready(plan, fact):
    """Who had worked as many days as the kind needs, on Shanghai's calendar."""
    rule = plan.actions[fact.kind]
    if rule.needs is None:
        return set()
    today = (fact.received_at + timedelta(hours=8)).date()
    return {who for who, day in fact.starters.items() if (today - day).days >= rule.needs.days}


def _named_window(per, fact):
    """The window by its name, such as 2023-06 or 2023-W24, on Shanghai's clocks."""
    day = (fact.received_at + timedelta(hours=8)).date()
    return {"day": str(day), "week": day.isocalendar()[:2], "month": str(day)[:7]}[per]


def told(decisions):
    return [(made.action, made.outcome, made.points) for made in decisions]


@given(plans, st.lists(facts, max_size=25))
def test_the_fold_is_what_the_page_says(plan, actions):
    made = told(fold(plan, PEOPLE, actions, UNITS))
    for outcome in Counter(outcome for _, outcome, _ in made):
        event(outcome)
    assert made == naive(plan, actions)


@given(plans, st.lists(facts, max_size=15, unique_by=lambda fact: fact.action), st.randoms())
def test_the_place_in_the_file_matters_only_between_equal_ids(plan, actions, chance):
    shuffled = list(actions)
    chance.shuffle(shuffled)
    assert told(fold(plan, PEOPLE, shuffled, UNITS)) == told(fold(plan, PEOPLE, actions, UNITS))


class Live:
    """The way of the live product: decide at receipt, decide anew at each verdict what it touches."""

    def __init__(self, plan):
        self.plan = plan
        self.arrivals = {}
        self.stands = {}
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
        at_home = is_home(self.plan, fact.kind, UNITS[fact.person])
        self.arrivals[fact.action] = Arrival(fact, self.plan, within_cap, at_home)
        self._decide(fact)

    def decide(self, action_id, verdict):
        arrival = self.arrivals[action_id]
        fact = changed(arrival.fact, verdict=verdict)
        self.arrivals[action_id] = changed(arrival, fact=fact)
        self._decide(fact)

    def _decide(self, fact):
        """Post the differences for the chain of this action and the months of its people."""
        chain = self._chain(fact)
        for arrival, made in zip(chain, decide_chain(chain), strict=True):
            self.stands[made.action] = made
            if not arrival.is_home:
                self._post(made)
        for person, kind in {(each.fact.person, each.fact.kind) for each in chain if each.is_home}:
            touched = [
                each.fact.received_at
                for each in chain
                if (each.fact.person, each.fact.kind) == (person, kind)
            ]
            self._keep_quota(person, kind, min(touched), max(touched))

    def _keep_quota(self, person, kind, first, last):
        near = [
            arrival
            for arrival in self.arrivals.values()
            if (arrival.fact.person, arrival.fact.kind) == (person, kind)
            and first - SPAN <= arrival.fact.received_at <= last + SPAN
        ]
        near.sort(key=lambda arrival: (arrival.fact.received_at, arrival.fact.action))
        for made in keep_quotas(near, [self.stands[each.fact.action] for each in near]):
            if made.fact.received_at >= first:
                self._post(made)

    def _post(self, made):
        self.posted[made.action] = made.points

    def _chain(self, fact):
        tied = {fact.action}
        while True:
            more = {
                arrival.fact.action
                for arrival in self.arrivals.values()
                for other in tied
                if _are_tied(arrival.fact, self.arrivals[other].fact)
            }
            if more <= tied:
                break
            tied |= more
        chain = [self.arrivals[action] for action in tied]
        return sorted(chain, key=lambda arrival: (arrival.fact.received_at, arrival.fact.action))


def _are_tied(one, other):
    same_chain = one.customer and (one.kind, one.customer) == (other.kind, other.customer)
    return bool(same_chain or set(one.starters) & set(other.starters))


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
    assert {made.action: made.points for made in fold(plan, PEOPLE, actions, UNITS)} == live.posted


@given(plans, st.lists(admitted, min_size=1, max_size=14, unique_by=lambda fact: fact.action))
def test_a_verdict_moves_nothing_that_it_does_not_touch(plan, actions):
    """Without starters and quotas nothing moves outside the chain of the action."""
    rules = {kind: changed(rule, home=None, needs=None) for kind, rule in plan.actions.items()}
    plan = changed(plan, actions=rules)
    before = {made.action: made for made in fold(plan, PEOPLE, actions, UNITS)}
    first = actions[0]
    turned = [changed(first, verdict="struck"), *actions[1:]]
    for made in fold(plan, PEOPLE, turned, UNITS):
        fact = made.fact
        same_chain = first.customer and (fact.kind, fact.customer) == (first.kind, first.customer)
        if fact.action != first.action and not same_chain:
            assert made == before[made.action]


@given(plans, st.lists(facts, max_size=25))
def test_a_starter_counts_once(plan, actions):
    counted = Counter()
    for made in fold(plan, PEOPLE, actions, UNITS):
        rule = plan.actions.get(made.fact.kind)
        if made.outcome in STANDING and rule.needs is not None:
            assert len(_ready(plan, made.fact)) >= rule.needs.people
            counted[made.fact.kind] += rule.needs.people
    assert sum(counted.values()) <= len({who for fact in actions for who in fact.starters})
