/** Why a stream socket was closed, and what its client should do about it. 1006 means cut without a close frame. */

/**
 * `no`: the same request would be refused again. `resume`: at once, from the position held. `renewToken`: with a fresh
 * token, from the position held. `later`: after the ordinary back-off, from the position held.
 */
export type Reconnect = 'no' | 'resume' | 'renewToken' | 'later'

export const CLOSE_CODES = {
  restarting: 1012,
  tryAgainLater: 1013,
  badMessage: 4400,
  unauthorized: 4401,
  tierTooLow: 4403,
  unknownChannel: 4404,
  slow: 4408,
  tooLarge: 4413,
  flood: 4429,
} as const
export type CloseName = keyof typeof CLOSE_CODES

interface CloseRow {
  readonly reconnect: Reconnect
  readonly meaning: string
}

export const CLOSE_TABLE: Readonly<Record<CloseName, CloseRow>> = {
  restarting: { reconnect: 'resume', meaning: 'the server restarts' },
  tryAgainLater: { reconnect: 'later', meaning: 'no room for another socket' },
  badMessage: { reconnect: 'no', meaning: 'three messages that could not be understood, or binary input' },
  unauthorized: { reconnect: 'renewToken', meaning: 'the token is missing, wrong or has expired' },
  tierTooLow: { reconnect: 'no', meaning: 'the tier does not include this stream' },
  unknownChannel: { reconnect: 'no', meaning: 'there is no such channel' },
  slow: { reconnect: 'resume', meaning: 'nothing subscribed, acknowledged or pinged in time' },
  tooLarge: { reconnect: 'no', meaning: 'a message was too large' },
  flood: { reconnect: 'later', meaning: 'too many control messages' },
}

/** Codes outside the table, 1000 and 1006 among them, are cuts of the network: back off, then resume. */
export function reconnectAfter(code: number): Reconnect {
  for (const [name, listed] of Object.entries(CLOSE_CODES)) {
    if (listed === code) return CLOSE_TABLE[name as CloseName].reconnect
  }
  return 'later'
}
