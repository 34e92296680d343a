-- Accounts, how they sign in, and what they did. Whatever belongs to an account goes with its row.
CREATE TABLE accounts (
  id TEXT PRIMARY KEY,
  -- Lower case, as it is compared.
  email TEXT NOT NULL UNIQUE,
  tier TEXT NOT NULL DEFAULT 'free' CHECK (tier IN ('free', 'pro', 'partner')),
  created_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Codes that were sent, and at once what limits how many are. Kept for an hour. Address, network and code are hashed with
-- a secret of the Worker: of a code, which has few values, a bare hash could be tried out.
CREATE TABLE sign_in_codes (
  -- The newest of an address is the one that is good.
  serial INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  email_hash TEXT NOT NULL,
  -- Null where there is no network, on one's own machine.
  network_hash TEXT,
  code_hash TEXT NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL,
  used_ms INTEGER
) STRICT;

CREATE INDEX sign_in_codes_by_email ON sign_in_codes (email_hash, created_ms);
CREATE INDEX sign_in_codes_by_network ON sign_in_codes (network_hash, created_ms);

-- A sign-in and what has become of it: a family of refresh tokens, of which one is good.
CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  -- E.g. "Firefox on Linux".
  device TEXT NOT NULL,
  network TEXT,
  created_ms INTEGER NOT NULL,
  last_used_ms INTEGER NOT NULL,
  -- However much it is used.
  expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_account ON sessions (account_id, created_ms);

-- Random, so that a bare hash is enough. Those that were exchanged stay as long as the session: one that comes back tells
-- of a theft.
CREATE TABLE refresh_tokens (
  sha256 TEXT PRIMARY KEY,
  session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  created_ms INTEGER NOT NULL,
  used_ms INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

CREATE TABLE passkeys (
  -- The credential's, base64url.
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  -- COSE, base64url.
  public_key TEXT NOT NULL,
  counter INTEGER NOT NULL,
  -- Separated by spaces.
  transports TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  last_used_ms INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX passkeys_by_account ON passkeys (account_id, created_ms);

CREATE TABLE passkey_challenges (
  challenge TEXT PRIMARY KEY,
  -- Null: to sign in, where it is not known who will.
  account_id TEXT REFERENCES accounts (id) ON DELETE CASCADE,
  expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Guests who became accounts: each once.
CREATE TABLE linked_guests (
  subject TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  linked_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX linked_guests_by_account ON linked_guests (account_id);

-- What happened to an account, for its owner to see. Kept for 90 days.
CREATE TABLE account_events (
  id INTEGER PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  at_ms INTEGER NOT NULL,
  what TEXT NOT NULL,
  detail TEXT NOT NULL,
  -- /24 or /48.
  network TEXT
) STRICT;

CREATE INDEX account_events_by_account ON account_events (account_id, at_ms);
CREATE INDEX account_events_by_time ON account_events (at_ms);

-- However an operator changes a tier, its owner can see that it was.
CREATE TRIGGER tier_changes AFTER UPDATE OF tier ON accounts WHEN old.tier <> new.tier
BEGIN
  INSERT INTO account_events (account_id, at_ms, what, detail)
  VALUES (new.id, CAST(unixepoch('subsec') * 1000 AS INTEGER), 'tier.changed', old.tier || ' to ' || new.tier);
END;
