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
}
