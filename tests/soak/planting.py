"""A planted bug, and how it gets into a copy of the tree (see mutants.py)."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Mutant:
    """One bug: a text that stands once in a file, what it becomes, and who must notice."""

    name: str
    path: str
    old: str
    new: str
    tests: str
    """A test file, and after a space what to choose of it."""

    def plant(self, tree: Path) -> None:
        file = tree / self.path
        text = file.read_text(encoding="utf-8")
        if text.count(self.old) != 1:
            raise LookupError(f"{self.name}: stands {text.count(self.old)} times in {self.path}")
        file.write_text(text.replace(self.old, self.new), encoding="utf-8")
