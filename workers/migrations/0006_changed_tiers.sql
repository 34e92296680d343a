-- Changes of a tier after which tokens and sockets of the account have not been ended yet. The cron looks every minute; who
-- ends them sooner deletes the row. A serial is never given twice, so that no change can be taken for one that is done.
CREATE TABLE changed_tiers (
  serial INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX changed_tiers_by_account ON changed_tiers (account_id);

-- However an operator changes it.
CREATE TRIGGER note_changed_tier AFTER UPDATE OF tier ON accounts WHEN old.tier <> new.tier
BEGIN
  INSERT INTO changed_tiers (account_id) VALUES (new.id);
END;

-- Signatures of an operator's requests, for as long as they would be taken: each is good once.
CREATE TABLE operator_requests (
  signature TEXT PRIMARY KEY,
  ends_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
