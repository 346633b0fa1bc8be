"""What thanks refuse: rewards, badges, honours, challenges."""

from server.kit.errors.refusal import Refusal
from server.kit.i18n import counted, lazy

THANKS: dict[str, Refusal] = {
    # cards
    "card_none": Refusal(
        404,
        lazy("There is no picture of this: you can share what you won, hold or offer yourself."),
    ),
    "card_opted_out": Refusal(
        409,
        lazy("You take no part, so no picture shows you. Take part again under Me to share one."),
    ),
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
        409,
        counted(
            "You are %(missing)s point short. Earn it first.",
            "You are %(missing)s points short. Earn a few more first.",
            "missing",
        ),
    ),
    "reward_not_for_you": Refusal(403, lazy("This reward is for other colleagues. See the rest.")),
    "reward_price_changed": Refusal(
        409,
        counted(
            "The price is %(points)s point now. Look again, then decide.",
            "The price is %(points)s points now. Look again, then decide.",
            "points",
        ),
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
    # honours
    "all_awarded": Refusal(409, lazy("This title goes to %(top)s, and they have it already.")),
    "already_awarded": Refusal(409, lazy("They have this title already.")),
    "already_nominated": Refusal(409, lazy("You nominated them already. Others may do it too.")),
    "colleague_unknown": Refusal(
        422, lazy("Nobody here is called that. Enter the whole name or the staff number.")
    ),
    "honour_not_closed": Refusal(409, lazy("The result does not stand yet. Wait until it closes.")),
    "honour_revoked": Refusal(409, lazy("This title was taken back already.")),
    "honour_unknown": Refusal(404, lazy("There is no such title. Choose one of the list.")),
    "name_is_several": Refusal(
        422, lazy("Several people are called that. Enter the staff number instead.")
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
    "sentence_too_long": Refusal(
        422, lazy("The sentence is too long: %(most)s characters at most.")
    ),
    "story_too_long": Refusal(422, lazy("The story is too long: %(most)s characters at most.")),
    "voting_closed": Refusal(409, lazy("There is no vote now. You will be told when it opens.")),
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
}
