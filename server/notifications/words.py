"""What a notice says: one table from its kind to its title and sentence.

`%(names)s` are filled from the facts of the notice; a fact that is a table of three locales (a
title of a plan) is said in the reader's.
"""

from typing import Final, NamedTuple

from server.kit.i18n import Lazy, lazy


class Words(NamedTuple):
    """How a kind of notice is told; `group` is the heading it stands under."""

    group: str
    title: Lazy
    sentence: Lazy


GROUPS: Final[dict[str, Lazy]] = {
    "money": lazy("Rewards and points"),
    "coupon": lazy("Coupons"),
    "honour": lazy("Badges and titles"),
    "challenge": lazy("Challenges"),
    "review": lazy("Checks"),
}
"""The headings of the inbox."""

WORDS: Final[dict[str, Words]] = {
    # rewards
    # badges
    # honours
    # challenges
    # coupons and referrals
    "referral_reward": Words(
        "money",
        lazy("Reward arrived"),
        lazy("%(friend)s came through you. You get %(what)s."),
    ),
    # antispam
    "under_review": Words(
        "review",
        lazy("A colleague has a look first"),
        lazy("%(what)s waits until somebody has looked at it: %(why)s. Everything else goes on."),
    ),
    "review_cleared": Words(
        "review",
        lazy("Looked at: all in order"),
        lazy("%(what)s goes on as usual. Thank you for waiting."),
    ),
    "review_refused": Words(
        "review",
        lazy("This was not given"),
        lazy("%(what)s: %(why)s. Not right? Open this and tell us once; somebody else decides."),
    ),
    "review_settled": Words(
        "review",
        lazy("Looked at a second time"),
        lazy("%(what)s is not given, and this is final: %(why)s."),
    ),
}
