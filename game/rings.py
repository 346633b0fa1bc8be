"""Rings (I3): accounts that share devices or payers and refer each other, or refer in a circle."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping

import msgspec

RING_ACCOUNTS = 3
RING_REFERRALS = 2
CIRCLE_MOST = 4


class Ring(msgspec.Struct, frozen=True):
    """Accounts that share something, with the referrals among them."""

    accounts: tuple[str, ...]
    referrals: int


def rings(shares: Iterable[tuple[str, str]], referrals: Iterable[tuple[str, str]]) -> list[Ring]:
    """Return the rings, by their first account.

    `shares` are (account, what it was seen with: a device, a payer, a phone), `referrals` are
    (referrer, friend), each counted once. Accounts that share one thing belong together; a ring
    is at least 3 of them with at least 2 referrals among them.
    """
    groups = _Groups()
    accounts: set[str] = set()
    for account, token in shares:
        accounts.add(account)
        groups.join(("account", account), ("token", token))
    members: dict[Hashable, list[str]] = defaultdict(list)
    for account in accounts:
        members[groups.of(("account", account))].append(account)
    inside = Counter(
        groups.of(("account", referrer))
        for referrer, friend in set(referrals)
        if {referrer, friend} <= accounts
        and groups.of(("account", referrer)) == groups.of(("account", friend))
    )
    found = [
        Ring(tuple(sorted(members[group])), count)
        for group, count in inside.items()
        if count >= RING_REFERRALS and len(members[group]) >= RING_ACCOUNTS
    ]
    return sorted(found, key=lambda ring: ring.accounts)


def circles(referrals: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Return each account on a circle of at most 4 referrals, with the length of its shortest.

    Who refers themself is a circle of 1, two who refer each other one of 2.
    """
    friends = _on_circles(referrals)
    lengths = {account: _circle(account, friends) for account in friends}
    return {account: length for account, length in lengths.items() if length}


def ring_around(
    accounts: Iterable[str],
    shares: Iterable[tuple[str, str]],
    referrals: Iterable[tuple[str, str]],
) -> int:
    """Return how many accounts the largest ring or circle holds that one of `accounts` is in; or 0."""
    asked, edges = set(accounts), set(referrals)
    sizes = [len(ring.accounts) for ring in rings(shares, edges) if asked & set(ring.accounts)]
    sizes += [length for account, length in circles(edges).items() if account in asked]
    return max(sizes, default=0)


class _Groups:
    """Union-find with path halving."""

    def __init__(self) -> None:
        self._above: dict[Hashable, Hashable] = {}
        self._size: dict[Hashable, int] = {}

    def of(self, one: Hashable) -> Hashable:
        """Return what stands for the group of `one`."""
        above = self._above
        while above.setdefault(one, one) != one:
            above[one] = above[above[one]]
            one = above[one]
        return one

    def join(self, one: Hashable, other: Hashable) -> None:
        """Make one group of two; the smaller goes under the larger."""
        small, large = self.of(one), self.of(other)
        if small == large:
            return
        if self._size.get(small, 1) > self._size.get(large, 1):
            small, large = large, small
        self._above[small] = large
        self._size[large] = self._size.get(large, 1) + self._size.pop(small, 1)


def _on_circles(referrals: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """Return friends by referrer, without whoever can be on no circle.

    Most referrals make a tree: who was referred by nobody, or refers nobody, is taken off until
    only what may close is left.
    """
    after: dict[str, set[str]] = defaultdict(set)
    before: dict[str, set[str]] = defaultdict(set)
    for referrer, friend in referrals:
        after[referrer].add(friend)
        before[friend].add(referrer)
    loose = [account for account in {*after, *before} if not (after[account] and before[account])]
    while loose:
        account = loose.pop()
        for friend in after.pop(account, ()):
            before[friend].discard(account)
            if not before[friend] and friend in after:
                loose.append(friend)
        for referrer in before.pop(account, ()):
            if referrer in after:
                after[referrer].discard(account)
                if not after[referrer]:
                    loose.append(referrer)
    return {account: friends for account, friends in after.items() if friends}


def _circle(account: str, friends: Mapping[str, set[str]]) -> int:
    """Return the length of the shortest circle through `account`, 0 where it is over the most."""
    reached = {account}
    seen: set[str] = set()
    for length in range(1, CIRCLE_MOST + 1):
        reached = {friend for each in reached for friend in friends.get(each, ())}
        if account in reached:
            return length
        reached -= seen
        seen |= reached
    return 0
