/**
 * What travels on a stream socket besides gamma frames: sub-protocols, close codes, keep-alive text.
 * Codes 4400-4499 mean "do not retry as is"; 1012 and 1013 mean "come back".
 */
export const SUBPROTOCOL_JSON = 'flipwire.gamma.v1.json'
export const SUBPROTOCOL_BINARY = 'flipwire.gamma.v1.binary'

/** Answered by the platform without waking the object. */
export const PING_TEXT = 'ping'
export const PONG_TEXT = 'pong'

export const CLOSE_CODES = {
  badMessage: 4400,
  unauthorized: 4401,
  tierTooLow: 4403,
  restarting: 1012,
  tryAgainLater: 1013,
} as const
