"""What a deal says of itself: where it stands, how its lead was found, what was decided."""

from datetime import datetime
from typing import Any, Final

from server.deals.queries import Call, Deal
from server.kit.i18n import Lazy, _, lazy, ngettext

STATES: Final[dict[str, Lazy]] = {
    "reported": lazy("to be checked"),
    "checked": lazy("being checked"),
    "counted": lazy("it counts"),
    "refused": lazy("not accepted"),
    "struck": lazy("struck as untrue"),
    "refunded": lazy("refunded"),
}
SEALS: Final = {"reported": "joining", "checked": "auditing", "counted": "final"}
"""The stamp of a state; of any other it is void."""
LINKED: Final[dict[str, Lazy]] = {
    "number": lazy("by its number"),
    "customer": lazy("by the customer"),
    "hand": lazy("by hand"),
}
RESULTS: Final[dict[str, Lazy]] = {
    "confirmed": lazy("confirmed"),
    "denied": lazy("denied"),
    "unreached": lazy("nobody answered"),
}
STANDINGS: Final[dict[str, Lazy]] = {
    "usual": lazy("as usual"),
    "new": lazy("new seller"),
    "watched": lazy("suspicion on the seller"),
    "failed": lazy("a customer denied one lately"),
    "again": lazy("drawn before, reported anew"),
}
DRAWN: Final[dict[str, Lazy]] = {
    "": lazy("not drawn"),
    "share": lazy("drawn"),
    "week": lazy("drawn: lowest of the week"),
}


def reason(one: Deal) -> str:
    """Return why a deal was taken back; an order that was undone at once has no typed reason."""
    return _("The order was undone at the till.") if one.reason == "undone" else one.reason


def steps(one: Deal, calls: list[Call], *, sees_calls: bool) -> list[dict[str, Any]]:
    """Return the way of a deal so far, and what comes next: {title, under, at, done, ended}.

    Who gains by a deal doesn't see that it was drawn: they could speak to the customer first.
    """
    is_known = sees_calls or one.state != "checked"
    found = [
        _step(_("Reported"), one.reported_name, one.reported_at),
        _step(_("Checked"), one.checked_name, one.checked_at)
        if is_known
        else _step(_("Checked"), "", None),
    ]
    if sees_calls and one.call != "none":
        found.append(_called(calls))
    found.append(_step(_("It counts: what it earns is worked out"), "", one.counted_at))
    if one.verified_at is not None:
        found.append(_step(_("Found genuine by finance"), one.verified_name, one.verified_at))
    if one.closed_at is not None:
        found = [each for each in found if each["done"]]
        found.append(_step(_ended(one), one.closed_name, one.closed_at) | {"ended": True})
    return found


def _ended(one: Deal) -> str:
    words = {"refused": _("Not accepted"), "struck": _("Struck"), "refunded": _("Refunded")}
    return words[one.state]


def _called(calls: list[Call]) -> dict[str, Any]:
    answered = [each for each in calls if each.result != "unreached"]
    if answered:
        one = answered[0]
        title = (
            _("The customer confirmed") if one.result == "confirmed" else _("The customer denied")
        )
        return _step(title, one.name, one.at)
    tried = ngettext("tried %(n)s time", "tried %(n)s times", len(calls)) if calls else ""
    return _step(_("Call the customer back"), tried, None)


def _step(title: str, under: str, at: datetime | None) -> dict[str, Any]:
    return {"title": title, "under": under, "at": at, "done": at is not None, "ended": False}
