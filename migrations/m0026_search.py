"""Finding people and leads, and the tour of whoever is new."""

from piccolo.engine import engine_finder

ID = "m0026_search"

SQL = r"""
-- A customer is found by the last four digits of the masked phone.
CREATE INDEX customer_last_four ON customer (right(shown, 4));

-- Who has seen the tour, or skipped it: once for each part they play.
CREATE TABLE tour (
  person uuid NOT NULL REFERENCES person,
  part text COLLATE "C" NOT NULL,                 -- a role, or the kind of whoever has none
  at timestamptz NOT NULL,
  PRIMARY KEY (person, part)
);
"""


async def forwards() -> None:
    await engine_finder().current_transaction.get().connection.execute(SQL)
