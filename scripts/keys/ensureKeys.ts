/** The keys of one clone: what is missing or does not fit together is made anew. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { MIN_OPERATOR_SECRET } from '#schemas/operator'
import { encodeBase64url } from '#workers/auth/base64url'
import { generateEd25519Key } from '#workers/auth/generateKey'
import { importAuthKeys } from '#workers/auth/authKeys'
import { devVarsPath, readDevVars, writeDevVars } from './devVars.ts'

export function bridgeKeyPath(root: string): string {
  return join(root, '.flipwire', 'bridge-key.json')
}

/** Names of what was made; empty when everything was there. */
export async function ensureKeys(root: string): Promise<string[]> {
  const held = readDevVars(root)
  const made: string[] = []
  if (!(await isAuthKey(held['AUTH_PRIVATE_JWK'] ?? ''))) {
    const { privateJwk } = await generateEd25519Key()
    writeDevVars(root, { AUTH_PRIVATE_JWK: JSON.stringify(privateJwk) })
    made.push('AUTH_PRIVATE_JWK')
  }
  if ((held['OPERATOR_SECRET'] ?? '').length < MIN_OPERATOR_SECRET) {
    const secret = encodeBase64url(crypto.getRandomValues(new Uint8Array(32)))
    writeDevVars(root, { OPERATOR_SECRET: secret })
    made.push('OPERATOR_SECRET')
  }
  if (!isBridgeKnown(root, held['INGEST_PUBLIC_JWKS'] ?? '')) {
    const { privateJwk, publicJwk } = await generateEd25519Key()
    const path = bridgeKeyPath(root)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, `${JSON.stringify(privateJwk)}\n`, { mode: 0o600 })
    writeDevVars(root, { INGEST_PUBLIC_JWKS: JSON.stringify({ keys: [publicJwk] }) })
    made.push('INGEST_PUBLIC_JWKS', 'bridge-key.json')
  }
  // The mode given to writeFileSync holds for new files only.
  for (const path of [devVarsPath(root), bridgeKeyPath(root)]) chmodSync(path, 0o600)
  return made
}

async function isAuthKey(privateJwk: string): Promise<boolean> {
  return importAuthKeys({ AUTH_PRIVATE_JWK: privateJwk }).then(
    () => true,
    () => false,
  )
}

/** Whether the bridge of this clone holds a key that the Worker of this clone accepts. */
function isBridgeKnown(root: string, publicJwks: string): boolean {
  const path = bridgeKeyPath(root)
  if (!existsSync(path)) return false
  const bridge = parseObject(readFileSync(path, 'utf8'))
  const { keys } = parseObject(publicJwks)
  if (!Array.isArray(keys) || typeof bridge['x'] !== 'string' || typeof bridge['d'] !== 'string') return false
  return keys.some(
    (key: { kid?: unknown; x?: unknown } | null) => key?.kid === bridge['kid'] && key?.x === bridge['x'],
  )
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
