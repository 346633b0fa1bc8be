"""How a kind of notice is worded."""

import re
from typing import Final, NamedTuple

from server.kit.i18n import Lazy

NAMES: Final = re.compile(r"%\((\w+)\)s")


class Words(NamedTuple):
    """How a kind of notice is told; `group` (of GROUPS) is the heading it stands under."""

    group: str
    title: Lazy
    sentence: Lazy

    @property
    def facts(self) -> frozenset[str]:
        """The names that title and sentence are filled from."""
        return frozenset(NAMES.findall(self.title.message + self.sentence.message))
