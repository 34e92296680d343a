/** A new key, or the successor of one: what is stored, and the text that is shown once. */
import { generateApiKey, KEY_PREFIX_LENGTH, type KeyMode } from '#schemas/apiKey'
import type { NewKey } from './keyStore.ts'
import { sha256Hex } from './sha256.ts'

export interface KeyPlan {
  readonly owner: string
  readonly name: string
  readonly mode: KeyMode
  readonly scopes: readonly string[]
  readonly expiresMs: number
  readonly unitsPerDay?: number | null
  /** Of the key it takes over from. */
  readonly lineage?: string
}

export async function makeKey(
  plan: KeyPlan,
  nowMs: number,
): Promise<{ readonly text: string; readonly record: NewKey }> {
  const text = generateApiKey(plan.mode, (bytes) => void crypto.getRandomValues(bytes))
  const id = crypto.randomUUID()
  const record = {
    ...plan,
    unitsPerDay: plan.unitsPerDay ?? null,
    id,
    lineage: plan.lineage ?? id,
    prefix: text.slice(0, KEY_PREFIX_LENGTH),
    sha256: await sha256Hex(text),
    createdMs: nowMs,
  }
  return { text, record }
}
