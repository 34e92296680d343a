/**
 * Who is signed in, for all tabs of this browser. What keeps somebody signed in is in a cookie that no script reads; here is
 * only the access token of this tab, and a mark for the other tabs and the next visit that there is such a cookie.
 */
import { ApiProblem } from '#client/rest/apiProblem'
import { request, type GetToken, type Transport } from '#client/rest/request'
import { SessionTokenSchema, type SessionToken } from '#schemas/rest/accounts'

const MARK = 'flipwire.signedIn'
/** Replaced this long before expiry, so that a token never expires on its way. */
const RENEW_BEFORE_MS = 60_000

export interface SessionParts {
  readonly baseUrl: string
  readonly transport: Transport
  readonly guest: GetToken
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  /** Runs `work` while no other tab runs its own: two that exchange one cookie at once would race for its place. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>
  readonly nowMs: () => number
}

export interface BrowserSession {
  /** Of the account, or of a guest while nobody is signed in. */
  readonly getToken: GetToken
  readonly isSignedIn: () => boolean
  readonly begin: (token: SessionToken) => void
  /** Forgets the account; the cookie is the service's to take back. */
  readonly end: () => void
  readonly onChange: (listener: () => void) => void
}

export function createSession(parts: SessionParts): BrowserSession {
  const { guest, nowMs } = parts
  const mark = createMark(parts.storage)
  const listeners: (() => void)[] = []
  /** With the mark it was held under: another tab may have signed somebody else in. */
  let held: { readonly token: SessionToken; readonly mark: string } | null = null
  let pending: Promise<SessionToken> | null = null

  const change = (token: SessionToken | null) => {
    const next = token === null ? null : String(nowMs())
    held = token === null || next === null ? null : { token, mark: next }
    mark.write(next)
    for (const listener of listeners) listener()
  }
  const refresh = () =>
    (pending ??= parts
      .alone(() =>
        request(parts.transport, `${parts.baseUrl}/v1/auth/refresh`, SessionTokenSchema, { method: 'POST' }),
      )
      .finally(() => {
        pending = null
      }))

  return {
    getToken: async (options) => {
      const now = mark.read()
      if (now === null) return guest(options)
      if (held?.mark === now && isFresh(held.token, nowMs()) && !options?.renew) return held.token.token
      try {
        const token = await refresh()
        held = { token, mark: now }
        return token.token
      } catch (cause) {
        // Anything else may pass, and nobody is signed out by a bad connection.
        if (!(cause instanceof ApiProblem && cause.code === 'no_session')) throw cause
        change(null)
        return guest(options)
      }
    },
    isSignedIn: () => mark.read() !== null,
    begin: change,
    end: () => change(null),
    onChange: (listener) => void listeners.push(listener),
  }
}

function isFresh({ expiresAt }: SessionToken, nowMs: number): boolean {
  return Date.parse(expiresAt) - nowMs > RENEW_BEFORE_MS
}

/** Where storage is forbidden, of this tab and this visit alone. */
function createMark(storage: SessionParts['storage']) {
  let own: string | null = null
  return {
    read: (): string | null => {
      try {
        return storage.getItem(MARK)
      } catch {
        return own
      }
    },
    write: (mark: string | null): void => {
      own = mark
      try {
        if (mark === null) storage.removeItem(MARK)
        else storage.setItem(MARK, mark)
      } catch {
        // `own` will do.
      }
    },
  }
}
