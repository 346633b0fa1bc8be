"""What deals, commissions, budgets and settlements refuse."""

from server.kit.errors.refusal import Refusal
from server.kit.i18n import lazy

MONEY: dict[str, Refusal] = {
    # budgets and commissions
    "budget_reached": Refusal(
        409, lazy("This does not fit under the cap of its budget. Raise the cap, or leave it.")
    ),
    "own_solution": Refusal(
        403, lazy("Nobody names their own solution. Let a colleague of operations do it.")
    ),
    "solution_named": Refusal(409, lazy("Somebody was named for this deal already.")),
    "solution_pays_nothing": Refusal(
        422, lazy("The plan pays this person nothing for a solution. Check its commissions.")
    ),
    # deals
    "contract_missing": Refusal(422, lazy("Enter the number of the contract.")),
    "contract_taken": Refusal(
        409, lazy("A deal with contract %(contract)s is here already. Look it up in the list.")
    ),
    "contract_unreadable": Refusal(
        422, lazy("Enter the number of the contract with at most %(most)s characters.")
    ),
    "deal_amount_unreadable": Refusal(
        422, lazy("Enter the sum in yuan, above 0 and up to 100,000,000.")
    ),
    "deal_checked": Refusal(409, lazy("This deal was checked already.")),
    "deal_closed": Refusal(409, lazy("This deal was taken back. Report it anew if it is true.")),
    "deal_date_unreadable": Refusal(422, lazy("Choose the day on which the deal was made.")),
    "deal_in_the_future": Refusal(
        422, lazy("Choose a day that has come. Report a deal once made.")
    ),
    "deal_not_checked": Refusal(409, lazy("This deal was not checked yet. Refuse it instead.")),
    "deal_not_counted": Refusal(
        409, lazy("This deal does not count yet. Look at it once it does.")
    ),
    "deal_not_drawn": Refusal(409, lazy("Nobody needs to be called about this deal.")),
    "deal_too_old": Refusal(422, lazy("Choose a day of the last twelve months.")),
    "deal_unknown": Refusal(404, lazy("This deal is not here. Choose one of the list.")),
    "deal_verified": Refusal(409, lazy("Finance found this deal genuine already.")),
    "deals_not_running": Refusal(
        409, lazy("No plan takes deals in at the moment. Ask whoever runs the campaign.")
    ),
    "lead_not_reviewed": Refusal(
        409, lazy("The lead of this deal was not reviewed yet. Review it first.")
    ),
    "lead_not_valid": Refusal(
        409, lazy("This lead does not stand: it was refused, or is held. Link another one.")
    ),
    "lead_number_unknown": Refusal(
        404, lazy("No lead has this number. It has eight characters, such as 7K3M-9XQ2.")
    ),
    "link_needs_proof": Refusal(
        422, lazy("The lead is of another customer, or came later. Say why it is the right one.")
    ),
    "own_deal": Refusal(
        403, lazy("You have a part in this deal. Leave it to a colleague who has none.")
    ),
    "photo_missing": Refusal(422, lazy("Add a photo of the contract or the receipt.")),
    "practices_open": Refusal(
        422, lazy("Rule out each forbidden practice first: %(n)s left. Or refuse the deal.")
    ),
    "seller_unknown": Refusal(404, lazy("Enter the number of a colleague who sells.")),
    # settlements
    "nothing_to_pay": Refusal(409, lazy("This statement owes nothing. There is nothing to pay.")),
    "nothing_to_settle": Refusal(
        409,
        lazy("Nobody earned cash up to the end of %(period)s. Come back after the next period."),
    ),
    "own_settlement": Refusal(
        403, lazy("You computed this settlement. Let a colleague of finance approve it.")
    ),
    "period_unreadable": Refusal(422, lazy("Choose the month or the quarter.")),
    "settled_since": Refusal(
        409, lazy("People in it have a later statement already. Discard that settlement first.")
    ),
    "settlement_decided": Refusal(
        409, lazy("This settlement was decided already. Corrections go into the open period.")
    ),
    "settlement_not_approved": Refusal(
        409, lazy("Finance has not approved this settlement. Approve it before you pay.")
    ),
    "settlement_not_running": Refusal(
        409, lazy("No plan in force says how to settle. Launch one with a table [settlement].")
    ),
    "settlement_undecided": Refusal(
        409, lazy("%(period)s waits for its approval. Approve or discard it first.")
    ),
    "settlement_unknown": Refusal(
        404, lazy("There is no such settlement. Choose one of the list.")
    ),
    "statement_paid": Refusal(
        409, lazy("This was marked as paid already. Nothing was paid twice.")
    ),
    "statement_unknown": Refusal(404, lazy("This statement is not here. Choose one of your list.")),
}
