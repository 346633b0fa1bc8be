"""What notices about battles say: one table, part of WORDS (see server/notifications/words.py)."""

from typing import Final

from server.kit.i18n import lazy
from server.notifications.wording import Words

BATTLES: Final[dict[str, Words]] = {
    "battle_began": Words(
        "battle",
        lazy("The battle begins"),
        lazy("%(title)s has begun and runs until %(until)s. Every report counts."),
    ),
    "battle_lead": Words(
        "battle", lazy("The lead has changed"), lazy("%(title)s: %(side)s is in front now.")
    ),
    "battle_last_hour": Words(
        "battle",
        lazy("One hour left"),
        lazy("%(title)s ends at %(until)s. What is received by then counts."),
    ),
    "battle_decided": Words(
        "battle", lazy("It is decided"), lazy("%(title)s: %(side)s won. See how it came about.")
    ),
    "battle_void": Words(
        "battle", lazy("A battle is void"), lazy("%(title)s is void. Every stake is back.")
    ),
}
