"""How the rules say no."""

from __future__ import annotations


class RuleViolation(Exception):  # noqa: N818 - a refusal is no error
    """A named refusal: `code` chooses the translated sentence, `facts` fill it."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        """Return the code with its facts, for logs and tests."""
        if not self.facts:
            return self.code
        listed = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code} ({listed})"
