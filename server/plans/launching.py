"""Launching a plan: what it leaves open is asked for, the answers make its next version."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from game.errors import RuleViolation
from game.plan import Plan, parse_plan, template, template_names
from game.plan_text import Question, questions, with_answers
from server.kit.db import command
from server.kit.i18n import Lazy, _, lazy, locale
from server.people.words import RANK_WORDS
from server.plans import commands, queries
from server.plans.queries import parsed

Type = Literal["datetime-local", "money", "number", "text"]

OF_BATTLE: Final = re.compile(r"battles\[(\d+)\]\.(.+)")
OF_RULE: Final = re.compile(
    r"(actions|honours|challenges|coupons|campaigns)\.([\w-]+)\.(.+)", re.ASCII
)
LABELS: Final[Mapping[str, Lazy]] = {
    "starts": lazy("from"),
    "cut_off": lazy("cut-off"),
    "sponsor.amount": lazy("added by the company"),
    "points": lazy("points"),
    "handed_over": lazy("points where it is handed over"),
    "home.quota.most": lazy("quota a month of the home unit, before it scores"),
    "cap.most": lazy("cap"),
    "once_per_customer": lazy("days in which one customer counts once"),
    "value": lazy("worth"),
    "least_order": lazy("the least order"),
    "most_off": lazy("at most"),
    "valid_days": lazy("days it is good for"),
    "ends": lazy("until"),
    "release_days": lazy("days the reward waits"),
    "binding.days": lazy("days a friend belongs to who invited them"),
    "pool.amount": lazy("bonus to share"),
    "reward.amount": lazy("what the winner gets"),
}
SUMS: Final = frozenset({"value", "least_order", "most_off"})
"""Figures of coupons that are money."""
WRONG: Final[Mapping[Type, Lazy]] = {
    "datetime-local": lazy("Enter a date and a time."),
    "money": lazy("Enter yuan, such as 7700 or 462.50."),
    "number": lazy("Enter a whole number."),
    "text": lazy("Enter a text."),
}
YUAN: Final = re.compile(r"(\d{1,13})(?:\.(\d{1,2}))?", re.ASCII)
WHOLE: Final = re.compile(r"\d{1,18}", re.ASCII)


class Base(msgspec.Struct, frozen=True):
    """What a launch starts from: the newest version, or a template nobody has used yet."""

    document: str
    version: int
    next_version: int
    is_draft: bool
    is_stored: bool

    @property
    def plan(self) -> Plan:
        """The document as rules."""
        return parsed(self.document)


class Ask(msgspec.Struct, frozen=True):
    """One open figure: where it goes, under which heading it is asked, what stands there now."""

    path: str
    group: str
    label: str
    type: Type
    value: str


class Answers(msgspec.Struct, frozen=True):
    """What was typed, read: values by path, and a sentence for each that can't be read."""

    values: dict[str, object]
    faults: dict[str, str]


async def base_of(plan_id: str) -> Base:
    """Return what a launch of this plan starts from, or refuse with `plan_unknown`."""
    stored = await queries.newest(plan_id)
    if stored is not None:
        is_draft = stored.launched_at is None
        return Base(stored.document, stored.version, stored.version + 1, is_draft, is_stored=True)
    for name in template_names():
        plan = parsed(template(name))
        if plan.id == plan_id:
            return Base(template(name), plan.version, plan.version, is_draft=True, is_stored=False)
    raise RuleViolation("plan_unknown")


def asks(base: Base) -> list[Ask]:
    """Return the open figures of a plan, moments in its own zone and money in yuan."""
    return [_ask(base.plan, each) for each in questions(base.document)]


def grouped(asked: list[Ask]) -> list[tuple[str, list[Ask]]]:
    """Return open figures under their headings, in the order in which they are asked."""
    groups: dict[str, list[Ask]] = {}
    for ask in asked:
        groups.setdefault(ask.group, []).append(ask)
    return list(groups.items())


def _ask(plan: Plan, question: Question) -> Ask:
    group, label = _named(plan, question.path)
    kind = _type(plan, question)
    return Ask(question.path, group, label, kind, _shown(plan, kind, question.value))


def _named(plan: Plan, path: str) -> tuple[str, str]:
    """Return under which heading a value is asked for, and its name there."""
    if found := OF_BATTLE.fullmatch(path):
        title = plan.battles[int(found[1])].title.in_locale(locale())
        rank = found[2].removeprefix("stake.by_rank.")
        if rank in RANK_WORDS:
            return title, _("stake, %(rank)s", rank=str(RANK_WORDS[rank]))
        return title, str(LABELS.get(found[2], found[2]))
    if found := OF_RULE.fullmatch(path):
        title = getattr(plan, found[1])[found[2]].title.in_locale(locale())
        label = str(LABELS.get(found[3], found[3]))
        return (label, title) if found[1] == "actions" else (title, label)
    return "", path


def _type(plan: Plan, question: Question) -> Type:
    if isinstance(question.value, datetime):
        return "datetime-local"
    if not isinstance(question.value, int):
        return "text"
    return "money" if _is_money(plan, question.path) else "number"


def _is_money(plan: Plan, path: str) -> bool:
    if found := OF_BATTLE.fullmatch(path):
        rule = plan.battles[int(found[1])]
        terms = rule.stake or rule.sponsor
        is_sum = found[2].startswith(("stake.by_rank.", "sponsor."))
        return is_sum and terms is not None and terms.asset == "cash"
    if found := OF_RULE.fullmatch(path):
        if found[1] == "challenges" and found[3] == "pool.amount":
            pool = plan.challenges[found[2]].pool
            return pool is not None and pool.asset == "cash"
        if found[1] == "honours" and found[3] == "reward.amount":
            reward = plan.honours[found[2]].reward
            return reward is not None and reward.asset == "cash"
        return found[1] == "coupons" and found[3] in SUMS
    return False


def _shown(plan: Plan, kind: Type, value: object) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(plan.zone):%Y-%m-%dT%H:%M}"
    if kind == "money" and isinstance(value, int):
        yuan, fen = divmod(value, 100)
        return f"{yuan}.{fen:02d}" if fen else str(yuan)
    return str(value)


def read(plan: Plan, asked: list[Ask], typed: Mapping[str, str]) -> Answers:
    """Read what was typed; every value that can't be read gets a sentence."""
    answers = Answers({}, {})
    for ask in asked:
        value = _read(plan, ask.type, typed.get(ask.path, "").strip())
        if value is None:
            answers.faults[ask.path] = str(WRONG[ask.type])
        else:
            answers.values[ask.path] = value
    return answers


def _read(plan: Plan, kind: Type, text: str) -> object | None:
    if kind == "datetime-local":
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=plan.zone)
    if kind == "money":
        found = YUAN.fullmatch(text.removeprefix("¥").replace(",", ""))
        return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else None
    if kind == "number":
        return int(text) if WHOLE.fullmatch(text) else None
    return text or None


@command
async def launch(plan_id: str, answers: Mapping[str, object], by: UUID) -> Plan:
    """Store the next version with these answers and launch it; an unchanged draft is launched itself.

    Refused as `plan_faults`, and by whoever opens its battles.
    """
    base = await base_of(plan_id)
    text = with_answers(base.document, answers)
    if base.is_stored and base.is_draft and parse_plan(text) == base.plan:
        return await commands.launch(plan_id, base.version, by)
    numbered = with_answers(text, {"plan.version": base.next_version})
    plan = await commands.draft(numbered, by)
    return await commands.launch(plan_id, plan.version, by)


def with_next_version(base: Base) -> str:
    """Return the document to edit, its comments kept, under the next number."""
    line = re.compile(r"^(version\s*=\s*)\d+", re.MULTILINE | re.ASCII)
    return line.sub(rf"\g<1>{base.next_version}", base.document, count=1)
