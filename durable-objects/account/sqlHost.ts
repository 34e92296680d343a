/** The part of `DurableObjectStorage` that the account's stores use. */
export interface SqlHost {
  readonly sql: SqlStorage
  transactionSync<T>(work: () => T): T
}
