"""Every "no" of the product: one table from its code to its status and its sentence.

A sentence says what to do. `{names}` are filled from the facts of the RuleViolation.
"""

from typing import NamedTuple


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "translate this later"
    """Mark a sentence for the catalogue."""
    return text


class Refusal(NamedTuple):
    """How a refusal is answered."""

    status: int
    sentence: str


REFUSALS: dict[str, Refusal] = {
    # requests
    "not_found": Refusal(404, N_("This page is not here. Go back, or start from Today.")),
    "not_allowed": Refusal(403, N_("This is for other roles. Ask your administrator if you need it.")),
    "sign_in_first": Refusal(401, N_("Sign in to go on.")),
    "foreign_origin": Refusal(403, N_("This came from another site and was not carried out. Open the page again and retry.")),
    "malformed": Refusal(400, N_("Something is missing or mistyped. Check the fields and send again.")),
    "too_large": Refusal(413, N_("The file is too large: 10 MB at most. Choose a smaller one.")),
    "method_not_allowed": Refusal(405, N_("This page can't do that. Go back and try again.")),
    "try_again": Refusal(503, N_("The server is busy for a moment. Nothing was lost: send again.")),
    "internal": Refusal(500, N_("Something went wrong on our side. Nothing was changed; try again.")),
    "idempotency_key_missing": Refusal(400, N_("The request has no Idempotency-Key. Send one with each write.")),
    "idempotency_mismatch": Refusal(422, N_("This form was already sent with other content. Open it again to send a new one.")),
    "still_running": Refusal(409, N_("Your first tap is still being handled. Wait a moment.")),
    # plans
    "plan_faults": Refusal(422, N_("The plan has faults. Mend each of those listed.")),
    "plan_unknown": Refusal(404, N_("There is no such plan. Choose one of the list.")),
    "plan_version_taken": Refusal(409, N_("Version {version} of this plan exists already. Give it the next number.")),
    "plan_already_launched": Refusal(409, N_("This version is launched already.")),
    "template_unknown": Refusal(404, N_("There is no such template. Choose one of the list.")),
    # actions
    "kind_unknown": Refusal(422, N_("The plan in force has no such kind of action. Choose another.")),
    "customer_unreadable": Refusal(422, N_("Enter the customer's phone number, or the company's own customer number.")),
    "note_too_long": Refusal(422, N_("The note is too long: {most} characters at most.")),
    "photo_unreadable": Refusal(422, N_("This photo can't be read. Choose a JPEG, PNG or WebP picture.")),
    "action_unknown": Refusal(404, N_("This action is not here.")),
    "own_action": Refusal(403, N_("Nobody decides on their own action. Leave it to a colleague.")),
    "already_decided": Refusal(409, N_("A colleague has decided this one already: {verdict}. Go on with the next.")),
    "reason_missing": Refusal(422, N_("Say why, so that the person understands.")),
    "not_auditor": Refusal(403, N_("After the cut-off only the audit group decides, and nobody of a competing side.")),
    # battles
    "battle_unknown": Refusal(404, N_("There is no such battle.")),
    "joining_closed": Refusal(409, N_("The battle has started: sides and stakes are fixed.")),
    "already_in_another_side": Refusal(409, N_("You are on {side} already. Leave it first.")),
    "side_unknown": Refusal(422, N_("There is no such side in this battle.")),
    "opted_out": Refusal(409, N_("You chose not to take part. Change it under Me first.")),
    "stake_not_covered": Refusal(409, N_("The stake is {stake}, you have {available} available. Earn more points first.")),
    "not_a_member": Refusal(409, N_("You are not on a side of this battle.")),
    "not_enough_sides": Refusal(409, N_("A battle needs two sides at least.")),
    "battle_not_auditing": Refusal(409, N_("The battle is not in audit now.")),
    "still_pending": Refusal(409, N_("{count} actions still wait for a decision. Decide them first.")),
    "cut_off_not_reached": Refusal(409, N_("The battle still runs until its cut-off.")),
    "already_settled": Refusal(409, N_("The battle is settled already.")),
    "battle_too_long": Refusal(422, N_("A battle lasts 49 days at most.")),
    "battle_in_the_past": Refusal(422, N_("The battle would start in the past. Choose a later start.")),
}
