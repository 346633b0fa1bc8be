"""What a campaign refuses: plans, actions, boards, battles."""

from server.kit.errors.refusal import Refusal
from server.kit.i18n import counted, lazy

CAMPAIGNS: dict[str, Refusal] = {
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
        422,
        counted(
            "Nothing was imported. Mend the line listed, and send again.",
            "Nothing was imported. Mend each of the %(count)s lines listed, and send again.",
            "count",
        ),
    ),
    "customer_unreadable": Refusal(
        422, lazy("Enter the customer's phone number, or the company's own customer number.")
    ),
    "special_closed": Refusal(
        409, lazy("This plan knows no special contributions: add [special] to it.")
    ),
    "special_own": Refusal(403, lazy("This is for yourself: leave it to somebody else.")),
    "special_second": Refusal(403, lazy("You proposed it: somebody else has to confirm it.")),
    "special_points": Refusal(422, lazy("Enter a whole number from 1 to %(most)s.")),
    "special_reason": Refusal(
        422, lazy("Say what was special, in %(least)s to %(most)s characters.")
    ),
    "special_decided": Refusal(409, lazy("This is decided already. Read on in the list.")),
    "special_day_full": Refusal(
        409,
        counted(
            "Today %(left)s point is left to give. Confirm it on another day.",
            "Today %(left)s points are left to give. Confirm it on another day.",
            "left",
        ),
    ),
    "special_person": Refusal(
        422, lazy("Nobody or more than one is called that. Enter their staff number.")
    ),
    "special_unknown": Refusal(404, lazy("This proposal is not here. Choose one of the list.")),
    "starter_unreadable": Refusal(
        422, lazy("Enter for each who started work a phone or number, and the day they started.")
    ),
    "too_many_starters": Refusal(422, lazy("Name %(most)s people at most.")),
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
        409,
        counted(
            "%(count)s action still waits for a decision. Decide it first.",
            "%(count)s actions still wait for a decision. Decide them first.",
            "count",
        ),
    ),
    "cut_off_not_reached": Refusal(409, lazy("The battle still runs until its cut-off.")),
    "already_settled": Refusal(409, lazy("The battle is settled already.")),
    "battle_too_long": Refusal(422, lazy("A battle lasts 49 days at most.")),
    "battle_in_the_past": Refusal(
        422, lazy("The battle would start in the past. Choose a later start.")
    ),
}
