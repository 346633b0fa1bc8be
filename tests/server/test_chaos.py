"""The whole deployment on a bad day: apps, worker, Valkey, PostgreSQL killed under load.

Acknowledged is never lost, one key is one effect, the pot is paid once, and all is live again by
itself (P1, P2, P4, P5, P6, P10, P11, P21). `make soak` does the same at length.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SEED = 20261123


def test_kills_lose_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.soak", "--level", "ci", "--only", "chaos", "--seed", str(SEED)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    [told] = [line for line in done.stdout.splitlines() if line.startswith("chaos: {")]
    figures = json.loads(told.removeprefix("chaos: "))
    assert sum(figures["kills"].values()) == 6
    assert figures["reports"] > 6
    assert figures["again"], "nobody noticed the kills"
