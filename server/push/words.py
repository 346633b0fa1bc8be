"""What a push says: what kind of news waits, never whose, of whom or how much.

A lock screen is read by anybody. The notice behind it has names and sums; the push has not.
"""

from typing import Final, Literal, NamedTuple

from server.kit.i18n import Lazy, _, lazy, ngettext
from server.notifications.words import GROUPS, WORDS

HOUR: Final = 3600
DAY: Final = 86_400


class Manner(NamedTuple):
    """How a push of a group travels: how long a service keeps it, and how urgent it is."""

    ttl_s: int
    urgency: Literal["low", "normal", "high"]


MANNERS: Final[dict[str, Manner]] = {
    "battle": Manner(HOUR, "high"),
    "money": Manner(DAY, "normal"),
    "coupon": Manner(DAY, "normal"),
    "honour": Manner(DAY, "low"),
    "challenge": Manner(6 * HOUR, "normal"),
    "lead": Manner(6 * HOUR, "high"),
    "review": Manner(DAY, "normal"),
}
"""One for each group of the inbox: news of a battle is old in an hour."""

UNDER: Final[dict[str, Lazy]] = {
    "battle": lazy("It begins, the lead changes, the last hour, the verdict"),
    "money": lazy("A reward, a bonus or a commission arrived"),
    "coupon": lazy("A coupon ends soon"),
    "honour": lazy("A badge or a title is yours"),
    "challenge": lazy("A challenge begins or is reached"),
    "lead": lazy("A lead moves on, or waits for your call"),
    "review": lazy("Something waits for you to look at it"),
}
"""What each switch is about."""

OUTSIDE: Final = ("money", "coupon", "honour", "review")
"""What customers and partners can be told of."""


def groups_for(kind: str) -> tuple[str, ...]:
    """Return the groups that somebody of this kind (of `Caller.kind`) can switch."""
    return tuple(GROUPS) if kind == "employee" else OUTSIDE


def title(kind: str) -> str:
    """Return what stands on the lock screen for a notice, in the current language."""
    words = WORDS[kind]
    is_bare = "%" not in words.title.message
    return str(words.title if is_bare else GROUPS[words.group])


def body(others: int) -> str:
    """Return the line under it; `others` is how much more news waits."""
    if not others:
        return _("Open it to see what it is.")
    return ngettext("%(n)s more waits in your inbox.", "%(n)s more wait in your inbox.", others)
