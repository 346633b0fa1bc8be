"""Samples of pictures to share, and of the way to the home screen."""

from tests.pwa.samples.common import CUSTOMER, EMPLOYEE, Sample

CARD = {
    "title": "分享这场胜利", "says": "六月客户开发擂台：一队 赢下擂台。安，为一队得 88 分。",
    "src": "/static/icons/icon-512.png", "file": "leitai-win.png", "link": "",
}  # fmt: skip
OFFER = CARD | {"title": "分享这份礼", "link": "https://pk.example.com/r/7K2M9QXD"}


def samples() -> dict[str, Sample]:
    """Return name → (template, viewer, context)."""
    return {
        "card_win": ("cards/show.html", EMPLOYEE, {"card": CARD, "back": "/battles/b1"}),
        "card_offer": ("cards/show.html", CUSTOMER, {"card": OFFER, "back": "/referrals"}),
        "install": ("install/show.html", EMPLOYEE, {}),
        "install_outside": ("install/show.html", None, {}),
    }
