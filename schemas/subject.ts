/** Whom tokens, ledgers and leases are about: one of these, or whom an operator made a token for. */
export const USER_PREFIX = 'user:'
export const GUEST_PREFIX = 'guest:'
/** The sandbox of an account, apart from what the account itself uses and pays. */
export const SANDBOX_PREFIX = 'sandbox:'
