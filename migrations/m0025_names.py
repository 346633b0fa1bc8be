"""Names: what people are sorted by stands beside what they are called."""

from piccolo.engine import engine_finder

ID = "m0025_names"

SQL = r"""
-- Pinyin, lower case; "" until the job has read the name (server/people/names.py).
ALTER TABLE person ADD COLUMN sort_name text COLLATE "C" NOT NULL DEFAULT '';
"""


async def forwards() -> None:
    await engine_finder().current_transaction.get().connection.execute(SQL)
