/** Whom tokens, ledgers and leases are about: an account by its id, or one of these. */
export const GUEST_PREFIX = 'guest:'
/** The sandbox of an account, apart from what the account itself uses and pays. */
export const SANDBOX_PREFIX = 'sandbox:'
