/**
 * Keeps an object's sockets in step with their accounts. Who has taken a socket asks the account's object what was revoked
 * and is told from then on; it asks after the socket is there, so that nothing falls between the two.
 */
import { isRevoked, REVOCATION_KEPT_MS, type Revocations } from '../account/revocation.ts'
import { attachmentOf, headerSubject, type Caller } from './caller.ts'
import { callerTag, closeSocket, type SocketHost } from './sockets.ts'

/** A place is kept for longer than a socket lives by this much, so that sockets in that time need not ask. */
const SPARE_MS = 4 * 60_000
const MAX_REMEMBERED = 10_000

export interface RevocationPort {
  /** Wants to be told until then, and what was revoked until now. */
  watch(account: string, untilMs: number): Promise<Revocations>
  /** Closes the sockets that must end. */
  end(account: string, revocations: Revocations): void
  failed(account: string, error: unknown): void
}

interface Asked {
  readonly atMs: number
  readonly answer: Promise<Revocations>
}

export class RevocationWatch {
  readonly #port: RevocationPort
  readonly #asked = new Map<string, Asked>()

  constructor(port: RevocationPort) {
    this.#port = port
  }

  /** A socket was taken. Without an answer it lives as long as its token. */
  async opened({ credential }: Pick<Caller, 'credential'>, nowMs: number): Promise<void> {
    if (credential === undefined) return
    const { account } = credential
    try {
      const revocations = await this.#ask(account, nowMs)
      if (isRevoked(credential, revocations)) this.#port.end(account, revocations)
    } catch (error) {
      this.#asked.delete(account)
      this.#port.failed(account, error)
    }
  }

  told(account: string, revocations: Revocations): void {
    const asked = this.#asked.get(account)
    if (asked !== undefined) this.#asked.set(account, { ...asked, answer: Promise.resolve(revocations) })
    this.#port.end(account, revocations)
  }

  #ask(account: string, nowMs: number): Promise<Revocations> {
    const asked = this.#asked.get(account)
    if (asked !== undefined && nowMs - asked.atMs < SPARE_MS) return asked.answer
    const answer = this.#port.watch(account, nowMs + REVOCATION_KEPT_MS)
    if (this.#asked.size >= MAX_REMEMBERED) this.#asked.clear()
    this.#asked.set(account, { atMs: nowMs, answer })
    return answer
  }
}

/** Closes 4401 what the account has open and must not have any more, after `forget`. */
export function endRevoked(
  host: SocketHost,
  account: string,
  revocations: Revocations,
  forget: (socket: WebSocket) => void,
): void {
  for (const socket of host.getWebSockets(callerTag({ subject: headerSubject(account) }))) {
    const credential = attachmentOf(socket)?.credential
    // Long subjects share a tag.
    if (credential?.account !== account || !isRevoked(credential, revocations)) continue
    forget(socket)
    closeSocket(socket, 'unauthorized')
  }
}
