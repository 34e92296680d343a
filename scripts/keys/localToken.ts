/** An access token that the local Worker accepts, signed with the key in `.dev.vars`. */
import type { Tier } from '#schemas/tiers'
import { importAuthKeys } from '#workers/auth/authKeys'
import { issueToken } from '#workers/auth/issueToken'
import { readDevVars } from './devVars.ts'

export interface LocalTokenRequest {
  readonly tier: Tier
  readonly subject: string
  readonly lifeSeconds: number
}

/** The keys must be there: see `ensureKeys`. */
export async function localToken(root: string, request: LocalTokenRequest): Promise<string> {
  const { AUTH_PRIVATE_JWK = '' } = readDevVars(root)
  const keys = await importAuthKeys({ AUTH_PRIVATE_JWK })
  const { token } = await issueToken(request, keys, Date.now())
  return token
}
