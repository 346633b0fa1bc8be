"""The page of the audit trail, for those who check."""

from typing import Any

from litestar import Response, get

from server.kit.pages import page
from server.people.forms import Asked
from server.people.guards import allowed
from server.trail import queries
from server.trail.words import VERBS, subject_words

QUERY_MAX = 80


@get("/records", guards=[allowed("audit", "finance", "admin")])
async def index(request: Asked, q: str = "", skip: int = 0) -> Response[Any]:
    """List who did what and why, newest first; `q` finds a name or a subject."""
    query, first = q.strip()[:QUERY_MAX], max(skip, 0)
    found = await queries.records(query, first)
    return page(
        request,
        "trail/records.html",
        records=[
            {
                "at": each.at, "actor": each.actor, "what": str(VERBS.get(each.verb, each.verb)),
                "whom": each.whom, "subject": subject_words(each.subject), "reason": each.reason,
                "seal": each.seal,
            }
            for each in found[: queries.PAGE]
        ],
        more=first + queries.PAGE if len(found) > queries.PAGE else None,
        query=query,
        standing=await queries.standing(),
    )  # fmt: skip


routes = [index]
