"""Rings and circles: tables of real shapes, and every small graph against brute force."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.rings import Ring, circles, ring_around, rings

Edges = list[tuple[str, str]]


def seen(text: str) -> Edges:
    """Read `"a1 b1 c2"`: who was seen with what."""
    return [(each[0], each[1:]) for each in text.split()]


def brought(text: str) -> Edges:
    """Read `"ab bc"`: who brought whom."""
    return [(each[0], each[1]) for each in text.split()]


@pytest.mark.parametrize(
    ("shares", "referrals", "found"),
    [
        ("", "", []),
        ("", "ab bc ca", []),
        ("a1 b1 c1", "", []),
        ("a1 b1 c1", "ab", []),
        ("a1 b1 c1", "ab ab", []),
        ("a1 b1 c1", "ab bc", ["abc"]),
        ("a1 b1 c1", "ab ac", ["abc"]),
        ("a1 b1 c1", "ab ba", ["abc"]),
        ("a1 b1", "ab ba", []),
        ("a1 b1 c2", "ab bc", []),
        ("a1 b1 b2 c2", "ab bc", ["abc"]),
        ("a1 b1 b2 c2 c3 d3", "ad bc", ["abcd"]),
        ("a1 b1 c1", "ab bx", []),
        ("a1 b1 c1", "xa yb", []),
        ("a1 b1 c1 x2 y2 z2", "ax by", []),
        ("a1 b1 c1 x2 y2 z2", "ab bc xy yz", ["abc", "xyz"]),
        ("a1 b1 c1 x2 y2 z2", "ab bc xy", ["abc"]),
        ("a1 a2 a3", "aa aa", []),
        ("a1 b1 c1 d1", "aa ab", ["abcd"]),
        ("a1 b2 c3 a9 b9 c9", "ab bc", ["abc"]),
        ("c1 b1 a1", "bc ab", ["abc"]),
    ],
)
def test_rings(shares: str, referrals: str, found: list[str]) -> None:
    shapes = rings(seen(shares), brought(referrals))
    assert ["".join(ring.accounts) for ring in shapes] == found


@pytest.mark.parametrize(
    ("referrals", "found"),
    [
        ("", {}),
        ("ab", {}),
        ("ab bc cd", {}),
        ("ab ac ad bc", {}),
        ("aa", {"a": 1}),
        ("ab ba", {"a": 2, "b": 2}),
        ("ab bc ca", {"a": 3, "b": 3, "c": 3}),
        ("ab bc cd da", {"a": 4, "b": 4, "c": 4, "d": 4}),
        ("ab bc cd de ea", {}),
        ("ab bc ca xa cy yz", {"a": 3, "b": 3, "c": 3}),
        ("ab ba bc ca", {"a": 2, "b": 2, "c": 3}),
        ("ab bc cd da ac", {"a": 3, "b": 4, "c": 3, "d": 3}),
        ("ab ba xy yx", {"a": 2, "b": 2, "x": 2, "y": 2}),
        ("aa ab bc cd de ea", {"a": 1}),
        # Two circles on one way: those between them are on none.
        ("ab ba bc cd de ed", {"a": 2, "b": 2, "d": 2, "e": 2}),
    ],
)
def test_circles(referrals: str, found: dict[str, int]) -> None:
    assert circles(brought(referrals)) == found


@pytest.mark.parametrize(
    ("asked", "shares", "referrals", "size"),
    [
        ("a", "a1 b1 c1 d1", "ab bc", 4),
        ("d", "a1 b1 c1 d1", "ab bc", 4),
        ("x", "a1 b1 c1 d1", "ab bc xy", 0),
        ("ab", "", "ab ba", 2),
        ("ab", "", "ab bc cd da", 4),
        ("a", "a1 b1 c1 d1 e1", "ab ba", 5),
        ("y", "", "ab ba xy", 0),
    ],
)
def test_the_ring_around_somebody(asked: str, shares: str, referrals: str, size: int) -> None:
    assert ring_around(asked, seen(shares), brought(referrals)) == size


NAMES = "abcdef"
SHARES = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from("123")), max_size=9)
REFERRALS = st.lists(st.tuples(*[st.sampled_from(NAMES)] * 2), max_size=9)


def slow_rings(shares: Edges, referrals: Edges) -> list[Ring]:
    """Merge groups until none has a thing in common with another."""
    groups = [({account}, {thing}) for account, thing in shares]
    while True:
        pair = next(
            (
                (one, two)
                for one, two in permutations(groups, 2)
                if one[0] & two[0] or one[1] & two[1]
            ),
            None,
        )
        if pair is None:
            break
        one, two = pair
        groups = [each for each in groups if each is not one and each is not two]
        groups.append((one[0] | two[0], one[1] | two[1]))
    found = []
    for accounts, _ in groups:
        inside = {edge for edge in referrals if set(edge) <= accounts}
        if len(accounts) >= 3 and len(inside) >= 2:
            found.append(Ring(tuple(sorted(accounts)), len(inside)))
    return sorted(found, key=lambda ring: ring.accounts)


def slow_circles(referrals: Edges) -> dict[str, int]:
    """Try every way of up to four steps."""
    found: dict[str, int] = {}
    for length in (4, 3, 2, 1):
        for way in permutations(NAMES, length):
            steps = zip(way, (*way[1:], way[0]), strict=True)
            if all(step in referrals for step in steps):
                found |= dict.fromkeys(way, length)
    return found


@given(SHARES, REFERRALS)
def test_rings_equal_brute_force(shares: Edges, referrals: Edges) -> None:
    assert rings(shares, referrals) == slow_rings(shares, referrals)


@given(REFERRALS)
def test_circles_equal_brute_force(referrals: Edges) -> None:
    assert circles(referrals) == slow_circles(referrals)


@given(SHARES, REFERRALS, st.randoms(use_true_random=False))
def test_the_order_of_edges_is_of_no_account(shares: Edges, referrals: Edges, random) -> None:
    mixed = random.sample(shares, len(shares)), random.sample(referrals, len(referrals))
    assert rings(*mixed) == rings(shares, referrals)
    assert circles(mixed[1]) == circles(referrals)


@given(SHARES, REFERRALS, st.tuples(*[st.sampled_from(NAMES)] * 2))
def test_one_more_referral_never_shrinks_a_ring(
    shares: Edges, referrals: Edges, more: tuple[str, str]
) -> None:
    before = {account for ring in rings(shares, referrals) for account in ring.accounts}
    after = {account for ring in rings(shares, [*referrals, more]) for account in ring.accounts}
    assert before <= after
    assert circles(referrals).keys() <= circles([*referrals, more]).keys()


def test_a_tree_of_a_hundred_thousand_has_no_circle() -> None:
    tree = [(str(child // 3), str(child)) for child in range(1, 100_000)]
    assert circles(tree) == {}
    assert circles([*tree, ("40", "4")]) == {"4": 3, "13": 3, "40": 3}
