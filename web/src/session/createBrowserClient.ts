/** The one client of the page, and with it the only way to data; and the account of whoever sits before it. */
import { createClient, type Client } from '#client/createClient'
import { createGuestToken } from '#client/guestToken'
import type { GetToken, Transport } from '#client/rest/request'
import { runtimeEnvironment } from '#client/stream/runtimeEnvironment'
import { createAccountApi, type AccountApi } from '../account/accountApi.ts'
import { createSession, type BrowserSession } from '../account/session.ts'
import { createCallerToken } from './callerToken.ts'
import { createGuestStore } from './guestStore.ts'

export interface BrowserClient {
  readonly client: Client
  /** Of whoever sits before the page. */
  readonly getToken: GetToken
  readonly session: BrowserSession
  readonly accountApi: AccountApi
}

export function createBrowserClient(): BrowserClient {
  const transport: Transport = {
    // What the browser has kept is asked for again (304 is free): offline it would pass for an answer of the service.
    fetch: (url, init) => fetch(url, { ...init, cache: 'no-cache' }),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    random: Math.random,
  }
  const baseUrl = location.origin
  const guest = createGuestToken({
    baseUrl,
    transport,
    nowMs: Date.now,
    store: createGuestStore(localStorage),
  })
  const session = createSession({ baseUrl, transport, guest, storage: localStorage, alone, nowMs: Date.now })
  const getToken = createCallerToken(location.hash, sessionStorage, session.getToken, Date.now)
  if (location.hash !== '') history.replaceState(null, '', location.pathname + location.search)
  return {
    getToken,
    client: createClient({ baseUrl, getToken, transport, environment: runtimeEnvironment(transport) }),
    session,
    accountApi: createAccountApi({ baseUrl, transport, session, guest }),
  }
}

/** Among all tabs. Locks are missing on plain http, where there is no session either. */
async function alone<T>(work: () => Promise<T>): Promise<T> {
  return 'locks' in navigator ? navigator.locks.request('flipwire.refresh', work) : work()
}
