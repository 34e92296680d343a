-- Events the Worker has to tell an account's webhooks: written with the change they are about, deleted once they are taken.
CREATE TABLE webhook_outbox (
  -- The event's, the same however often it is told.
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  -- JSON.
  event TEXT NOT NULL,
  created_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX webhook_outbox_by_owner ON webhook_outbox (owner, created_ms);
