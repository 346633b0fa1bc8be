"""What notices about leads say: one table, part of WORDS (see server/notifications/words.py)."""

from typing import Final

from server.kit.i18n import counted, lazy
from server.notifications.wording import Words

LEADS: Final[dict[str, Words]] = {
    "lead_valid": Words(
        "lead", lazy("A valid lead"), lazy("%(name)s is accepted. A colleague follows up now.")
    ),
    "lead_contacted": Words(
        "lead", lazy("Contact is made"), lazy("%(name)s was reached. Open this to read the note.")
    ),
    "lead_visiting": Words(
        "lead", lazy("A visit"), lazy("%(name)s comes to visit. Nearly there, thanks to you.")
    ),
    "lead_deal": Words(
        "lead", lazy("It became a deal"), lazy("%(name)s is a customer now, thanks to you.")
    ),
    "lead_lost": Words("lead", lazy("Not this time"), lazy("%(name)s: %(reason)s")),
    "lead_invalid": Words("lead", lazy("This lead was not accepted"), lazy("%(name)s: %(reason)s")),
    "lead_yours": Words(
        "lead",
        lazy("A lead for you"),
        lazy("%(name)s waits for your call until %(until)s. Open this, call, and tap once."),
    ),
    "lead_handed_over": Words(
        "lead",
        lazy("A customer comes to you"),
        lazy("%(name)s is yours from now on. Read what was said so far, then go on."),
    ),
    "lead_moved": Words(
        "lead",
        lazy("A colleague goes on"),
        lazy("%(name)s is in the hands of %(owner)s now."),
    ),
    "lead_stopped": Words(
        "lead",
        lazy("Please call no more"),
        lazy("%(name)s is off your list, for good. Open this to read why."),
    ),
    "lead_remind": Words(
        "lead",
        lazy("Call before it moves on"),
        lazy(
            "%(name)s still waits for your first call, until %(until)s. Then a colleague gets it."
        ),
    ),
    "lead_unassigned": Words(
        "lead",
        lazy("A lead waits for somebody"),
        lazy("Nobody is there for %(name)s by the rule. Choose who follows up."),
    ),
    "lead_withdrawn": Words(
        "lead",
        lazy("The customer asks not to be called"),
        lazy("%(name)s asked us to stop. Nobody calls again; you did nothing wrong."),
    ),
    "lead_thanks": Words(
        "lead",
        lazy("Thank you for the lead"),
        lazy("Your lead %(name)s is in. You hear by %(due)s at the latest whether it is valid."),
    ),
    "lead_by_code": Words(
        "lead",
        lazy("Somebody scanned your code"),
        lazy("%(name)s left their number. You hear by %(due)s whether it is valid."),
    ),
    "lead_taken": Words(
        "lead",
        lazy("A colleague was there first"),
        lazy("%(name)s is protected until %(until)s. Watch it, and you hear when it is free."),
    ),
    "lead_free": Words(
        "lead",
        lazy("Free again"),
        lazy("%(name)s is free from now on. One tap and you report them again."),
    ),
    "lead_known": Words(
        "lead", lazy("We know this customer already"), lazy("%(name)s: %(reason)s")
    ),
    "leads_late": Words(
        "lead",
        lazy("Reviews are late"),
        counted(
            "%(n)s lead waits longer than the company promised. Open the queue.",
            "%(n)s leads wait longer than the company promised. Open the queue.",
            "n",
        ),
    ),
}
