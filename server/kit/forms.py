"""Forms that write: done once, and shown again with the same key when refused."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final
from uuid import UUID

from litestar import Request
from litestar.datastructures import FormMultiDict, UploadFile

from game.errors import RuleViolation
from server.kit import ids
from server.kit.web import once

KEY: Final = "idempotency_key"


async def form_of(request: Request[Any, Any, Any]) -> FormMultiDict:
    """Return the fields and files of a form; what can't be text is refused as `malformed`."""
    try:
        return await request.form()
    except (UnicodeDecodeError, LookupError):
        # Bytes that are not of the charset they name, or a charset nobody knows.
        raise RuleViolation("malformed") from None


async def files(request: Request[Any, Any, Any], name: str) -> list[bytes]:
    """Return what was chosen in a file field; nothing chosen is no file."""
    sent = (await form_of(request)).getall(name, [])
    read = [await each.read() for each in sent if isinstance(each, UploadFile)]
    return [body for body in read if body]


async def write(
    person: UUID,
    path: str,
    form: Mapping[str, str],
    work: Callable[[], Awaitable[dict[str, Any]]],
    *more: object,
) -> dict[str, Any]:
    """Do what a form asks for, once for its hidden key, and return what `work` answers.

    `path`, the fields and `more` (what came beside the fields) are what the key stands for.
    """
    said = {name: text for name, text in form.items() if name != KEY}
    answer = await once(person, form[KEY], [path, said, *more], work)
    return answer.data


def new_key() -> str:
    """Return the key of a form that was not sent yet."""
    return str(ids.new_id())


def key_after(form: Mapping[str, str], refusal: RuleViolation | None) -> str:
    """Return the key of a form that is shown again: its own, unless that one is used up."""
    is_spent = refusal is None or refusal.code == "idempotency_mismatch"
    return new_key() if is_spent else form.get(KEY) or new_key()
