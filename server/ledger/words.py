"""What explains an entry: facts that its slice tells and the wallet shows (C9).

A slice that posts transfers has a `statements.py` with `KINDS`, the transfer kinds it posts;
`async cause(line) -> str`, one translated line under the title; `async facts(line, zone) ->
list[Fact]`; and where a sum has steps, `async arithmetic(line, person) -> list[Fact]`, the result
left out. The title stands in the transfer's facts, in each locale.
"""

from typing import Any

import msgspec

from server.kit import i18n
from server.kit.i18n import _
from server.plans import queries as plans


class Fact(msgspec.Struct, frozen=True):
    """One thing that made an entry what it is; `href` leads to it."""

    label: str
    value: str
    href: str | None = None


async def plan_fact(told: dict[str, Any]) -> Fact:
    """Return the plan and version that an entry was made under; empty where it names none."""
    plan, version = told.get("plan"), told.get("version")
    if plan is None or version is None:
        return Fact(_("plan"), "")
    title = (await plans.plan_version(plan, version)).plan.title.in_locale(i18n.locale())
    words = _("%(plan)s, version %(n)s", plan=title, n=version)
    return Fact(_("plan"), words, f"/plans/{plan}?version={version}")
