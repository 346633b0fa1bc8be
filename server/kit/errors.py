"""Every "no" of the product: one table from its code to its status and its sentence.

A sentence says what to do. `%(names)s` are filled from the facts of the RuleViolation.
"""

from typing import NamedTuple

from server.kit.i18n import Lazy, lazy


class Refusal(NamedTuple):
    """How a refusal is answered."""

    status: int
    sentence: Lazy


REFUSALS: dict[str, Refusal] = {
    # requests
    "not_found": Refusal(404, lazy("This page is not here. Go back, or start from Today.")),
    "not_allowed": Refusal(
        403, lazy("This is for other roles. Ask your administrator if you need it.")
    ),
    "sign_in_first": Refusal(401, lazy("Sign in to go on.")),
    "foreign_origin": Refusal(
        403,
        lazy("This came from another site and was not carried out. Open the page again and retry."),
    ),
    "malformed": Refusal(
        400, lazy("Something is missing or mistyped. Check the fields and send again.")
    ),
    "too_large": Refusal(413, lazy("The file is too large: 10 MB at most. Choose a smaller one.")),
    "method_not_allowed": Refusal(405, lazy("This page can't do that. Go back and try again.")),
    "try_again": Refusal(
        503, lazy("The server is busy for a moment. Nothing was lost: send again.")
    ),
    "internal": Refusal(
        500, lazy("Something went wrong on our side. Nothing was changed; try again.")
    ),
    "idempotency_key_missing": Refusal(
        400, lazy("The request has no Idempotency-Key. Send one with each write.")
    ),
    "idempotency_mismatch": Refusal(
        422, lazy("This form was already sent with other content. Open it again to send a new one.")
    ),
    "still_running": Refusal(409, lazy("Your first tap is still being handled. Wait a moment.")),
    # ledger
    "amount_too_large": Refusal(
        422, lazy("This amount is larger than a ledger keeps. Check the figures of the plan.")
    ),
    "not_covered": Refusal(409, lazy("There is not enough in the wallet for this.")),
    # people
    "code_refused": Refusal(
        401, lazy("This code is wrong or too old. Check it, or ask for a new one.")
    ),
    "code_sent_today": Refusal(
        429, lazy("No more codes today. Sign in with your passcode, or ask for an invite.")
    ),
    "code_too_soon": Refusal(429, lazy("A code is on its way. Wait a minute before the next.")),
    "file_unreadable": Refusal(422, lazy("%(path)s can't be read: %(reason)s.")),
    "invite_spent": Refusal(
        410, lazy("This invite was used or is too old. Ask your administrator for a new one.")
    ),
    "key_file_broken": Refusal(
        503, lazy("%(path)s can't be read as a key file. Put its backup in its place.")
    ),
    "key_file_open": Refusal(503, lazy("Others can read %(path)s. Type: chmod 600 %(path)s")),
    "last_administrator": Refusal(
        409, lazy("Somebody has to administer. Make a colleague administrator first.")
    ),
    "old_passcode_wrong": Refusal(
        401, lazy("The passcode until now is wrong. If you lost it, sign in with a code first.")
    ),
    "passcode_length": Refusal(
        422, lazy("A passcode has %(least)s to %(most)s characters. Choose one of that length.")
    ),
    "passcodes_differ": Refusal(
        422, lazy("The two passcodes are not the same. Type the new one twice.")
    ),
    "people_faults": Refusal(
        422, lazy("Nothing was imported. Mend each of the %(count)s lines listed, and send again.")
    ),
    "person_inactive": Refusal(
        409, lazy("This person no longer takes part. Let them in again first.")
    ),
    "person_unknown": Refusal(404, lazy("There is no such person. Choose one of the list.")),
    "phone_sealed_elsewhere": Refusal(
        409, lazy("This phone doesn't open with the present key file. Restore its backup.")
    ),
    "phone_unreadable": Refusal(
        422,
        lazy("Enter 11 digits, or begin with +886, +852 or +853 for Taiwan, Hong Kong and Macau."),
    ),
    "role_unknown": Refusal(422, lazy("There is no such role. Choose among those listed.")),
    "sheet_refused": Refusal(
        422, lazy("This file can't be read as a table. Save it as CSV or XLSX and send it again.")
    ),
    "sign_in_refused": Refusal(
        401, lazy("The company ID or the passcode is wrong. Check both, or use a one-time code.")
    ),
    "store_unknown": Refusal(404, lazy("There is no such store. Choose one of the list.")),
    "too_many_tries": Refusal(
        429, lazy("Too many tries. Wait %(minutes)s minutes, or use a one-time code.")
    ),
    # plans
    "plan_faults": Refusal(422, lazy("The plan has faults. Mend each of those listed.")),
    "document_unreadable": Refusal(
        422, lazy("This file is no text in UTF-8. Save it as UTF-8 and choose it again.")
    ),
    "plan_unknown": Refusal(404, lazy("There is no such plan. Choose one of the list.")),
    "plan_version_taken": Refusal(
        409, lazy("Version %(version)s of this plan exists already. Give it the next number.")
    ),
    "plan_already_launched": Refusal(409, lazy("This version is launched already.")),
    "template_unknown": Refusal(404, lazy("There is no such template. Choose one of the list.")),
    # actions
    "kind_unknown": Refusal(
        422, lazy("The plan in force has no such kind of action. Choose another.")
    ),
    "customer_faults": Refusal(
        422, lazy("Nothing was imported. Mend each of the %(count)s lines listed, and send again.")
    ),
    "customer_unreadable": Refusal(
        422, lazy("Enter the customer's phone number, or the company's own customer number.")
    ),
    "note_too_long": Refusal(422, lazy("The note is too long: %(most)s characters at most.")),
    "too_many_photos": Refusal(422, lazy("%(most)s photos at most. Choose the clearest ones.")),
    "photo_unreadable": Refusal(
        422, lazy("This photo can't be read. Choose a JPEG, PNG or WebP picture.")
    ),
    "action_unknown": Refusal(404, lazy("This action is not here.")),
    "own_action": Refusal(
        403, lazy("Nobody decides on their own action. Leave it to a colleague.")
    ),
    "already_decided": Refusal(
        409, lazy("A colleague has decided this one already. Go on with the next.")
    ),
    "reason_missing": Refusal(422, lazy("Say why, so that the person understands.")),
    "not_auditor": Refusal(
        403, lazy("After the cut-off only the audit group decides, and nobody of a competing side.")
    ),
    # boards
    "score_too_high": Refusal(
        422, lazy("A board holds at most %(most)s points a person. Lower the plan's points first.")
    ),
    # battles
    "battle_unknown": Refusal(404, lazy("There is no such battle.")),
    "joining_closed": Refusal(409, lazy("The battle has started: sides and stakes are fixed.")),
    "already_in_another_side": Refusal(409, lazy("You are on %(side)s already. Leave it first.")),
    "already_joined": Refusal(409, lazy("You are on this side already.")),
    "battle_not_draft": Refusal(409, lazy("This battle is open already.")),
    "side_unknown": Refusal(422, lazy("There is no such side in this battle.")),
    "opted_out": Refusal(409, lazy("You chose not to take part. Change it under Me first.")),
    "stake_not_covered": Refusal(
        409,
        lazy("The stake is %(stake)s, you have %(available)s available. Earn more points first."),
    ),
    "not_a_member": Refusal(409, lazy("You are not on a side of this battle.")),
    "not_enough_sides": Refusal(409, lazy("A battle needs two sides at least.")),
    "battle_not_settled": Refusal(
        409, lazy("The battle is not settled yet. Its result stands here once the pot is paid.")
    ),
    "battle_not_auditing": Refusal(409, lazy("The battle is not in audit now.")),
    "still_pending": Refusal(
        409, lazy("%(count)s actions still wait for a decision. Decide them first.")
    ),
    "cut_off_not_reached": Refusal(409, lazy("The battle still runs until its cut-off.")),
    "already_settled": Refusal(409, lazy("The battle is settled already.")),
    "battle_too_long": Refusal(422, lazy("A battle lasts 49 days at most.")),
    "battle_in_the_past": Refusal(
        422, lazy("The battle would start in the past. Choose a later start.")
    ),
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
    "coupon_unknown": Refusal(404, lazy("There is no such coupon. Scan the customer's own ticket.")),
    "coupon_used": Refusal(409, lazy("Used %(at)s in %(store)s. It works once.")),
    "coupon_wrong_store": Refusal(409, lazy("Good in another store only: %(stores)s.")),
    "not_first_order": Refusal(
        409, lazy("For the first order only, and this customer has bought before.")
    ),
    "not_your_redemption": Refusal(
        403, lazy("Only who redeemed it undoes it. A store manager can refund the order.")
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
    # honours
    "all_awarded": Refusal(409, lazy("This title goes to %(top)s, and they have it already.")),
    "already_awarded": Refusal(409, lazy("They have this title already.")),
    "already_nominated": Refusal(409, lazy("You nominated them already. Others may do it too.")),
    "colleague_unknown": Refusal(
        422, lazy("Nobody here is called that. Enter the whole name or the company ID.")
    ),
    "honour_not_closed": Refusal(409, lazy("The result does not stand yet. Wait until it closes.")),
    "honour_revoked": Refusal(409, lazy("This title was taken back already.")),
    "honour_unknown": Refusal(404, lazy("There is no such title. Choose one of the list.")),
    "name_is_several": Refusal(
        422, lazy("Several people are called that. Enter the company ID instead.")
    ),
    "nominations_closed": Refusal(409, lazy("Nominations are closed. Join in next time.")),
    "nominations_spent": Refusal(
        409, lazy("You nominated %(most)s colleagues already. Leave the others to others.")
    ),
    "not_a_candidate": Refusal(422, lazy("They can't be chosen here. Take one of the list.")),
    "not_nominated_here": Refusal(
        409, lazy("This title goes by what everybody did. Nobody is nominated for it.")
    ),
    "not_your_honour": Refusal(403, lazy("Only the person whose title it is tells its story.")),
    "own_honour": Refusal(403, lazy("Nobody awards or revokes their own title. Ask a colleague.")),
    "own_nomination": Refusal(409, lazy("Nominate a colleague, not yourself or your own team.")),
    "own_vote": Refusal(409, lazy("Vote for a colleague, not for yourself or your own team.")),
    "sentence_missing": Refusal(422, lazy("Say in a sentence what they did.")),
    "sentence_too_long": Refusal(422, lazy("The sentence is too long: %(most)s characters at most.")),
    "story_too_long": Refusal(422, lazy("The story is too long: %(most)s characters at most.")),
    "voting_closed": Refusal(409, lazy("There is no vote now. You will be told when it opens.")),
    # antispam
    "suspicion_unknown": Refusal(404, lazy("There is nothing here to look at any more.")),
    "own_suspicion": Refusal(
        403, lazy("You have a part in this one, or decided it before. Leave it to a colleague.")
    ),
    "appeal_missing": Refusal(422, lazy("Write what we should know, so that somebody can decide.")),
    "appeal_closed": Refusal(409, lazy("You can answer back once, while something is refused.")),
    # challenges and screens
    "challenge_unknown": Refusal(404, lazy("There is no such challenge. Choose one of the list.")),
    "challenge_not_draft": Refusal(409, lazy("This challenge is open already.")),
    "challenge_in_the_past": Refusal(
        422, lazy("The challenge must end after it starts, and not in the past. Move its times.")
    ),
    "challenge_too_long": Refusal(422, lazy("A challenge lasts %(days)s days at most.")),
    "challenge_too_often": Refusal(
        409, lazy("This template is used up for now: %(most)s in a period. Choose another one.")
    ),
    "challenge_joined": Refusal(409, lazy("You take part already.")),
    "challenge_not_joined": Refusal(409, lazy("You don't take part in this challenge.")),
    "challenge_over": Refusal(409, lazy("This challenge is over. Look at the next one.")),
    "challenge_running": Refusal(409, lazy("This challenge still runs until its end.")),
    "challenge_no_side": Refusal(
        409, lazy("This contest is between sides, and you are on none. Ask operations for one.")
    ),
    "window_unreadable": Refusal(
        422, lazy("Choose what counts double, and a time that ends later than now.")
    ),
    "draft_waits": Refusal(
        409, lazy("A draft of this plan waits. Launch it first, then add the window.")
    ),
    "screen_unknown": Refusal(404, lazy("There is no such screen.")),
    "screen_name_missing": Refusal(422, lazy("Give the screen a name, such as: by the door.")),
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
    "greeting_too_long": Refusal(422, lazy("The greeting is too long: %(most)s characters at most.")),
    # rewards
    "hold_resolved": Refusal(
        409, lazy("These points are spent or set free already. Open the page again.")
    ),
    "own_redemption": Refusal(
        403, lazy("Nobody hands out or approves their own. Leave it to a colleague.")
    ),
    "redemption_needs_approval": Refusal(
        409, lazy("This one is approved, not handed over. Operations decide on it.")
    ),
    "redemption_needs_counter": Refusal(
        409, lazy("This one is handed over at the counter, against its code.")
    ),
    "redemption_over": Refusal(
        409, lazy("This is not waiting any more: it was fulfilled, cancelled or ran out.")
    ),
    "redemption_unknown": Refusal(
        404, lazy("There is no such redemption. Check the code, or open your list.")
    ),
    "reward_archived": Refusal(410, lazy("This reward is not offered any more. Choose another.")),
    "reward_coupon_missing": Refusal(
        409, lazy("The plan in force has no such coupon now. Tell operations.")
    ),
    "reward_limit_reached": Refusal(
        409, lazy("You have had this as often as one may for now. Choose another, or come back.")
    ),
    "reward_not_covered": Refusal(
        409, lazy("You are %(missing)s points short. Earn a few more first.")
    ),
    "reward_not_for_you": Refusal(403, lazy("This reward is for other colleagues. See the rest.")),
    "reward_price_changed": Refusal(
        409, lazy("The price is %(points)s points now. Look again, then decide.")
    ),
    "reward_sold_out": Refusal(
        409, lazy("The last one is gone. Operations are told when stock is low; look again soon.")
    ),
    "reward_terms": Refusal(422, lazy("Check this field: it needs a sensible number or choice.")),
    "reward_title_missing": Refusal(422, lazy("Give the reward a name that colleagues know.")),
    "reward_unknown": Refusal(404, lazy("There is no such reward. See the others.")),
    "suggestion_answered": Refusal(409, lazy("A colleague has answered this one already.")),
    "suggestion_too_long": Refusal(
        422, lazy("Too long: %(most)s characters at most. Say it shorter.")
    ),
    "suggestion_unknown": Refusal(404, lazy("There is no such suggestion.")),
    "suggestion_words_missing": Refusal(422, lazy("Say what you would like, and why.")),
    # badges
    "badge_unknown": Refusal(404, lazy("There is no such badge. Choose one of the list.")),
    # demo
    "company_is_real": Refusal(
        409,
        lazy("This database holds a company that is no demo. Name an empty one in DATABASE_URL."),
    ),
    "database_refuses": Refusal(
        503, lazy("The database can't be used: %(fault)s. Check DATABASE_URL, or unset it.")
    ),
    "port_taken": Refusal(
        409,
        lazy("Port %(port)s is taken, or not for this user. Type: PORT=%(free)s make demo"),
    ),
    "reset_of_a_named_database": Refusal(
        409,
        lazy(
            "DATABASE_URL is set, and only the demo's own database is ever emptied. "
            "Unset it and try again."
        ),
    ),
}
