/** A visitor with a browser's cookies and a mailbox, for tests of accounts in workerd. */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { vi } from 'vitest'
import { createApp } from '../app.ts'

export const ORIGIN = 'https://flipwire.test'
const app = createApp()
const withMail = { ...env, MAIL_URL: 'https://mail.test/send', MAIL_TOKEN: 'mail-token' }

const letters = new Map<string, string[]>()

/** Takes letters instead of the endpoint; `vi.restoreAllMocks` ends it. */
export function receiveMail(): void {
  letters.clear()
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (_, init) => {
    const { to, text } = JSON.parse(String(init?.body)) as { to: string; text: string }
    letters.set(to, [...(letters.get(to) ?? []), text])
    return new Response(null, { status: 202 })
  })
}

/** Codes that came, oldest first. */
export function codesTo(email: string): string[] {
  return (letters.get(email) ?? []).map((text) => /\d{8}/.exec(text)?.[0] ?? '')
}

export interface Call {
  readonly method?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export class Visitor {
  cookie = ''
  token = ''
  /** Of the page that asks; null: none. */
  origin: string | null = ORIGIN
  address: string | null = null

  async call(path: string, { method = 'GET', body, headers = {} }: Call = {}): Promise<Response> {
    const context = createExecutionContext()
    const init = { method, headers: { ...this.#headers(), ...headers } }
    const response = await app.request(
      `${ORIGIN}${path}`,
      body === undefined ? init : { ...init, body: JSON.stringify(body) },
      withMail,
      context,
    )
    await waitOnExecutionContext(context)
    return response
  }

  /** And keeps what a browser would keep. */
  async post(path: string, body?: unknown): Promise<Response> {
    const response = await this.call(path, { method: 'POST', ...(body === undefined ? {} : { body }) })
    const set = response.headers.get('set-cookie')
    if (set !== null) this.cookie = set.includes('Max-Age=0') ? '' : (set.split(';')[0] ?? '')
    if (response.ok && response.status === 200) {
      const { token } = (await response.clone().json()) as { token?: string }
      if (token !== undefined) this.token = token
    }
    return response
  }

  async signIn(email: string): Promise<void> {
    await this.post('/v1/auth/email', { email })
    const response = await this.post('/v1/auth/email/verify', { email, code: codesTo(email).at(-1) })
    if (!response.ok) throw new Error(`expected to be signed in, was ${await response.text()}`)
  }

  #headers(): Record<string, string> {
    return {
      'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0',
      ...(this.origin === null ? {} : { origin: this.origin }),
      ...(this.address === null ? {} : { 'cf-connecting-ip': this.address }),
      ...(this.cookie === '' ? {} : { cookie: this.cookie }),
      ...(this.token === '' ? {} : { authorization: `Bearer ${this.token}` }),
    }
  }
}

let serial = 0
export function newEmail(): string {
  return `reader-${++serial}@example.com`
}
