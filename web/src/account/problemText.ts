/** What went wrong, for somebody who did nothing wrong. */
import { ApiProblem } from '#client/rest/apiProblem'
import type { ProblemCode } from '#schemas/problem'

const TEXTS: Partial<Record<ProblemCode, string>> = {
  invalid_code:
    'This code is not good any more, or mistyped. Use the newest one you got, or ask for another.',
  invalid_passkey: 'This passkey is not known here. Sign in with a code, then add it anew.',
  no_session: 'Your session has ended. Sign in again.',
}

export function problemText(cause: unknown): string {
  if (!(cause instanceof ApiProblem)) return 'That did not work. Try again.'
  if (cause.status === 0) return 'The service cannot be reached. Try again.'
  if (cause.code === 'rate_limited') return `Too many tries. ${sentence(cause.problem.detail)}`
  return TEXTS[cause.code] ?? `${cause.problem.title}. ${sentence(cause.problem.detail)}`
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
