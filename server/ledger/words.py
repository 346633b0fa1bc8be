"""What explains an entry: facts that its slice tells and the wallet shows (C9).

A slice that posts transfers has a `statements.py` with `KINDS`, the transfer kinds it posts;
`async cause(line) -> str`, one translated line under the title; `async facts(line, zone) ->
list[Fact]`; and where a sum has steps, `async arithmetic(line, person) -> list[Fact]`, the result
left out. The title stands in the transfer's facts, in each locale.
"""

import msgspec


class Fact(msgspec.Struct, frozen=True):
    """One thing that made an entry what it is; `href` leads to it."""

    label: str
    value: str
    href: str | None = None
