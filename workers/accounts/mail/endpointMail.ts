/** Hands letters to whatever takes `{to, subject, text}` as JSON at an https address, with a bearer token. */
import type { MailPort } from './mailPort.ts'

const TIMEOUT_MS = 10_000

type Fetch = (url: string, init: RequestInit) => Promise<Response>

export function endpointMail(url: string, token: string, request: Fetch = fetch): MailPort {
  if (!url.startsWith('https://')) throw new Error('MAIL_URL: expected an https address, was another')
  return {
    async send(letter) {
      const response = await request(url, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(letter),
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      await response.body?.cancel()
      if (!response.ok) throw new Error(`expected the letter to be taken, was ${response.status}`)
    },
  }
}
