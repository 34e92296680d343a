-- Who a partner is to the billing provider. Filled by the operator; without a row nothing is reported.
CREATE TABLE billing_customers (
  owner TEXT PRIMARY KEY,
  customer TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Days that the provider has acknowledged: none is reported again.
CREATE TABLE billing_reports (
  owner TEXT NOT NULL,
  -- UTC, YYYY-MM-DD.
  day TEXT NOT NULL,
  units INTEGER NOT NULL,
  reported_ms INTEGER NOT NULL,
  PRIMARY KEY (owner, day)
) STRICT, WITHOUT ROWID;
