/** Challenges to authenticators: random, good once and for five minutes, and each for one purpose. */
import { CHALLENGE_LIFE_MS } from '#schemas/rest/passkeys'
import { encodeBase64url } from '../../auth/base64url.ts'

const BYTES = 32

/** `accountId`: whose passkey is to be made; null: to sign in, where it is not known who will. */
export async function newChallenge(db: D1Database, accountId: string | null, nowMs: number): Promise<string> {
  const challenge = encodeBase64url(crypto.getRandomValues(new Uint8Array(BYTES)))
  const insert = db.prepare('INSERT INTO passkey_challenges VALUES (?, ?, ?)')
  await insert.bind(challenge, accountId, nowMs + CHALLENGE_LIFE_MS).run()
  return challenge
}

/** True the first time. Asked before the answer is looked at, so that each challenge has one try. */
export async function useChallenge(
  db: D1Database,
  challenge: string,
  accountId: string | null,
  nowMs: number,
): Promise<boolean> {
  const remove = db.prepare(
    'DELETE FROM passkey_challenges WHERE challenge = ? AND account_id IS ? AND expires_ms > ?',
  )
  const { meta } = await remove.bind(challenge, accountId, nowMs).run()
  return meta.changes > 0
}
