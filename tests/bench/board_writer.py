"""Another app process, which takes the scores in: a transaction each, 16 at a time.

`python -m tests.bench.board_writer BOARD RATE SECONDS`; says how many it has committed.
"""

import asyncio
import random
import sys
from datetime import timedelta
from uuid import UUID

import uvloop

from server.boards import commands, service
from server.boards.wakening import wake
from server.config import settings
from server.kit import db
from tests.support.boards import STARTS

CLIENTS = 16


async def write(board: UUID, rate: float, seconds: float) -> int:
    db.configure(settings().database_url or "")
    await db.open_pool()
    await service.start()
    people = await db.column("SELECT person FROM standing WHERE board = $1", board)
    loop = asyncio.get_running_loop()
    began = loop.time()
    count = 0

    async def score(number: int) -> None:
        nonlocal count
        seed = random.Random(number)
        while (past := loop.time() - began) < seconds:
            # As many as are due by now: who is late catches up, nobody runs ahead.
            if count >= past * rate:
                await asyncio.sleep(count / rate - past)
                continue
            count += 1
            at = STARTS + timedelta(seconds=past)
            # The statement of `record` is a transaction by itself.
            await db.execute(commands.RECORD, board, seed.choice(people), 1, at, None, None)
            wake(board)

    await asyncio.gather(*(score(number) for number in range(CLIENTS)))
    await service.stop()
    await db.close_pool()
    return count


if __name__ == "__main__":
    print(uvloop.run(write(UUID(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]))))
