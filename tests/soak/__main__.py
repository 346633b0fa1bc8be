"""`python -m tests.soak`: the promises at length, with the seed of every figure."""

import argparse
import asyncio
import random
import sys

from tests.soak import chaos


def main() -> int:
    """Run a level; the exit status is 1 when a promise does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--level", choices=chaos.LEVELS, default="pr")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    arguments = parser.parse_args()
    print(f"chaos, level {arguments.level}, seed {arguments.seed}", flush=True)
    broken: list[str] = []
    try:
        figures = asyncio.run(chaos.run(chaos.LEVELS[arguments.level], arguments.seed))
        print(chaos.report(figures))
    except* AssertionError as group:
        broken += [str(error) for error in group.exceptions]
    for what in broken:
        print(f"BROKEN with seed {arguments.seed}: {what}", file=sys.stderr)
    return 1 if broken else 0


sys.exit(main())
