"""HTML for people: one Jinja environment, one way to render a page.

A handler says `return page(request, "wallet/show.html", wallet=…)`; the comment on top of each
template lists what it wants. Every page also gets `viewer` (the signed-in person or None, with
`name`, `kind` and `roles`), `places` (the bottom bar), `report` (where reporting begins), `unread`
(how much news waits), `locale`, `lang`, `theme`, `size`, `zone`, `now`.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from fractions import Fraction
from functools import cache
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlsplit

from jinja2 import Environment, FileSystemLoader, pass_context
from jinja2.runtime import Context
from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.enums import MediaType
from markupsafe import Markup, escape

from server.config import CHECKOUT, settings
from server.kit import crypto, formats, i18n, mixed, unbroken
from server.kit.assets import vite_asset, vite_preload
from server.kit.i18n import Lazy, lazy

TEMPLATES: Final = CHECKOUT / "pwa" / "templates"
POLICY: Final = (
    "default-src 'self'; img-src 'self' blob: data:; style-src 'self'; "
    "style-src-attr 'unsafe-inline'; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'self'"
)


class Place(NamedTuple):
    """One labelled place of the bottom bar."""

    name: str
    label: Lazy
    href: str
    icon: str


TODAY = Place("today", lazy("Today"), "/", "home")
BATTLES = Place("battles", lazy("Battles"), "/battles", "arena")
REPORT = Place("report", lazy("Report"), "/actions/new", "plus")
REWARDS = Place("rewards", lazy("Rewards"), "/rewards", "gift")
TILL = Place("till", lazy("Scan"), "/till", "scan")
COUPONS = Place("coupons", lazy("Coupons"), "/coupons", "ticket")
REFERRALS = Place("referrals", lazy("Invite"), "/referrals", "share")
INBOX = Place("inbox", lazy("Inbox"), "/inbox", "bell")
REVIEWS = Place("reviews", lazy("Reviews"), "/reviews", "check")
LEADS = Place("leads", lazy("Leads"), "/leads", "people")
CALLS = Place("calls", lazy("Calls"), "/deals/calls", "phone")
SETTLEMENTS = Place("settlements", lazy("Settlement"), "/settlements", "notice")
PEOPLE = Place("people", lazy("People"), "/people", "people")
PLANS = Place("plans", lazy("Plans"), "/plans", "notice")
ME = Place("me", lazy("Me"), "/me", "person")

BARS: Final[tuple[tuple[str, tuple[Place, ...]], ...]] = (
    ("admin", (TODAY, BATTLES, PLANS, PEOPLE, ME)),
    ("operations", (TODAY, REVIEWS, BATTLES, PLANS, ME)),
    ("audit", (TODAY, BATTLES, PLANS, ME)),
    ("finance", (TODAY, SETTLEMENTS, BATTLES, REWARDS, ME)),
    ("sales", (TODAY, LEADS, BATTLES, REWARDS, ME)),
    ("service", (TODAY, CALLS, BATTLES, REWARDS, ME)),
    ("store_manager", (TODAY, TILL, BATTLES, REWARDS, ME)),
    ("store", (TODAY, TILL, BATTLES, REWARDS, ME)),
)
"""Whoever has the role sees these places; the first that fits, else the employee's."""

EMPLOYEE: Final = (TODAY, BATTLES, REPORT, REWARDS, ME)
OUTSIDE: Final = (TODAY, COUPONS, REFERRALS, INBOX, ME)
"""The bar of customers and partners."""

SEATS: Final = ("employee", "outside", *(role for role, _ in BARS))
"""Whose bars there are."""


def places(
    roles: Collection[str], kind: str = "employee", report: str = REPORT.href
) -> tuple[Place, ...]:
    """Return the bottom bar of somebody with these roles: their own tasks first.

    `report` is where reporting begins.
    """
    found = bar_of(seat(roles, kind))
    return tuple(each._replace(href=report) if each is REPORT else each for each in found)


def seat(roles: Collection[str], kind: str = "employee") -> str:
    """Return whose bar somebody has: that of a role, of employees, of customers and partners."""
    if kind != "employee":
        return "outside"
    return next((role for role, _ in BARS if role in roles), "employee")


def bar_of(seat: str) -> tuple[Place, ...]:
    """Return a bar by its name, one of SEATS."""
    return {"employee": EMPLOYEE, "outside": OUTSIDE, **dict(BARS)}[seat]


class Duel(NamedTuple):
    """The top two of a board: how far apart, and the leader's part of the tug bar in percent."""

    gap: str
    percent: float


def duel(sides: list[Mapping[str, object]]) -> Duel:
    """Measure the first two sides of a frame (fewer: no gap)."""
    first, second = ([Fraction(str(side["score"])) for side in sides[:2]] + [Fraction(0)] * 2)[:2]
    total = first + second
    return Duel(formats.score(first - second), float(first / total * 100) if total else 50.0)


def brief(score: str) -> str:
    """Write a score where room is small: "123456" → 12.3万, "7/2" → 3.5."""
    exact = Fraction(score)
    whole = exact.denominator == 1
    return formats.compact(int(exact)) if whole else formats.score(exact)


def share(value: str | int, most: str | int) -> float:
    """Return `value` as percent of `most`, for a bar; 0 of 0 is 0."""
    whole = Fraction(most)
    return round(float(Fraction(value) / whole * 100), 2) if whole else 0.0


def counted(one: str, many: str, n: int, /, **facts: object) -> Markup:
    """Return the form that fits `n`, with `%(n)s` and `facts` filled and escaped."""
    return Markup(i18n.nwords(one, many, n)) % {"n": n, **facts}  # noqa: S704  # catalogue text


def strong(value: object, css: str = "") -> Markup:
    """Wrap a value for the middle of a translated sentence: `_("… %(n)s …", n=4|b)`."""
    named = Markup(' class="{}"').format(css) if css else Markup("")
    return Markup("<b{}>{}</b>").format(named, escape(value))


def capital(words: str | Lazy) -> str:
    """Begin a label with a capital; elsewhere its words may stand inside a sentence."""
    said = words if isinstance(words, str) else str(words)
    return said[:1].upper() + said[1:]


def bare(template: str, *values: object) -> Markup:
    """Fill a piece of markup that a template wrote with escaped values."""
    return Markup(template).format(*values)  # noqa: S704  # written in a template


@pass_context
def when(context: Context, value: datetime | str) -> str:
    """Write a moment as people say it, by the page's `now` and `zone`."""
    return formats.when(value, context["now"], context["zone"])


@pass_context
def through(context: Context, start: datetime | str, end: datetime | str) -> str:
    """Write a stretch of time as people say it, by the page's `now` and `zone`."""
    return formats.through(start, end, context["now"], context["zone"])


@pass_context
def clock(context: Context, value: datetime | str) -> str:
    """Write the time of day in the page's zone."""
    return formats.clock(value, context["zone"])


@pass_context
def countdown(context: Context, until: datetime | str) -> str:
    """Write what is left until a moment as a clock."""
    return formats.countdown(until, context["now"])


@pass_context
def span(context: Context, until: datetime | str) -> str:
    """Write what is left until a moment in words."""
    return formats.span(until, context["now"])


@cache
def environment() -> Environment:
    """Return the one environment of all templates."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_gettext_callables(i18n.words, i18n.nwords, newstyle=True)  # type: ignore[attr-defined]  # added by the i18n extension
    env.globals.update(
        ngettext=counted,
        vite_asset=vite_asset,
        vite_preload=vite_preload,
        duel=duel,
        share=share,
        amount=formats.amount,
    )
    env.filters.update(
        number=formats.number,
        signed=formats.signed,
        money=formats.money,
        amount=formats.amount,
        change=formats.change,
        score=formats.score,
        brief=brief,
        head=formats.head,
        tail=formats.tail,
        bare=bare,
        capital=capital,
        text=i18n.text,
        b=strong,
        when=when,
        through=through,
        zone_name=formats.zone_name,
        clock=clock,
        countdown=countdown,
        span=span,
        spoken=crypto.spoken,
    )
    return env


def speech(request: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Return the locale of a request: the person's choice, else what the browser prefers."""
    chosen = request.cookies.get("locale")
    return i18n.negotiate(request.headers.get("accept-language"), chosen)


def render(template: str, /, **context: object) -> str:
    """Render a template for the current locale, without a request: jobs, errors, previews."""
    shared: dict[str, object] = {
        "viewer": None,
        "places": (),
        "report": REPORT.href,
        "unread": 0,
        "locale": i18n.locale(),
        "lang": i18n.language_tag(i18n.locale()),
        "locales": i18n.LOCALE_NAMES,
        "theme": "auto",
        "size": "normal",
        "motion": MOTIONS[0],
        "sound": SWITCH[0],
        "vibration": SWITCH[0],
        "seat": SEATS[0],
        "zone": settings().company_timezone,
        "now": formats.utc_now(),
        "path": "/",
    }
    html = environment().get_template(template).render(shared | context)
    return unbroken.glued(mixed.tagged(html) if i18n.locale() == "en" else html)


def page(
    request: Request[Any, Any, Any], template: str, /, *, status: int = 200, **context: object
) -> Response[str]:
    """Render `template` for whoever asks, in their language, theme and text size."""
    viewer, state = request.scope.get("user"), request.scope.get("state", {})
    report = state.get("report", REPORT.href)
    shared: dict[str, object] = {
        "viewer": viewer,
        "places": places(viewer.roles, viewer.kind, report) if viewer else (),
        "report": report,
        "unread": state.get("unread", 0),
        "theme": one_of(request.cookies.get("theme"), THEMES),
        "size": one_of(request.cookies.get("size"), SIZES),
        "motion": one_of(request.cookies.get("motion"), MOTIONS),
        "sound": one_of(request.cookies.get("sound"), SWITCH),
        "vibration": one_of(request.cookies.get("vibration"), SWITCH),
        "seat": seat(viewer.roles, viewer.kind) if viewer else SEATS[0],
        "path": request.url.path,
    }
    with i18n.speaking(speech(request)):
        html = render(template, **(shared | context))
        tag = i18n.language_tag(i18n.locale())
    headers = {
        "Content-Language": tag,
        "Content-Security-Policy": POLICY,
        "Cache-Control": "private, no-cache",
        "Referrer-Policy": "same-origin",
        # The service worker keeps pages for one person at a time.
        "Leitai-Viewer": str(viewer.id) if viewer else "",
    }
    if said := _refused(context):
        # For a form that was sent without its page: the phone's queue shows why.
        headers["Leitai-Refusal"] = quote(said)
    return Response(html, media_type=MediaType.HTML, status_code=status, headers=headers)


def _refused(context: Mapping[str, object]) -> str:
    """Return the sentence of a refusal that a page says, above the form or beside a field."""
    faults = context.get("faults")
    beside = next(iter(faults.values()), "") if isinstance(faults, Mapping) else ""
    return str(context.get("refusal") or beside or "")


THEMES: Final = ("auto", "light", "dark")
SIZES: Final = ("normal", "large")
MOTIONS: Final = ("auto", "less")
SWITCH: Final = ("off", "on")


def one_of(value: str | None, allowed: tuple[str, ...]) -> str:
    """Return `value` if it is allowed, else the first."""
    return value if value is not None and value in allowed else allowed[0]


def local_path(url: str | None) -> str:
    """Return the path of a link back into this site, `/` when it leads elsewhere."""
    parts = urlsplit(url or "/")
    safe = parts.path.startswith("/") and not parts.path.startswith("//")
    return (parts.path + (f"?{parts.query}" if parts.query else "")) if safe else "/"
