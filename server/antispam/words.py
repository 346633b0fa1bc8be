"""What a reason means, in words that its person and a reviewer can both read (I3)."""

from collections.abc import Mapping
from typing import Final

from game.antispam import Reason
from server.kit.i18n import Lazy, in_each, lazy

REASONS: Final[dict[str, Lazy]] = {
    "same_phone": lazy("the invited phone number is the inviter's own"),
    "same_device": lazy("inviter and friend used the same phone or computer"),
    "same_payer": lazy("inviter and friend paid from the same account"),
    "same_ip_24h": lazy("inviter and friend were on the same network within a day"),
    "shared_device": lazy("friends of %(found)s inviters came from one device"),
    "many_accounts": lazy(
        "%(found)s new accounts came from one device within 90 days, %(most)s are usual"
    ),
    "crowded_network": lazy(
        "%(found)s new accounts came from one network in a day, %(most)s are usual"
    ),
    "ring": lazy("%(found)s accounts share devices or payments, or invite each other in a circle"),
    "staff_phone": lazy("the invited phone number belongs to a colleague"),
    "till_device": lazy("the friend signed up on the device of a till"),
    "burst_hour": lazy("%(found)s friends came within an hour, %(most)s are usual"),
    "burst_day": lazy("%(found)s friends came within a day, %(most)s are usual"),
    "burst_week": lazy("%(found)s friends came within a week, %(most)s are usual"),
    "burst_month": lazy("%(found)s friends came within a month, %(most)s are usual"),
    "young_account": lazy("the inviter's account was %(found)s hours old, under %(most)s"),
    "quick_use": lazy(
        "the coupon was redeemed at the inviter's store %(found)s minutes after it was claimed"
    ),
    "undone_orders": lazy("%(found)s orders of the friend were undone or refunded"),
    "till_pair": lazy(
        "the same cashier and customer redeemed %(found)s times within 30 days, %(most)s are usual"
    ),
    "till_undos": lazy("%(found)s redemptions were undone in a day, %(most)s are usual"),
    "wrong_codes": lazy("%(found)s wrong codes were typed within an hour, %(most)s are usual"),
    "device_day": lazy("%(found)s leads came from one device in a day, %(most)s are usual"),
    "network_day": lazy("%(found)s leads came from one network in a day, %(most)s are usual"),
    "person_day": lazy("%(found)s leads came from one person in a day, %(most)s are usual"),
    "burst": lazy("%(found)s leads came in quick succession"),
    "device_people": lazy("%(found)s people reported leads from one device in a day"),
    "own_phone": lazy("the customer's phone number is the reporter's own"),
    "own_device": lazy("the customer wrote from the reporter's own phone or computer"),
    "colleague_phone": lazy("the customer's phone number belongs to a colleague"),
    "deal_own_phone": lazy("the customer is who would be paid for the deal"),
    "deal_own_device": lazy("customer and colleague used the same phone or computer"),
    "deal_same_payer": lazy("customer and colleague paid from the same account"),
    "pair_deals": lazy("%(found)s deals of one seller with one customer within 30 days"),
    "refunds": lazy("%(found)s of the seller's %(most)s deals were taken back within 30 days"),
    "unchecked": lazy("it could not be checked by itself"),
}


def said(reason: Reason) -> str:
    """Return a reason in the current language."""
    return REASONS[reason.code] % {"found": reason.found, "most": reason.most}


def told(reason: Reason) -> Mapping[str, str]:
    """Return a reason in every language, for a notice."""
    return in_each(REASONS[reason.code], found=reason.found, most=reason.most)
