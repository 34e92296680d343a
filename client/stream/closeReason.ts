/** Which refusals are final for a stream; all others may pass, and are waited for. */
import { ApiProblem } from '../rest/apiProblem.ts'
import { TOKEN_CODES } from '../rest/request.ts'
import { upgradeOf } from '../rest/results.ts'
import type { CloseReason } from './streamState.ts'

const FORBIDDEN = new Set(['upgrade_required', 'missing_scope', 'origin_not_allowed'])

export function closeReason(cause: unknown): CloseReason | null {
  if (!(cause instanceof ApiProblem)) return null
  const { problem } = cause
  if (TOKEN_CODES.has(problem.code)) return { reason: 'unauthorized', problem }
  return FORBIDDEN.has(problem.code) ? { reason: 'forbidden', upgrade: upgradeOf(problem), problem } : null
}
