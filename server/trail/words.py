"""What the audit trail calls deeds and what they were done to."""

from typing import Final

from server.kit.i18n import Lazy, lazy

VERBS: Final[dict[str, Lazy]] = {
    "accept": lazy("accepted an action"),
    "accept_agreement": lazy("accepted the agreement"),
    "add_reward": lazy("added a reward"),
    "answer_correct_data": lazy("answered a request about personal data"),
    "answer_erase_data": lazy("answered a request to be erased"),
    "appeal": lazy("appealed"),
    "approve_settlement": lazy("approved a settlement"),
    "archive_reward": lazy("took a reward off the shelf"),
    "ask_correct_data": lazy("asked to correct personal data"),
    "ask_erase_data": lazy("asked to be erased"),
    "award_honour": lazy("awarded a title"),
    "blacklist": lazy("put a customer on the blacklist"),
    "call_back": lazy("called a customer back"),
    "call_off": lazy("called a challenge off"),
    "check_deal": lazy("checked a deal"),
    "clear": lazy("found a suspicion unfounded"),
    "compute_settlement": lazy("computed a settlement"),
    "correct_data": lazy("corrected personal data"),
    "discard_settlement": lazy("discarded a settlement"),
    "dismiss": lazy("let somebody in no longer"),
    "draft_story": lazy("drafted a story"),
    "edit_reward": lazy("changed a reward"),
    "erase": lazy("erased a person"),
    "given_special": lazy("confirmed a special contribution"),
    "import": lazy("imported a file"),
    "invite": lazy("made an invite"),
    "keep_reward": lazy("kept a reward after a refund"),
    "launch": lazy("launched a plan"),
    "link_deal": lazy("linked a deal to a lead"),
    "make": lazy("made a challenge"),
    "make_partner": lazy("made somebody a partner"),
    "make_screen": lazy("made a screen link"),
    "name_solution": lazy("named whose solution was adopted"),
    "object": lazy("objected to being a lead"),
    "offer_reward": lazy("put a reward on the shelf"),
    "opt_in": lazy("takes part again"),
    "opt_out": lazy("takes part no longer"),
    "pay_statements": lazy("marked statements as paid"),
    "propose_special": lazy("proposed a special contribution"),
    "readmit": lazy("let somebody in again"),
    "refund_order": lazy("refunded an order"),
    "refunded_deal": lazy("took a refunded deal back"),
    "refuse": lazy("found a suspicion founded"),
    "refused_deal": lazy("refused a deal"),
    "refused_special": lazy("refused a special contribution"),
    "register_network": lazy("registered a network"),
    "remove_network": lazy("took a network off the list"),
    "renew_screen": lazy("renewed a screen link"),
    "restock_reward": lazy("restocked a reward"),
    "reveal_phone": lazy("was shown a phone number"),
    "review_duplicate": lazy("found a lead to be a duplicate"),
    "review_invalid": lazy("found a lead invalid"),
    "review_valid": lazy("found a lead valid"),
    "revoke_coupon": lazy("revoked a coupon"),
    "revoke_honour": lazy("revoked a title"),
    "revoke_screen": lazy("revoked a screen link"),
    "set_roles": lazy("changed somebody's roles"),
    "strike": lazy("struck an action"),
    "struck_deal": lazy("struck a deal"),
    "tag_customer": lazy("tagged a customer"),
    "taken_back_special": lazy("took a special contribution back"),
    "unblacklist": lazy("took a customer off the blacklist"),
    "undo_order": lazy("undid a redemption"),
    "verify_deal": lazy("found a deal genuine"),
}
"""By verb; each stands after the name of who did it."""

SUBJECTS: Final[dict[str, Lazy]] = {
    "action": lazy("action"),
    "battle": lazy("battle"),
    "challenge": lazy("challenge"),
    "coupon": lazy("coupon"),
    "customer": lazy("customer"),
    "deal": lazy("deal"),
    "lead": lazy("lead"),
    "network": lazy("network"),
    "order": lazy("order"),
    "plan": lazy("plan"),
    "reward": lazy("reward"),
    "screen": lazy("store screen"),
    "settlement": lazy("settlement"),
    "special": lazy("special contribution"),
    "verdict": lazy("suspicion"),
}
ID_SHOWN: Final = 8


def subject_words(subject: str) -> str:
    """Name what was dealt with, `order:3f2a41d0-…` as its word and the first digits of its id."""
    kind, _, id_ = subject.partition(":")
    return f"{SUBJECTS[kind]} {id_[:ID_SHOWN]}" if kind in SUBJECTS else ""
