"""What a notice says: one table from its kind to its title and sentence.

`%(names)s` are filled from the facts of the notice. A fact that is a table of three locales (a
title of a plan) is said in the reader's, a moment (ISO 8601) as people say it, an integer with
its thousands.
"""

from typing import Final

from server.kit.i18n import Lazy, counted, lazy
from server.notifications.battle_words import BATTLES
from server.notifications.lead_words import LEADS
from server.notifications.wording import Words

GROUPS: Final[dict[str, Lazy]] = {
    "battle": lazy("Battles"),
    "money": lazy("Rewards and points"),
    "coupon": lazy("Coupons"),
    "honour": lazy("Badges and titles"),
    "challenge": lazy("Challenges"),
    "lead": lazy("Leads"),
    "review": lazy("Checks"),
}
"""The headings of the inbox."""

WORDS: Final[dict[str, Words]] = {
    **BATTLES,
    **LEADS,
    # ledger
    "reward_arrived": Words(
        "money", lazy("Reward arrived"), lazy("%(title)s: %(sum)s. It is in your wallet.")
    ),
    # rewards
    "reward_ready": Words(
        "money",
        lazy("Ready to pick up"),
        lazy("%(title)s: show its code at the counter before %(until)s."),
    ),
    "reward_approved": Words(
        "money",
        lazy("Approved"),
        counted(
            "%(title)s is approved. %(points)s point is spent for it.",
            "%(title)s is approved. %(points)s points are spent for it.",
            "points",
        ),
    ),
    "reward_refused": Words(
        "money",
        lazy("Not approved"),
        counted(
            "%(title)s: %(reason)s Your %(points)s point is back.",
            "%(title)s: %(reason)s Your %(points)s points are back.",
            "points",
        ),
    ),
    "reward_ending": Words(
        "money",
        lazy("Kept until tomorrow"),
        lazy("%(title)s is kept until %(until)s. After that your points come back."),
    ),
    "reward_expired": Words(
        "money",
        lazy("It waited too long"),
        counted(
            "%(title)s expired. Your %(points)s point is back; redeem it again if you like.",
            "%(title)s expired. Your %(points)s points are back; redeem it again if you like.",
            "points",
        ),
    ),
    "reward_low": Words(
        "money",
        lazy("Stock is low"),
        lazy("%(title)s: %(left)s left. Restock it, or take it off."),
    ),
    "suggestion_taken": Words(
        "money",
        lazy("Your suggestion is taken"),
        lazy("%(title)s: %(answer)s"),
    ),
    "suggestion_declined": Words(
        "money",
        lazy("Your suggestion is answered"),
        lazy("%(title)s: %(answer)s"),
    ),
    # badges
    "badge_earned": Words(
        "honour",
        lazy("A badge is yours"),
        lazy("%(badge)s, %(tier)s. You earned it."),
    ),
    "badges_earned": Words(
        "honour",
        lazy("Badges are yours"),
        lazy("%(n)s badges for what you have done: %(badges)s."),
    ),
    "badge_revoked": Words(
        "honour",
        lazy("A badge was taken back"),
        lazy("%(badge)s, %(tier)s: “%(what)s” no longer counts: %(reason)s."),
    ),
    # honours
    "honour_nominated": Words(
        "honour",
        lazy("You were nominated"),
        lazy("A colleague nominated you for %(title)s: “%(sentence)s”"),
    ),
    "honour_vote_open": Words(
        "honour",
        lazy("Vote for %(title)s"),
        lazy("Who deserves it for %(period)s? One vote each, and nobody sees whose."),
    ),
    "honour_awarded": Words(
        "honour",
        lazy("%(title)s: it is you"),
        lazy("%(period)s: %(reason)s"),
    ),
    "honour_story_asked": Words(
        "honour",
        lazy("Tell us how you did it"),
        lazy("A few sentences beside your name on %(title)s. Shown only when you say so."),
    ),
    "honour_story_drafted": Words(
        "honour",
        lazy("A story about you"),
        lazy("We wrote one for %(title)s. Read it, change it, and say whether others may see it."),
    ),
    "honour_revoked": Words(
        "honour",
        lazy("%(title)s was taken back"),
        lazy("%(period)s: %(reason)s"),
    ),
    # challenges
    "challenge_invited": Words(
        "challenge",
        lazy("A challenge for you"),
        lazy("%(title)s runs until %(until)s. One tap and you are in."),
    ),
    "challenge_starts": Words(
        "challenge", lazy("It starts"), lazy("%(title)s has begun and runs until %(until)s.")
    ),
    "challenge_reached": Words(
        "challenge",
        lazy("Reached together"),
        lazy("%(title)s: %(done)s of %(total)s steps. Well done."),
    ),
    "challenge_missed": Words(
        "challenge",
        lazy("Not quite this time"),
        lazy("%(title)s ended with %(done)s of %(total)s steps. Your own points stay yours."),
    ),
    "bonus_arrived": Words(
        "money",
        lazy("Bonus arrived"),
        lazy("%(title)s is reached. Your share of the bonus: %(sum)s."),
    ),
    # coupons and referrals
    "coupon_ending": Words(
        "coupon",
        lazy("A coupon ends soon"),
        lazy("%(what)s is good until %(until)s. Show it in the store before then."),
    ),
    "referral_claimed": Words(
        "money",
        lazy("Your invitation was claimed"),
        lazy("%(friend)s has your coupons. Your reward comes with their first order."),
    ),
    "referral_back": Words(
        "money",
        lazy("A reward was taken back"),
        lazy("%(what)s for %(friend)s went back: %(why)s."),
    ),
    "referral_kept": Words(
        "money",
        lazy("A reward you used stays yours"),
        lazy("%(what)s for %(friend)s was used before this: %(why)s. You owe nothing."),
    ),
    "referral_reward": Words(
        "money",
        lazy("Reward arrived"),
        lazy("%(friend)s came through you. You get %(what)s."),
    ),
    # deals
    "deal_counted": Words(
        "money", lazy("Your deal counts"), lazy("%(contract)s, %(sum)s: checked and found true.")
    ),
    "deal_refused": Words(
        "money", lazy("This deal was not accepted"), lazy("%(contract)s: %(reason)s")
    ),
    "deal_refunded": Words(
        "money",
        lazy("A deal was refunded"),
        lazy("%(contract)s: what it paid goes back. %(reason)s"),
    ),
    "deal_struck": Words(
        "money",
        lazy("A deal was struck"),
        lazy("%(contract)s: not right? Talk to operations. %(reason)s"),
    ),
    # commissions and budgets
    "commission_arrived": Words(
        "money",
        lazy("Commission arrived"),
        lazy("%(title)s: %(sum)s for a deal of %(base)s. It is in your wallet."),
    ),
    "commission_back": Words(
        "money",
        lazy("A commission was taken back"),
        lazy("%(title)s: %(sum)s for a deal of %(base)s went back: %(why)s."),
    ),
    "budget_near": Words(
        "money",
        lazy("A budget is nearly used"),
        lazy("%(what)s: %(spent)s of %(cap)s is spent. Raise the cap in good time, or let it end."),
    ),
    "budget_reached": Words(
        "money",
        lazy("A budget is used up"),
        lazy("%(what)s: what is due does not fit under %(cap)s. It waits until you raise the cap."),
    ),
    # antispam
    "under_review": Words(
        "review",
        lazy("A colleague has a look first"),
        lazy("%(what)s waits until somebody has looked at it: %(why)s. Everything else goes on."),
    ),
    "review_cleared": Words(
        "review",
        lazy("Looked at: all in order"),
        lazy("%(what)s goes on as usual. Thank you for waiting."),
    ),
    "review_refused": Words(
        "review",
        lazy("This was not given"),
        lazy("%(what)s: %(why)s. Not right? Open this and tell us once; somebody else decides."),
    ),
    "review_settled": Words(
        "review",
        lazy("Looked at a second time"),
        lazy("%(what)s is not given, and this is final: %(why)s."),
    ),
    "many_reveals": Words(
        "review",
        lazy("Many numbers were looked at"),
        lazy("%(name)s was shown %(n)s phone numbers today. See which, and why."),
    ),
    # actions
    "reviews_wait": Words(
        "review",
        lazy("Reviews wait for you"),
        counted(
            "%(n)s action waits for more than two hours. Open the queue.",
            "%(n)s actions wait for more than two hours. Open the queue.",
            "n",
        ),
    ),
    # special contributions
    "special_waits": Words(
        "review",
        lazy("A special contribution waits"),
        counted(
            "%(points)s point was proposed. Read why, and confirm it or not.",
            "%(points)s points were proposed. Read why, and confirm it or not.",
            "points",
        ),
    ),
    "special_given": Words(
        "money",
        lazy("Special contribution"),
        counted(
            "+%(points)s point: %(reason)s. It is in your wallet.",
            "+%(points)s points: %(reason)s. They are in your wallet.",
            "points",
        ),
    ),
    # settlements
    "settlement_waits": Words(
        "money",
        lazy("A settlement waits for you"),
        counted(
            "%(period)s is computed: %(sum)s for %(people)s person. Look at it and approve it.",
            "%(period)s is computed: %(sum)s for %(people)s people. Look at it and approve it.",
            "people",
        ),
    ),
    "payment_late": Words(
        "money",
        lazy("To be paid by now"),
        counted(
            "%(period)s: %(people)s statement was to be paid by %(until)s. Mark what is paid.",
            "%(period)s: %(people)s statements were to be paid by %(until)s. Mark what is paid.",
            "people",
        ),
    ),
    "statement_ready": Words(
        "money",
        lazy("Your statement is there"),
        lazy("%(period)s: you are owed %(sum)s. Every line says where it comes from."),
    ),
    "statement_paid": Words(
        "money",
        lazy("Paid out"),
        lazy("%(period)s: %(sum)s was paid to you. Your statement says for what."),
    ),
}
