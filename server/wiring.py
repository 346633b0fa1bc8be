"""What causes what: each event with those who listen, in order, in the transaction of the cause."""

from server.actions import customers
from server.actions import listeners as actions
from server.actions.events import ActionReported, OutcomesChanged, PointsChanged, VerdictAsked
from server.antispam import listeners as antispam
from server.antispam.events import SuspicionDecided
from server.badges import listeners as badges
from server.battles import listeners as battles
from server.battles.events import BattleSettled
from server.boards import goals
from server.boards import listeners as boards
from server.challenges import faces
from server.challenges import listeners as challenges
from server.challenges.events import ChallengeFinished
from server.commissions import listeners as commissions
from server.coupons import listeners as coupons
from server.coupons.events import OrderPlaced, OrderReversed
from server.deals import forgetting as deal_forgetting
from server.deals import listeners as deals
from server.deals.events import DealChecked, DealReversed
from server.honours import listeners as honours
from server.kit import events
from server.leads import forgetting, reviewing, scoring, watching
from server.leads import listeners as leads
from server.leads.events import LeadAdvanced
from server.notifications.events import PeopleNotified
from server.people.events import (
    ManyPhonesSeen,
    PersonDismissed,
    PersonErased,
    PersonOptedOut,
    RolesTaken,
    SessionEnded,
)
from server.plans.events import PlanLaunched
from server.push import listeners as push
from server.referrals import listeners as referrals
from server.referrals.events import ReferralReversed, ReferralRewarded
from server.rewards.events import RewardFulfilled


def wire() -> None:
    """Set the table."""
    goals.answer(faces.goal)
    events.listen(
        {
            PlanLaunched: (
                battles.open_battles,
                honours.open_rounds,
                badges.recount_everybody,
                commissions.look_again,
            ),
            ActionReported: (actions.tell_reviewers,),
            VerdictAsked: (
                battles.guard_audit,
                challenges.decide_after_review,
            ),
            PointsChanged: (
                battles.count_points,
                challenges.count_points,
            ),
            OutcomesChanged: (badges.recount_actions,),
            BattleSettled: (badges.recount_battle,),
            ChallengeFinished: (badges.recount_challenge,),
            OrderPlaced: (referrals.count_deal, coupons.note_payer, deals.take_order),
            OrderReversed: (referrals.take_back, deals.take_back),
            SuspicionDecided: (referrals.go_on, reviewing.go_on, commissions.go_on),
            DealChecked: (commissions.count_deal,),
            DealReversed: (commissions.take_back,),
            LeadAdvanced: (
                leads.assign_valid,
                scoring.count_stage,
                watching.tell_when_freed,
                reviewing.count_again,
            ),
            RewardFulfilled: (badges.recount_reward,),
            ReferralRewarded: (badges.recount_referral,),
            ReferralReversed: (badges.take_back_referral,),
            PersonOptedOut: (battles.take_off, challenges.take_off, boards.stop_naming),
            PersonDismissed: (leads.hand_over_dismissed,),
            RolesTaken: (leads.hand_over_retired,),
            ManyPhonesSeen: (antispam.tell_administrators,),
            PersonErased: (
                customers.forget,
                antispam.forget_person,
                forgetting.forget_customer,
                deal_forgetting.forget_customer,
                push.forget_person,
            ),
            SessionEnded: (boards.end_sockets, push.turn_off_signed_out),
            PeopleNotified: (push.push_soon,),
        }
    )
