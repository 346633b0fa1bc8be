"""The properties of `make test` with more and longer examples (the PR column of promises.md)."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# How many times what `make test` does.
TIMES = {
    "tests/server/ledger/test_oracle.py": 10,
    "tests/server/ledger/test_interleavings.py": 1,
    "tests/server/ledger/test_post.py": 1,
    "tests/server/actions/test_chains.py": 10,
    "tests/server/actions/test_quotas.py": 10,
    "tests/server/actions/test_repeats_api.py": 10,
    "tests/server/battles/test_settlement.py": 10,
    "tests/server/battles/test_moments.py": 5,
    "tests/server/test_api.py": 20,
    "tests/server/boards/test_frames.py": 10,
    "tests/soak/test_boards.py": 1,
}


def run(seed: int) -> list[str]:
    """Run each; returns those that failed."""
    broken = []
    for test, times in TIMES.items():
        done = subprocess.run(
            [sys.executable, "-m", "pytest", test, f"--hypothesis-seed={seed}", "--tb=short"],
            cwd=ROOT, env=os.environ | {"SOAK_TIMES": str(times)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        print(f"properties: {test} × {times}: {'held' if not done.returncode else 'BROKEN'}")
        if done.returncode:
            print(done.stdout[-3000:])
            broken.append(test)
    return broken
