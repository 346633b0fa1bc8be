"""What rewards are called: kinds, limits, whom they are for, why one can't have them now."""

from typing import Final

from server.coupons.codes import ALPHABET
from server.kit.i18n import Lazy, _, lazy
from server.people.words import RANK_WORDS
from server.rewards.commands import CODE_LENGTH
from server.rewards.queries import Reward

KIND_WORDS: Final[dict[str, Lazy]] = {
    "gift": lazy("gift"),
    "coupon": lazy("coupon"),
    "leave": lazy("leave"),
    "training": lazy("training place"),
    "service": lazy("service"),
}
LIMIT_WORDS: Final[dict[str, Lazy]] = {
    "day": lazy("%(most)s a day for each"),
    "week": lazy("%(most)s a week for each"),
    "month": lazy("%(most)s a month for each"),
    "quarter": lazy("%(most)s a quarter for each"),
    "year": lazy("%(most)s a year for each"),
    "ever": lazy("%(most)s for each"),
}
PERIOD_WORDS: Final[dict[str, Lazy]] = {
    "day": lazy("a day"),
    "week": lazy("a week"),
    "month": lazy("a month"),
    "quarter": lazy("a quarter"),
    "year": lazy("a year"),
    "ever": lazy("ever"),
}
LOOKALIKES: Final = str.maketrans("OILU", "011V")


def limit(one: Reward) -> str:
    """Say how often one person may have a reward, "" without a limit."""
    if one.limit is None:
        return ""
    return LIMIT_WORDS[one.limit.per] % {"most": one.limit.most}


def audience(one: Reward) -> str:
    """Say whom a reward is for, "" where it is for everybody."""
    units = [unit.rsplit("/", maxsplit=1)[-1] for unit in one.units]
    return " · ".join([*units, *(str(RANK_WORDS[rank]) for rank in one.ranks)])


def stock(one: Reward) -> str:
    """Say how many are left: unlimited says nothing."""
    if one.stock is None:
        return ""
    return _("%(n)s in stock", n=one.stock) if one.stock else _("sold out")


def code(text: str) -> str:
    """Write a pick-up code for the eye: XXXX-XXXX."""
    return f"{text[:4]}-{text[4:]}"


def read_code(typed: str) -> str:
    """Return the pick-up code that was meant, "" if it can't be one."""
    letters = [letter for letter in typed.upper().translate(LOOKALIKES) if letter.isalnum()]
    found = "".join(letters)
    return found if len(found) == CODE_LENGTH and set(found) <= set(ALPHABET) else ""
