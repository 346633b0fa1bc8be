"""What ranks and roles are called on a page."""

from collections.abc import Iterable
from typing import Final

from server.kit.i18n import Lazy, lazy
from server.people.guards import ROLES

RANK_WORDS: Final[dict[str, Lazy]] = {
    "staff": lazy("staff"),
    "supervisor": lazy("supervisor"),
    "manager": lazy("manager"),
    "director": lazy("director"),
    "vp": lazy("vice president"),
}
ROLE_WORDS: Final[dict[str, Lazy]] = {
    "operations": lazy("operations"),
    "audit": lazy("audit group"),
    "finance": lazy("finance"),
    "admin": lazy("administrator"),
    "screen": lazy("store screen"),
    "store": lazy("store staff"),
    "store_manager": lazy("store manager"),
    "sales": lazy("salesperson"),
    "service": lazy("customer service"),
}


def role_words(roles: Iterable[str]) -> list[str]:
    """Name roles in the order of the product, in the current language."""
    held = set(roles)
    return [str(ROLE_WORDS[role]) for role in ROLES if role in held]
