"""Boards: what a ranking can hold, and the latest moments of a board at once."""

from piccolo.engine import engine_finder

ID = "m0005_boards"

SQL = r"""
-- Points and the moment they were reached are packed into one number: see game/ranking.py.
ALTER TABLE standing ADD CHECK (score >= 0 AND score < 2097152);

CREATE INDEX change_moment ON change (board, id DESC) WHERE moment IS NOT NULL;
CREATE INDEX change_created ON change (created_at);
"""


async def forwards() -> None:
    await engine_finder().current_transaction.get().connection.execute(SQL)
