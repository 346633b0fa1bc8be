"""How leads arrived, counted by device, network and person; and the networks the company knows."""

from piccolo.engine import engine_finder

ID = "m0021_lead_suspicions"

SQL = r"""
-- I2. How many leads a device, a network or a person brought on a day of the plan's zone. Whoever
-- reports takes a turn at these rows, so the sixth is known to be the sixth under any race.
CREATE TABLE lead_count (
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('device', 'network', 'person')),
  token text COLLATE "C" NOT NULL,                -- a keyed hash, or the id of the person
  day date NOT NULL,
  count integer NOT NULL,
  PRIMARY KEY (kind, token, day)
);
CREATE INDEX lead_count_age ON lead_count (day);

-- I3. How a lead arrived. Device and network are forgotten after 90 days, "" from then on.
CREATE TABLE lead_arrival (
  lead uuid PRIMARY KEY,
  person uuid NOT NULL REFERENCES person,
  device text COLLATE "C" NOT NULL,
  network text COLLATE "C" NOT NULL,
  day date NOT NULL,
  taken_at timestamptz NOT NULL,                  -- when it was taken down, received or before
  received_at timestamptz NOT NULL
);
CREATE INDEX lead_arrival_person ON lead_arrival (person, day);
CREATE INDEX lead_arrival_device ON lead_arrival (device, day) WHERE device <> '';
CREATE INDEX lead_arrival_network ON lead_arrival (network, day) WHERE network <> '';
CREATE INDEX lead_arrival_age ON lead_arrival (received_at) WHERE device <> '' OR network <> '';

-- Networks of the company's own, such as a store's: many colleagues report from one.
CREATE TABLE registered_network (
  token text COLLATE "C" PRIMARY KEY,
  name text NOT NULL CHECK (name <> ''),
  added_by uuid NOT NULL REFERENCES person,
  added_at timestamptz NOT NULL
);
"""


async def forwards() -> None:
    await engine_finder().current_transaction.get().connection.execute(SQL)
