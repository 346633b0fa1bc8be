"""What stores, coupons and referrals refuse."""

from server.kit.errors.refusal import Refusal
from server.kit.i18n import lazy

STORES: dict[str, Refusal] = {
    # coupons
    "amount_unreadable": Refusal(
        422, lazy("Enter the sum in yuan, such as 1280 or 1280.50, up to 10,000,000.")
    ),
    "already_reversed": Refusal(409, lazy("This order was taken back already.")),
    "below_least_order": Refusal(
        409, lazy("The coupon needs an order of %(least)s. Nothing was redeemed.")
    ),
    "coupon_code_refused": Refusal(
        404,
        lazy("No coupon can be redeemed by this code. Check it, or scan the QR code to see why."),
    ),
    "coupon_expired": Refusal(409, lazy("The coupon has expired. Its last day was %(until)s.")),
    "coupon_of_another": Refusal(
        409, lazy("The coupon belongs to another customer. Nothing was redeemed.")
    ),
    "coupon_revoked": Refusal(409, lazy("The coupon was taken back. It is good no more.")),
    "coupon_rule_unknown": Refusal(404, lazy("The plan has no such coupon.")),
    "coupon_unknown": Refusal(
        404, lazy("There is no such coupon. Scan the customer's own ticket.")
    ),
    "coupon_used": Refusal(409, lazy("Used %(at)s in %(store)s. It works once.")),
    "coupon_wrong_store": Refusal(409, lazy("Good in another store only: %(stores)s.")),
    "not_first_order": Refusal(
        409, lazy("For the first order only, and this customer has bought before.")
    ),
    "not_your_redemption": Refusal(
        403, lazy("Only whoever redeemed it can undo it. A store manager can refund the order.")
    ),
    "order_unknown": Refusal(404, lazy("There is no such order.")),
    "own_coupon": Refusal(
        403, lazy("Nobody redeems a coupon of their own. Leave it to a colleague.")
    ),
    "receipt_missing": Refusal(422, lazy("Enter the number on the receipt.")),
    "receipt_taken": Refusal(
        409, lazy("Receipt %(receipt)s was taken in already in this store. Check the number.")
    ),
    "receipt_unreadable": Refusal(
        422, lazy("A receipt number has %(most)s characters at most. Check it.")
    ),
    "store_missing": Refusal(422, lazy("Choose the store you are in.")),
    "too_many_codes": Refusal(
        429, lazy("Too many wrong codes. Scan the QR code, or wait %(minutes)s minutes.")
    ),
    "undo_too_late": Refusal(
        409, lazy("Two minutes are over. A store manager can refund the order instead.")
    ),
    # referrals
    "agreement_changed": Refusal(
        409, lazy("The agreement has changed meanwhile. Read it again, then accept it.")
    ),
    "agreement_first": Refusal(409, lazy("Read and accept the agreement first.")),
    "already_claimed": Refusal(409, lazy("You have claimed this already. Your coupons are here.")),
    "already_customer": Refusal(
        409, lazy("This is for new customers. You are one of us: invite a friend instead.")
    ),
    "already_invited": Refusal(
        409, lazy("A friend invited you before, until %(until)s. Your coupons are here.")
    ),
    "bound_once": Refusal(409, lazy("You claimed this once before; it is given only once.")),
    "campaign_not_begun": Refusal(409, lazy("This begins on %(at)s. Come back then.")),
    "campaign_over": Refusal(410, lazy("This ended on %(at)s. Ask for what is on now.")),
    "campaign_unknown": Refusal(410, lazy("This offer is over. Ask for what is on now.")),
    "exclusive_closed": Refusal(410, lazy("This coupon is not offered any more.")),
    "exclusive_gone": Refusal(
        409, lazy("All coupons of this period are claimed. Come back in the next one.")
    ),
    "link_unknown": Refusal(
        404, lazy("This link leads nowhere. Ask your friend to send it again.")
    ),
    "may_not_invite": Refusal(403, lazy("You can't invite in this campaign.")),
    "not_a_customer": Refusal(
        409, lazy("This is for customers. With a link of your own you can invite some.")
    ),
    "own_link": Refusal(409, lazy("This is your own link. Send it to a friend.")),
    "partner_type_unknown": Refusal(422, lazy("Choose one of the kinds of partner.")),
    "partner_name_missing": Refusal(422, lazy("Enter a name that the partner's friends know.")),
    "phone_taken": Refusal(
        409, lazy("This phone belongs to somebody here already. Use another one.")
    ),
    "greeting_too_long": Refusal(
        422, lazy("The greeting is too long: %(most)s characters at most.")
    ),
    # antispam
    "suspicion_unknown": Refusal(404, lazy("There is nothing here to look at any more.")),
    "own_suspicion": Refusal(
        403, lazy("You have a part in this one, or decided it before. Leave it to a colleague.")
    ),
    "appeal_missing": Refusal(422, lazy("Write what we should know, so that somebody can decide.")),
    "appeal_closed": Refusal(409, lazy("You can answer back once, while something is refused.")),
}
