/**
 * The strict gate before any cryptography: only a token spelled exactly as ours are gets further. It needs no key, so
 * that hostile input costs microseconds, and it removes the ambiguities that RFC 8725 warns of (`alg` choice, embedded
 * keys, duplicate members, alternative spellings) before a library could interpret them.
 */
import { TOKEN_ALGORITHM, TOKEN_KINDS, type TokenKind } from '#schemas/claims'
import { decodeBase64url, isCanonicalBase64url } from './base64url.ts'

const MAX_TOKEN_CHARACTERS = 8 * 1024
const SIGNATURE_BYTES = 64
const HEADER_MEMBERS = ['alg', 'kid', 'typ']

export type TokenSyntax =
  | { readonly ok: true; readonly kind: TokenKind; readonly kid: string }
  | { readonly ok: false; readonly reason: string }

export function checkTokenSyntax(token: string): TokenSyntax {
  if (token.length > MAX_TOKEN_CHARACTERS) return refused('the token is longer than 8 KB')
  const parts = compactParts(token)
  if (parts === null) return refused('expected three parts of base64url')
  if (decodeBase64url(parts.signature)?.length !== SIGNATURE_BYTES)
    return refused('expected a signature of 64 bytes')
  if (canonicalJsonObject(parts.payload) === null) return refused('the payload is not plain JSON')
  const header = canonicalJsonObject(parts.header)
  if (header === null) return refused('the header is not plain JSON')
  // An allow-list: `crit`, `jku`, `jwk`, `x5u`, `x5c`, `b64`, `zip`, `cty` and whatever comes next are all refused.
  const members = Object.keys(header).sort()
  if (members.join() !== HEADER_MEMBERS.join()) return refused(`expected the header ${HEADER_MEMBERS.join()}`)
  const { alg, typ, kid } = header
  if (alg !== TOKEN_ALGORITHM) return refused(`expected the algorithm ${TOKEN_ALGORITHM}`)
  const kind = KINDS.find((known) => TOKEN_KINDS[known].typ === typ)
  if (kind === undefined) return refused('expected a type of ours')
  if (typeof kid !== 'string' || kid === '') return refused('expected a key id')
  return { ok: true, kind, kid }
}

const KINDS = Object.keys(TOKEN_KINDS) as TokenKind[]

/** The parts of a compact JWS, each in the one spelling base64url has for it. Of a JWS, the payload may be empty. */
export function compactParts(
  token: string,
): { readonly header: string; readonly payload: string; readonly signature: string } | null {
  const parts = token.split('.')
  const [header, payload, signature] = parts
  if (parts.length !== 3 || !header || payload === undefined || !signature) return null
  const written = payload === '' ? [header, signature] : parts
  return written.every(isCanonicalBase64url) ? { header, payload, signature } : null
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
