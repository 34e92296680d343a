-- Symbols that have ever received a batch, kept current by their objects about once a minute.
CREATE TABLE symbols (
  symbol TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  currency TEXT NOT NULL,
  feed TEXT NOT NULL,
  source TEXT NOT NULL,
  first_seen_ms INTEGER NOT NULL,
  last_seen_ms INTEGER NOT NULL,
  as_of_ms INTEGER
) STRICT;

-- Index of the immutable snapshots in R2. The object is written first, the row second: no row without an object.
CREATE TABLE snapshots (
  symbol TEXT NOT NULL,
  -- Market time, UTC, as in the key: 20261120T143000Z.
  id TEXT NOT NULL,
  as_of_ms INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('minute', 'close')),
  r2_key TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  spot REAL,
  net_gex REAL,
  nearest_flip REAL,
  PRIMARY KEY (symbol, id)
) STRICT, WITHOUT ROWID;
