"""A suspicion as its pages show it: to whoever decides, and to its person."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from game.errors import RuleViolation
from server.antispam import desk, queries, words
from server.antispam.queries import Suspicion
from server.kit import forms
from server.kit.forms import KEY
from server.kit.i18n import Lazy, _, lazy, text

FIELDS: Final = ("verdict", "reason", "note", "alike", KEY)
REFUSALS: Final[dict[str, Lazy]] = {
    "one_person": lazy("inviter and friend are the same person"),
    "no_purchase": lazy("there was no real purchase"),
    "traded": lazy("coupons were collected or sold on"),
    "other": lazy("another reason"),
}
"""Why something is refused, in one tap; `other` needs words of its own."""
CONFIRMED: Final[dict[str, Lazy]] = {
    "against_rules": lazy("the till was used against the rules"),
    "mistakes": lazy("mistakes at the till: talked it over"),
    "other": lazy("another reason"),
}
"""The same where nothing is held: a till that looked unusual."""
HURRIED: Final[dict[str, Lazy]] = {
    "false_leads": lazy("leads were made up"),
    "talked_over": lazy("talked it over"),
    "other": lazy("another reason"),
}
"""The same of somebody whose leads came too fast."""
FALSE_LEADS: Final[dict[str, Lazy]] = {
    "made_up": lazy("there is no such customer"),
    "not_agreed": lazy("the customer knows nothing of it"),
    "own_lead": lazy("reported for oneself or a colleague"),
    "other": lazy("another reason"),
}
FALSE_DEALS: Final[dict[str, Lazy]] = {
    "own_deal": lazy("the deal is with oneself or a colleague"),
    "no_deal": lazy("there was no real deal"),
    "forbidden": lazy("made by a forbidden practice"),
    "other": lazy("another reason"),
}
CHOICES: Final = {"lead": FALSE_LEADS, "deal": FALSE_DEALS, "till": CONFIRMED, "pace": HURRIED}
"""What may be chosen, by what the suspicion is about; anything else is a reward."""
UNUSUAL: Final[dict[str, Lazy]] = {
    "till": lazy("Nothing is held. The work at a till looked unusual."),
    "pace": lazy("Nothing is held. The leads of this day came unusually fast."),
}
PAGES: Final = {"lead": "/leads", "deal": "/deals"}
KINDS: Final[dict[str, Lazy]] = {
    "employee": lazy("colleague"),
    "customer": lazy("customer"),
    "partner": lazy("partner"),
}
SHARES: Final[dict[str, Lazy]] = {
    "device": lazy("same device"),
    "payer": lazy("same payer"),
    "network": lazy("same network"),
}


async def card(of: Suspicion, reviewer: UUID) -> dict[str, Any]:
    """Return a suspicion as `suspicions/_card.html` wants it."""
    about, _, id_ = of.subject.partition(":")
    return row(of) | {
        "unusual": str(UNUSUAL.get(about, "")),
        "href": f"{PAGES[about]}/{id_}" if about in PAGES else "",
        "alike": len(await queries.alike(of, reviewer)),
        "decisions": await queries.decisions(of.id),
        "precedents": await queries.precedents(of),
        "involved": [
            {
                "name": each.name,
                "kind": str(KINDS[each.kind]),
                "since": each.since,
                "referrals": each.referrals,
                "has_part": each.id == of.person or each.id in of.others,
                "shares": [str(SHARES[kind]) for kind in each.shares],
            }
            for each in await queries.involved(of)
        ],
    }


def row(of: Suspicion) -> dict[str, Any]:
    """Return a suspicion as a list shows it."""
    return {
        "id": of.id,
        "name": of.name,
        "kind": str(KINDS[of.kind]),
        "what": text(of.what),
        "is_held": of.what is not None,
        "is_lead": of.subject.startswith("lead:"),
        "state": of.state,
        "outcome": of.outcome,
        "score": of.score,
        "reasons": [words.said(reason) for reason in of.reasons],
        "at": of.at,
        "appeal": of.appeal,
        "appealed_at": of.appealed_at,
        "may_appeal": of.state == "refused" and of.appealed_at is None,
    }


def reasons(of: Suspicion) -> list[dict[str, str]]:
    """Return the reasons of a refusal to choose from."""
    return [{"id": choice, "title": str(said)} for choice, said in _choices(of).items()]


def keys() -> dict[str, str]:
    """Return the keys of the two forms under a card."""
    return {"clear": forms.new_key(), "refuse": forms.new_key()}


async def decide(by: UUID, path: str, form: Mapping[str, str], verdict: UUID) -> None:
    """Carry out what a form decides, once; with `alike` also about those like it."""
    if form["verdict"] not in {"clear", "refuse"}:
        raise RuleViolation("malformed")
    clear = form["verdict"] == "clear"
    of = await queries.suspicion(verdict)
    chosen = lazy("checked, all in order") if clear else _choices(of).get(form["reason"])
    alike = await queries.alike(of, by) if form["alike"] else []
    note = form["note"].strip()
    first = str(chosen) if chosen and form["reason"] != "other" else ""
    reason = _("%(reason)s: %(note)s", reason=first, note=note) if first and note else first or note

    async def work() -> dict[str, Any]:
        await desk.decide(verdict, by, clear=clear, reason=reason)
        for other in alike:
            await desk.decide(other, by, clear=clear, reason=reason)
        return {}

    await forms.write(by, path, form, work)


def _choices(of: Suspicion) -> dict[str, Lazy]:
    return CHOICES.get(of.subject.partition(":")[0], REFUSALS)
