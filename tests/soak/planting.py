"""Planted bugs: each is put into a copy of the project, where its tests must go red."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

CHECKOUT = Path(__file__).resolve().parents[2]
COPIED = ("game", "server", "migrations", "pwa", "static", "tests", "pyproject.toml")
LEFT_OUT = shutil.ignore_patterns("node_modules", "__pycache__", ".pytest_cache", "*.pyc")


class Mutant(NamedTuple):
    """A bug: in `file` the text `good` (there once) becomes `bad`; `test` must notice."""

    name: str
    file: str
    good: str
    bad: str
    test: str


def survivors(mutants: Iterable[Mutant]) -> list[str]:
    """Plant each bug in turn; returns the names of those that no test noticed."""
    alive = []
    with tempfile.TemporaryDirectory(prefix="leitai-mutants-") as folder:
        field = Path(folder)
        for name in COPIED:
            source = CHECKOUT / name
            if source.is_dir():
                shutil.copytree(source, field / name, ignore=LEFT_OUT)
            else:
                shutil.copy2(source, field / name)
        for mutant in mutants:
            caught = _is_caught(mutant, field)
            print(f"{'caught' if caught else 'ALIVE '}  {mutant.name}", flush=True)
            if not caught:
                alive.append(mutant.name)
    return alive


def _is_caught(mutant: Mutant, field: Path) -> bool:
    file = field / mutant.file
    text = file.read_text(encoding="utf-8")
    if text.count(mutant.good) != 1:
        raise ValueError(f"{mutant.name}: its place in {mutant.file} is not there once")
    file.write_text(text.replace(mutant.good, mutant.bad), encoding="utf-8")
    try:
        return _fails(mutant.test, field)
    finally:
        file.write_text(text, encoding="utf-8")


def _fails(test: str, field: Path) -> bool:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", test],
        cwd=field,
        env={**os.environ, "PYTHONPATH": str(field), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    # 1: tests have failed. Anything else, such as a test that isn't there, is our own fault.
    if done.returncode not in (0, 1):
        raise RuntimeError(f"pytest could not run: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.returncode == 1
