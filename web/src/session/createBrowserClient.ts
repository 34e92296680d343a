/** The one client of the page, and with it the only way to data. */
import { createClient, type Client } from '#client/createClient'
import { createGuestToken } from '#client/guestToken'
import type { Transport } from '#client/rest/request'
import { runtimeEnvironment } from '#client/stream/runtimeEnvironment'
import { createCallerToken } from './callerToken.ts'
import { createGuestStore } from './guestStore.ts'

export function createBrowserClient(): Client {
  const transport: Transport = {
    fetch: (url, init) => fetch(url, init),
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
  const getToken = createCallerToken(location.hash, sessionStorage, guest, Date.now)
  if (location.hash !== '') history.replaceState(null, '', location.pathname + location.search)
  return createClient({ baseUrl, getToken, transport, environment: runtimeEnvironment(transport) })
}
