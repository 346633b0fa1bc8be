"""Stories: told by the winner, or written for them; shown only when they agree (F3, K6)."""

from uuid import UUID

import msgspec

from game.errors import RuleViolation
from game.honours import STORY_MAX
from server.honours import queries, words
from server.honours.commands import page_of, subject_of
from server.honours.queries import Award
from server.kit import db, ids
from server.kit.db import command
from server.notifications.notices import notify
from server.people.rights import record


class Story(msgspec.Struct, frozen=True):
    """What a winner says: a few sentences, and what others may see of them."""

    text: str
    shows_story: bool
    shows_name: bool = False


@command
async def tell(award_id: UUID, by: UUID, told: Story) -> None:
    """Keep the story of one's own title, and whether others may read it (F3, K6).

    Refused as `not_your_honour`, `story_too_long`.
    """
    had = await queries.award(award_id)
    if had.kind == "team" or by not in had.people:
        raise RuleViolation("not_your_honour")
    await _keep_story(had, by, told)


@command
async def draft(award_id: UUID, by: UUID, text: str) -> None:
    """Write a story for a winner, who then says whether it may be shown; a team's is shown at once.

    Refused as `honour_unknown`, `story_too_long`.
    """
    had = await queries.award(award_id)
    is_team = had.kind == "team"
    await _keep_story(had, by, Story(text, shows_story=is_team, shows_name=had.shows_name))
    await record(by, "draft_story", subject_of(award_id))
    if is_team or not text.strip():
        return
    one = await queries.round_(had.round)
    facts = {"title": words.title(await queries.rule_of(one))}
    topic = f"story:{ids.new_id()}"
    await notify(had.people, "honour_story_drafted", topic, facts, f"{page_of(one)}#story")


async def _keep_story(had: Award, by: UUID, told: Story) -> None:
    text = told.text.strip()
    if len(text) > STORY_MAX:
        raise RuleViolation("story_too_long", most=STORY_MAX)
    await db.execute(
        "UPDATE honour_award SET story = $2, story_by = $3, shows_story = $4, shows_name = $5"
        " WHERE id = $1",
        had.id, text, by, told.shows_story and bool(text), told.shows_name,
    )  # fmt: skip
