"""What leads refuse."""

from server.kit.errors.refusal import Refusal
from server.kit.i18n import counted, lazy

LEADS: dict[str, Refusal] = {
    # stages and following up
    "lead_unknown": Refusal(404, lazy("This lead is not here. Choose one of your list.")),
    "lead_step_taken": Refusal(
        409, lazy("Somebody was quicker: this step is taken already. Read on in the passport.")
    ),
    "lead_step_closed": Refusal(
        409, lazy("This step is not open from where the lead is now. Choose one of those offered.")
    ),
    # receiving and reviewing
    "leads_closed": Refusal(
        409, lazy("No plan takes leads at the moment. Ask whoever runs the campaign.")
    ),
    "lead_name_missing": Refusal(422, lazy("Say what the customer is called, such as Ms Zhou.")),
    "lead_name_long": Refusal(422, lazy("The name is too long: %(most)s characters at most.")),
    "need_unknown": Refusal(422, lazy("Choose among the needs listed, five at most.")),
    "channel_unknown": Refusal(422, lazy("Choose among the ways listed.")),
    "agreement_missing": Refusal(
        422, lazy("Ask the customer first, then tick that they agree to be called.")
    ),
    "lead_already_yours": Refusal(
        409, lazy("You reported this customer already. See how far it is in your leads.")
    ),
    "still_taken": Refusal(
        409,
        counted(
            "Still protected for %(days)s more day. Watch it, and you hear when it is free.",
            "Still protected for %(days)s more days. Watch it, and you hear when it is free.",
            "days",
        ),
    ),
    "customer_objected": Refusal(
        409, lazy("This customer asked not to be called. Please leave them in peace.")
    ),
    "customer_blacklisted": Refusal(
        409, lazy("The company takes no leads for this number. Ask operations if that is wrong.")
    ),
    "too_many_checks": Refusal(
        429, lazy("No more checks for today. Report the lead: you hear at once if it is taken.")
    ),
    "lead_door_unknown": Refusal(
        404, lazy("This code leads nowhere. Ask your contact to show it again.")
    ),
    "too_many_at_door": Refusal(
        429, lazy("Too many numbers from here. Wait %(minutes)s minutes, then go on.")
    ),
    "objection_unknown": Refusal(
        404, lazy("This link leads nowhere. Open the one in the message you got.")
    ),
    "own_lead": Refusal(403, lazy("You reported this one yourself. Leave it to a colleague.")),
    "lead_held": Refusal(
        409, lazy("This one waits among the suspicious ones. Decide about it there first.")
    ),
    "already_reviewed": Refusal(
        409, lazy("A colleague decided about this one already. Go on with the next.")
    ),
    "too_many_leads": Refusal(422, lazy("%(most)s at a time at most. Choose fewer.")),
    "no_leads_chosen": Refusal(422, lazy("Choose at least one lead first.")),
    "not_blacklisted": Refusal(404, lazy("This number is not on the list any more.")),
    # following up
    "not_your_lead": Refusal(
        403, lazy("A colleague follows this lead up. Tell them, or ask operations to change it.")
    ),
    "note_missing": Refusal(422, lazy("Write a few words first: what was said, what comes next.")),
    "lead_not_open": Refusal(
        409,
        lazy("This lead is not followed up now, so nobody is chosen for it. Read its passport."),
    ),
    "owner_not_sales": Refusal(422, lazy("Choose a salesperson of the list.")),
    "owner_already": Refusal(409, lazy("They follow this lead up already. Choose somebody else.")),
    # customer records
    "customer_unknown": Refusal(404, lazy("This customer is not in your list.")),
    "customer_tag_missing": Refusal(422, lazy("Write a tag first, such as “wants a garden”.")),
    "customer_tag_number": Refusal(
        422, lazy("This is a phone number. A tag says what a customer is like, in a word or two.")
    ),
    "customer_tag_long": Refusal(422, lazy("A tag has %(most)s characters at most.")),
    "customer_tags_full": Refusal(
        409, lazy("A customer has %(most)s tags at most. Take one off first.")
    ),
    # networks
    "network_unnamed": Refusal(422, lazy("Give the network a name, such as the store it is in.")),
    "network_unknown": Refusal(404, lazy("This network is not in the list. Load the page again.")),
    "network_registered": Refusal(409, lazy("This network is registered already.")),
    # personal data
    "reveals_spent": Refusal(
        429, lazy("%(most)s numbers were shown to you today, and that is all. Go on tomorrow.")
    ),
    "phone_gone": Refusal(404, lazy("There is no number here any more.")),
    "name_missing": Refusal(422, lazy("Type the name as it should be.")),
    "request_missing": Refusal(422, lazy("Say in a few words what should change.")),
    "request_open": Refusal(409, lazy("You have asked already. An administrator will answer you.")),
    "request_unknown": Refusal(404, lazy("This request is answered already, or never was.")),
    "own_request": Refusal(403, lazy("This one is your own. Leave it to another administrator.")),
    "money_waiting": Refusal(
        409, lazy("Money is still owed here. Once it is paid out, everything can be erased.")
    ),
    "not_confirmed": Refusal(422, lazy("Tick that you know it can't be undone.")),
}
