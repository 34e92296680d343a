/** The codes that are sent: how they are made, how many may be, how often one may be tried. */
import { CODE_DIGITS, CODE_LIFE_MS } from '#schemas/rest/accounts'

export const MAX_TRIES = 5
/** Codes to one address, and to whoever asks from one network: sliding windows, counted exactly. */
export const CODE_LIMITS = {
  address: { codes: 5, withinMs: 15 * 60_000 },
  network: { codes: 20, withinMs: 60 * 60_000 },
} as const
/** Long enough for both windows. */
export const CODE_KEPT_MS = Math.max(CODE_LIMITS.address.withinMs, CODE_LIMITS.network.withinMs, CODE_LIFE_MS)

const CODES = 10 ** CODE_DIGITS
/** Beyond it the remainder would favour low codes. */
const FAIR = Math.floor(2 ** 32 / CODES) * CODES

/** Each of the codes as likely as every other. */
export function newCode(randomUint32: () => number): string {
  let drawn = randomUint32()
  while (drawn >= FAIR) drawn = randomUint32()
  return String(drawn % CODES).padStart(CODE_DIGITS, '0')
}

/** Sent as plain text. Nothing of it comes from the one who asked, or the letter could be made to say anything. */
export function codeLetter(code: string): { readonly subject: string; readonly text: string } {
  const minutes = CODE_LIFE_MS / 60_000
  return {
    subject: `${code} is your Flipwire code`,
    text: `Your code to sign in to Flipwire is\n\n    ${code}\n\nIt is good for ${minutes} minutes, once, in the page that asked for it. Nobody of ours will ever ask you for it.\nIf you did not ask for a code, ignore this letter: without it nobody can sign in.\n`,
  }
}
