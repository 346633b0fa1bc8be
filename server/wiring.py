"""What causes what: each event with those who listen, in order, in the transaction of the cause."""

from server.actions import listeners as actions
from server.actions.events import ActionReported, PointsChanged, VerdictAsked
from server.battles import listeners as battles
from server.boards import goals
from server.boards import listeners as boards
from server.challenges import faces
from server.challenges import listeners as challenges
from server.honours import listeners as honours
from server.kit import events
from server.people.events import PersonOptedOut, SessionEnded
from server.plans.events import PlanLaunched


def wire() -> None:
    """Set the table."""
    goals.answer(faces.goal)
    events.listen(
        {
            PlanLaunched: (battles.open_battles, honours.open_rounds),
            ActionReported: (actions.tell_reviewers,),
            VerdictAsked: (
                battles.guard_audit,
                challenges.decide_after_review,
            ),
            PointsChanged: (
                battles.count_points,
                challenges.count_points,
            ),
            PersonOptedOut: (battles.take_off, challenges.take_off, boards.stop_naming),
            SessionEnded: (boards.end_sockets,),
        }
    )
