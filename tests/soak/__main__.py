"""`python -m tests.soak`: the promises at length, with the seed of every figure."""

import argparse
import asyncio
import random
import sys
import time

from tests.soak import chaos, mutants, properties

PARTS = ("chaos", "properties", "mutants")


def main() -> int:
    """Run a level; the exit status is 1 when a promise does not hold or a bug is not noticed."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--level", choices=chaos.LEVELS, default="pr")
    parser.add_argument("--only", choices=PARTS, action="append", help="leave the others out")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    arguments = parser.parse_args()
    runs = {
        "chaos": lambda: _chaos(arguments.level, arguments.seed),
        "properties": lambda: properties.run(arguments.seed),
        "mutants": mutants.run,
    }
    broken = []
    for part in arguments.only or PARTS:
        began = time.monotonic()
        found = runs[part]()
        broken += found
        print(f"{part}: seed {arguments.seed}, {time.monotonic() - began:.0f} s,", flush=True)
        print("\n".join(f"  BROKEN: {what}" for what in found) or "  all held", flush=True)
    return 1 if broken else 0


def _chaos(level: str, seed: int) -> list[str]:
    broken: list[str] = []
    try:
        figures = asyncio.run(chaos.run(chaos.LEVELS[level], seed))
        print(f"chaos: {chaos.report(figures)}", flush=True)
    except* (AssertionError, TimeoutError) as group:
        broken += [f"{error!r}" for error in group.exceptions]
    return broken


sys.exit(main())
