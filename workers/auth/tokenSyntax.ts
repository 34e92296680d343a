/**
 * The strict gate before any cryptography: only a token spelled exactly as ours are gets further. It needs no key, so
 * that hostile input costs microseconds, and it removes the ambiguities that RFC 8725 warns of (`alg` choice, embedded
 * keys, duplicate members, alternative spellings) before a library could interpret them.
 */
import { TOKEN_ALGORITHM, TOKEN_TYPE } from '#schemas/claims'
import { decodeBase64url } from './base64url.ts'

const MAX_TOKEN_CHARACTERS = 8 * 1024
const HEADER_MEMBERS = ['alg', 'kid', 'typ']

export type TokenSyntax =
  { readonly ok: true; readonly kid: string } | { readonly ok: false; readonly reason: string }

export function checkTokenSyntax(token: string): TokenSyntax {
  if (token.length > MAX_TOKEN_CHARACTERS) return refused('the token is longer than 8 KB')
  const parts = token.split('.')
  const [headerPart, payloadPart, signaturePart] = parts
  if (
    parts.length !== 3 ||
    headerPart === undefined ||
    payloadPart === undefined ||
    signaturePart === undefined
  )
    return refused('expected three parts')
  if (decodeBase64url(signaturePart)?.length !== 64) return refused('expected a signature of 64 bytes')
  if (canonicalJsonObject(payloadPart) === null) return refused('the payload is not plain JSON')
  const header = canonicalJsonObject(headerPart)
  if (header === null) return refused('the header is not plain JSON')
  // An allow-list: `crit`, `jku`, `jwk`, `x5u`, `x5c`, `b64`, `zip`, `cty` and whatever comes next are all refused.
  const members = Object.keys(header).sort()
  if (members.join() !== HEADER_MEMBERS.join()) return refused(`expected the header ${HEADER_MEMBERS.join()}`)
  const { alg, typ, kid } = header
  if (alg !== TOKEN_ALGORITHM) return refused(`expected the algorithm ${TOKEN_ALGORITHM}`)
  if (typ !== TOKEN_TYPE) return refused(`expected the type ${TOKEN_TYPE}`)
  if (typeof kid !== 'string' || kid === '') return refused('expected a key id')
  return { ok: true, kid }
}

/**
 * The object, or null unless the text is what JSON.stringify would write for it. Our issuer writes nothing else, and
 * duplicate members, white space, escapes, a BOM, `1e309` or `1.0` all fail the comparison.
 */
function canonicalJsonObject(part: string): Readonly<Record<string, unknown>> | null {
  const bytes = decodeBase64url(part)
  if (bytes === null) return null
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
    return JSON.stringify(value) === text ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

function refused(reason: string): TokenSyntax {
  return { ok: false, reason }
}
