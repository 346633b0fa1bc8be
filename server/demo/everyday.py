"""What everybody did day by day: stories, posters, calls; badges and last month's honours of it."""

from datetime import date, time, timedelta
from functools import partial
from random import Random
from typing import Final
from uuid import UUID

from game.errors import RuleViolation
from game.plan import template
from game.plan_text import with_answers
from server.actions import commands as actions
from server.actions.commands import Report
from server.demo import company
from server.demo.company import REVIEWER
from server.demo.stage import Stage
from server.honours import commands as honours
from server.honours import jobs, queries, stories
from server.honours.queries import Round
from server.honours.stories import Story
from server.plans import commands as plans

PLAN: Final = "full-participation"
LAUNCHER: Final = "H06"
AWARDER: Final = "H03"
SEED: Final = 20
REVIEWED_AFTER: Final = timedelta(hours=2)
AWARDED_AT: Final = time(10)
NIGHT: Final = time(0, 30)
LIVELY: Final[dict[str, int]] = {
    "K302": 24,
    "K202": 18,
    "K104": 12,
    "K503": 8,
    "K601": 7,
    "Z103": 8,
    "Z204": 7,
    "S101": 14,
    "S102": 12,
    "S103": 8,
    "S201": 8,
    "S202": 6,
    "S301": 7,
    "H04": 5,
}
"""About how many things each of them did in a month; the others have not begun yet."""
OFTEN: Final = {
    "share": 30,
    "story": 14,
    "video": 12,
    "call": 18,
    "prospect": 10,
    "course": 8,
    "cross_department": 5,
    "live": 4,
    "idea": 3,
    "community": 3,
}
NOTES: Final = {
    "story": ("王阿姨第三次找我们，这回是给女儿家", "客户说师傅走的时候连鞋套都收好了"),
    "share": ("发了朋友圈和楼群", "转到了妈妈群", ""),
    "live": ("周三晚上八点，讲怎么选月嫂", "带大家看了一遍培训教室"),
    "video": ("三十秒看完一次深度保洁", "师傅的工具箱里有什么"),
    "call": ("问了上次保洁满不满意", "提醒下个月滤网该换了", ""),
    "prospect": ("楼下超市老板，想请住家阿姨", "同学公司要招二十名仓储"),
    "course": ("看完了《第一通电话》", "测验满分"),
    "cross_department": ("把工厂客户带给了招商引才部", "帮门店写了开业海报"),
    "idea": ("让客户扫码看师傅的证书", "门口放一把共享雨伞"),
    "community": ("社区便民日，磨了四十把剪刀", "帮独居老人换了灯"),
}
STORIES: Final = (
    "上个月我把每位老客户都回访了一遍，没有推销，就问住得好不好。三个人当场把邻居介绍给了我。",
    "直播那天只有九个人看，我还是讲完了。第二天其中一位带着表姐来签了约。",
    "我把师傅们的一天剪成短视频，每条三十秒。客户说，看得见的手艺才放心。",
    "我不会说漂亮话，就把客户写给我的那段话原样发了出去。",
    "雨伞架的点子是保洁阿姨先说的，我只是把它写了上来。这个奖有她一半。",
)
NOMINATIONS: Final = {
    "innovation": (
        ("K104", "S201", "把师傅的证书做成二维码，客户一扫就放心"),
        ("S102", "K202", "共享雨伞架，下雨天门口多了一半人"),
    ),
    "community_star": (("K601", "S101", "连着三个周末带店里去社区磨刀换灯"),),
}
VOTES: Final = {"S201": ("K302", "K503", "Z103", "S101", "S301"), "K202": ("K601", "Z204", "S103")}
REASONS: Final = {
    "hero_board": "这个月做得最多的十位之一",
    "marketing_star": "让最多人认识了我们",
    "cross_contribution": "别的部门成单，总有他一份力",
    "innovation": "同事投票选出",
    "community_star": "街坊都叫得出名字",
    "team_of_the_quarter": "人均合作最多",
    "referral_top": "带来最多新客户",
}
OPEN_END: Final = {"challenges.launch_day.often.most": 60}
"""The demo has a launch day every day; the template is more frugal."""


def plan(stage: Stage, begins: date) -> None:
    """Plan the launch, what people do, and what the nights and the first days of a month bring."""
    stage.on(begins, time(9), partial(launch, stage))
    dice = Random(SEED)  # noqa: S311  # a story, not a secret
    days = (stage.today - begins).days
    for person, often in LIVELY.items():
        for nth in range(often * (days + 1) // 31):
            _plan_deed(stage, person, nth, begins + timedelta(dice.randrange(days + 1)), dice)
    for month in _months(begins, stage.today):
        _plan_nominations(stage, month)
    for ago in range(days, -1, -1):
        stage.on(stage.days_ago(ago), NIGHT, partial(jobs.sweep, {}))
        stage.on(stage.days_ago(ago), AWARDED_AT, partial(_award, stage))


async def launch(stage: Stage) -> None:
    """Launch the plan of everyday deeds."""
    document = with_answers(template(PLAN), OPEN_END)
    drafted = await plans.draft(document, stage.id(LAUNCHER))
    await plans.launch(PLAN, drafted.version, stage.id(LAUNCHER))


def _plan_deed(stage: Stage, person: str, nth: int, day: date, dice: Random) -> None:
    kind = dice.choices(list(OFTEN), list(OFTEN.values()))[0]
    if person == company.CAST[0].person and nth % 3 == 0:
        kind = ("story", "video", "live", "share")[nth // 3 % 4]
    customer = f"KH3{dice.randrange(100_000):06}" if kind == "prospect" else ""
    report = Report(plan=PLAN, kind=kind, customer=customer, note=dice.choice(NOTES[kind]))
    at = stage.moment(day, time(dice.randint(9, 19), dice.randrange(60)))

    async def send() -> None:
        reported = await actions.report(stage.id(person), report)
        if reported.outcome == "pending":
            stage.at(at + REVIEWED_AFTER, lambda: accept(reported.action))

    async def accept(action: UUID) -> None:
        by = AWARDER if person == REVIEWER else REVIEWER
        await actions.decide(action, stage.id(by), "accepted")

    stage.at(at, send)


def _months(first: date, last: date) -> list[date]:
    months = [first]
    while (following := (months[-1] + timedelta(days=32)).replace(day=1)) <= last:
        months.append(following)
    return months


def _plan_nominations(stage: Stage, month: date) -> None:
    votes_on = (month + timedelta(days=32)).replace(day=2)
    for honour, named in NOMINATIONS.items():
        for nth, (by, whom, sentence) in enumerate(named):
            day = month + timedelta(days=6 + 4 * nth)
            stage.on(day, time(12, nth), partial(_nominate, stage, honour, by, whom, sentence))
    for whom, voters in VOTES.items():
        for nth, by in enumerate(voters):
            stage.on(votes_on, time(13, nth), partial(_vote, stage, by, whom))


async def _nominate(stage: Stage, honour: str, by: str, whom: str, sentence: str) -> None:
    for one in await queries.running():
        if one.honour == honour and one.state == "open":
            await honours.nominate(one.id, stage.id(by), whom, sentence)


async def _vote(stage: Stage, by: str, whom: str) -> None:
    for one in await queries.running():
        if one.honour == "innovation" and one.state == "closing":
            await honours.vote(one.id, stage.id(by), stage.id(whom))


async def _award(stage: Stage) -> None:
    """Award what rules, votes and colleagues found; a few tell how they did it."""
    for one in await queries.closed(20):
        awarded = {each.subject for each in await queries.taken(one)}
        for place, found in enumerate(await queries.top(one)):
            if found.subject in awarded:
                continue
            reason = REASONS.get(one.honour, REASONS["hero_board"])
            try:
                award = await honours.award(one.id, found.subject, stage.id(AWARDER), reason)
            except RuleViolation:
                # Their own, or all that there are went to others.
                continue
            await _tell_story(one, award, found.subject, place)


async def _tell_story(one: Round, award: UUID, person: UUID, place: int) -> None:
    if one.honour == "hero_board" and place < len(STORIES):
        await stories.tell(award, person, Story(STORIES[place], shows_story=True))
