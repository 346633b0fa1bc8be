"""Every "no" of the product: one table from its code to its status and its sentence.

A sentence says what to do. `%(names)s` are filled from the facts of the RuleViolation.
"""

from server.kit.errors.campaigns import CAMPAIGNS
from server.kit.errors.leads import LEADS
from server.kit.errors.money import MONEY
from server.kit.errors.refusal import Refusal
from server.kit.errors.requests import REQUESTS
from server.kit.errors.stores import STORES
from server.kit.errors.thanks import THANKS

__all__ = ["REFUSALS", "Refusal"]

REFUSALS: dict[str, Refusal] = {**REQUESTS, **CAMPAIGNS, **STORES, **THANKS, **LEADS, **MONEY}
