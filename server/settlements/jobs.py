"""What the clock causes: last month is stated by its day, and finance hears what is unpaid."""

from typing import Any, Final

from game import settlements as rules
from game.errors import RuleViolation
from game.settlement_terms import EVERY, Every
from server.kit import clock, jobs
from server.kit.db import command
from server.settlements import commands, queries, telling

SWEEP: Final = "settlement_sweep"


async def sweep(_: dict[str, Any]) -> None:
    """State what is due, and say what should have been paid; done before, it does nothing."""
    for every in EVERY:
        await compute(every)
    await remind()


async def compute(every: Every) -> None:
    """State the last period once its day has come; where that can't be, there is nothing to do."""
    now = await clock.now()
    try:
        terms, zone = await queries.terms()
        period = rules.period_before(every, now, zone)
        day, _until = rules.days_of(period, terms.settlement, zone)
        if now.astimezone(zone).date() >= day:
            await commands.compute(every, None)
    except RuleViolation:
        return


@command
async def remind() -> None:
    """Tell finance of every approved run that is not paid after its day, once."""
    now = await clock.now()
    for run in await queries.settlements():
        if run.state != "approved" or run.paid_people == run.owing:
            continue
        terms, zone = await queries.terms_of(run.plan, run.plan_version)
        _day, until = rules.days_of(run.span, terms.settlement, zone)
        if now.astimezone(zone).date() > until:
            await telling.to_pay(run, until)


JOBS: dict[str, jobs.Job] = {SWEEP: sweep, telling.TELL: telling.tell}
CRON = {SWEEP: "5 * * * *"}
"""Every hour: a day begins at another hour in each zone."""
