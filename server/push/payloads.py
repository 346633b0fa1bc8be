"""What is encrypted for a phone: a declarative push, as Safari shows it without running code.

Other browsers hand the same JSON to the service worker (pwa/src/push.ts), which shows it.
"""

from typing import Final
from uuid import UUID

import msgspec

from server.kit import i18n
from server.push import words

DECLARATIVE: Final = 8030


class News(msgspec.Struct, frozen=True):
    """What one person is told: the notice it is about, and how much waits besides."""

    notice: UUID
    kind: str
    group: str
    others: int
    unread: int
    locale: str


class Notification(msgspec.Struct, frozen=True):
    """What a phone shows; `navigate` is the whole address a tap opens."""

    title: str
    body: str
    lang: str
    navigate: str
    tag: str


class Push(msgspec.Struct, frozen=True):
    """The whole message, without names and sums."""

    web_push: int
    notification: Notification
    app_badge: int
    mutable: bool


def encoded(news: News, origin: str) -> bytes:
    """Return the JSON of a push in the reader's language."""
    with i18n.speaking(news.locale):
        shown = Notification(
            title=words.title(news.kind),
            body=words.body(news.others),
            lang=i18n.language_tag(i18n.locale()),
            navigate=f"{origin}/inbox" if news.others else f"{origin}/inbox/{news.notice}",
            tag=news.group,
        )
    return msgspec.json.encode(Push(DECLARATIVE, shown, news.unread, mutable=True))
