/** Groups of operations, in the order the reference shows them. */
export const TAGS = {
  Service: 'Is it up, and what is there to read.',
  Analytics: 'Numbers of one symbol, each with its instant, feed, model and quality in `meta`.',
  Metrics: 'Every figure by name, what it means and what it is made of.',
  History: 'The recorded minutes of a symbol.',
  Streams: 'Sockets: snapshots and deltas with resume, the live frame, the greeks, the status.',
  Access: 'Tokens, keys and what a caller has used.',
  Accounts: 'Signing in by e-mail or passkey, sessions, and what is held of an account.',
  Webhooks: 'Endpoints of yours that are told when something happens.',
  Ingest: 'For bridges: batches of ticks, and the right to send them.',
  Operation: 'For who operates the service.',
  Document: 'This document in its forms.',
} as const
export type Tag = keyof typeof TAGS
