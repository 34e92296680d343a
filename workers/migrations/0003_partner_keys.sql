-- API keys of partners. The key itself is never stored: it is random, so its SHA-256 is as good as the key for finding
-- it, and useless to whoever reads this table.
CREATE TABLE api_keys (
  id TEXT PRIMARY KEY,
  -- The account that made it and pays for it.
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
  sha256 TEXT NOT NULL UNIQUE,
  -- The first characters, to tell one's keys apart.
  prefix TEXT NOT NULL,
  -- Names of scopes, separated by spaces.
  scopes TEXT NOT NULL,
  -- Shared by a key and those it was rotated into.
  lineage TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  -- Not good from then on: its own term, the end of the overlap after a rotation, or its revocation.
  expires_ms INTEGER NOT NULL,
  last_used_ms INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX api_keys_by_owner ON api_keys (owner, created_ms);
