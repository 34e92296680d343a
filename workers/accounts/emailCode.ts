/** A code to an address, and the address proven with it. Known or unknown, the work is the same: nobody is looked up. */
import { networkOf } from '../middleware/abuse/abuseLimit.ts'
import { insertCode, tryNewestCode, useCode } from './codeStore.ts'
import type { MailPort } from './mail/mailPort.ts'
import { secretHash } from './serverSecret.ts'
import { codeLetter, newCode } from './signInCode.ts'

export interface CodeDesk {
  readonly db: D1Database
  /** What hashes are made with. */
  readonly secret: string
}

/** 0 when the letter is out, else how long to wait before asking again. */
export async function sendCode(
  { db, secret }: CodeDesk,
  mail: MailPort,
  email: string,
  networkAddress: string | undefined,
  nowMs: number,
): Promise<number> {
  const id = crypto.randomUUID()
  const code = newCode(randomUint32)
  const network = networkAddress === undefined ? null : networkOf(networkAddress)
  const waitMs = await insertCode(
    db,
    {
      id,
      emailHash: await secretHash(secret, 'sign-in address', email),
      networkHash: network === null ? null : await secretHash(secret, 'sign-in network', network),
      codeHash: await hashOf(secret, id, code),
    },
    nowMs,
  )
  if (waitMs === 0) await mail.send({ to: email, ...codeLetter(code) })
  return waitMs
}

/** Whether this is the code that was sent there last; each is good once. */
export async function isRightCode(
  { db, secret }: CodeDesk,
  email: string,
  code: string,
  nowMs: number,
): Promise<boolean> {
  const newest = await tryNewestCode(db, await secretHash(secret, 'sign-in address', email), nowMs)
  if (newest === null) return false
  // Comparing MACs under a secret: how far they agree tells nothing of the code.
  if (newest.codeHash !== (await hashOf(secret, newest.id, code))) return false
  return useCode(db, newest.id, nowMs)
}

function hashOf(secret: string, id: string, code: string): Promise<string> {
  return secretHash(secret, 'sign-in code', `${id} ${code}`)
}

function randomUint32(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0
}
