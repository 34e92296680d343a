/**
 * Tokens an attacker would try, each one change away from a good token. Some need our private key to make
 * (`signed`): they prove the claim rules, the others the rules before them.
 */
import { TOKEN_ISSUER, TOKEN_KINDS } from '#schemas/claims'
import type { AuthKeys } from './authKeys.ts'
import { encodeBase64url } from './base64url.ts'

type Members = Readonly<Record<string, unknown>>
export interface AttackToken {
  readonly name: string
  readonly token: string
}

/** Also used to sign: `header` and `payload` are taken as they are, JSON or not. */
export async function signRaw(header: string, payload: string, keys: AuthKeys): Promise<string> {
  const input = `${encodeText(header)}.${encodeText(payload)}`
  const signature = await crypto.subtle.sign('Ed25519', keys.privateKey, new TextEncoder().encode(input))
  return `${input}.${encodeBase64url(new Uint8Array(signature))}`
}

export function goodHeader(keys: AuthKeys): Members {
  return { alg: 'EdDSA', typ: TOKEN_KINDS.access.typ, kid: keys.kid }
}

export function goodClaims(nowMs: number): Members {
  const iat = Math.floor(nowMs / 1000)
  return {
    iss: TOKEN_ISSUER,
    aud: TOKEN_KINDS.access.audience,
    sub: 'someone',
    tier: 'pro',
    iat,
    exp: iat + TOKEN_KINDS.access.maxSeconds,
    jti: '1',
  }
}

/** `stranger` are keys of somebody else. */
export async function attackTokens(
  keys: AuthKeys,
  stranger: AuthKeys,
  nowMs: number,
  claims: Members = goodClaims(nowMs),
): Promise<AttackToken[]> {
  const json = JSON.stringify
  const header = goodHeader(keys)
  const good = await signRaw(json(header), json(claims), keys)
  const [headerPart = '', payloadPart = '', signature = ''] = good.split('.')
  const unsigned = spellings(headerPart, payloadPart, signature)
  const headers = await Promise.all(
    hostileHeaders(header, stranger).map(async ({ name, text }) => ({
      name: `signed, header ${name}`,
      token: await signRaw(text, json(claims), keys),
    })),
  )
  const payloads = await Promise.all(
    hostilePayloads(claims, good).map(async ({ name, text }) => ({
      name: `signed, payload ${name}`,
      token: await signRaw(json(header), text, keys),
    })),
  )
  const forged = [
    { name: 'signed by a stranger', token: await signRaw(json(header), json(claims), stranger) },
    {
      name: "signed by a stranger under the stranger's kid",
      token: await signRaw(json(goodHeader(stranger)), json(claims), stranger),
    },
    {
      name: 'another payload under a good signature',
      token: `${headerPart}.${encodeText(json({ ...claims, tier: 'partner' }))}.${signature}`,
    },
    { name: 'HS256 keyed with the public key', token: await hmacWithPublicKey(keys, claims) },
  ]
  return [...unsigned, ...headers, ...payloads, ...forged]
}

function spellings(header: string, payload: string, signature: string): AttackToken[] {
  const zeroSignature = encodeBase64url(new Uint8Array(64))
  return [
    { name: 'empty', token: '' },
    { name: 'only dots', token: '..' },
    { name: 'two parts', token: `${header}.${payload}` },
    { name: 'four parts', token: `${header}.${payload}.${signature}.${signature}` },
    { name: 'five parts (JWE)', token: `${header}.${payload}.${signature}.${payload}.${signature}` },
    { name: 'empty signature', token: `${header}.${payload}.` },
    { name: 'empty header', token: `.${payload}.${signature}` },
    { name: 'r = s = 0', token: `${header}.${payload}.${zeroSignature}` },
    { name: 'padded signature', token: `${header}.${payload}.${signature}==` },
    { name: 'padded header', token: `${header}=.${payload}.${signature}` },
    { name: 'non-canonical trailing bits', token: `${header}.${payload}.${withTrailingBits(signature)}` },
    { name: 'plain base64 alphabet', token: `${header}.${payload}.${'+/'.repeat(43)}` },
    { name: 'a space inside', token: `${header}. ${payload}.${signature}` },
    { name: 'a line feed at the end', token: `${header}.${payload}.${signature}\n` },
    { name: 'a short signature', token: `${header}.${payload}.${signature.slice(0, 84)}` },
    { name: 'longer than 8 KB', token: `${header}.${payload}${'A'.repeat(8192)}.${signature}` },
    { name: 'JSON serialisation', token: JSON.stringify({ payload, protected: header, signature }) },
  ]
}

function hostileHeaders(header: Members, stranger: AuthKeys): { name: string; text: string }[] {
  const json = JSON.stringify
  const { typ, kid } = header
  const algorithms = [
    'none',
    'None',
    'NONE',
    'nOnE',
    'none ',
    '',
    'HS256',
    'ES256',
    'RS256',
    'eddsa',
    'Ed25519',
  ]
  const kids = [
    '',
    '../../dev/null',
    "' OR 1=1 --",
    'https://evil.example/key',
    '__proto__',
    'constructor',
    0,
    null,
    [kid],
  ]
  const extras: Members = {
    crit: ['b64'],
    b64: false,
    jku: 'https://evil.example/jwks.json',
    jwk: stranger.jwks.keys[0],
    x5u: 'https://evil.example/cert.pem',
    x5c: ['MIIB'],
    zip: 'DEF',
    cty: 'JWT',
  }
  return [
    ...algorithms.map((alg) => ({ name: `alg ${json(alg)}`, text: json({ ...header, alg }) })),
    ...kids.map((hostile) => ({ name: `kid ${json(hostile)}`, text: json({ ...header, kid: hostile }) })),
    ...Object.entries(extras).map(([name, value]) => ({
      name: `with ${name}`,
      text: json({ ...header, [name]: value }),
    })),
    { name: 'without alg', text: json({ typ, kid }) },
    { name: 'without typ', text: json({ alg: 'EdDSA', kid }) },
    { name: 'without kid', text: json({ alg: 'EdDSA', typ }) },
    { name: 'typ JWT', text: json({ ...header, typ: 'JWT' }) },
    { name: 'typ AT+JWT', text: json({ ...header, typ: 'AT+JWT' }) },
    { name: 'alg twice', text: `{"alg":"none",${json(header).slice(1)}` },
    { name: 'spaced', text: json(header, null, 1) },
    { name: 'with a BOM', text: `\uFEFF${json(header)}` },
    { name: 'an array', text: json([header]) },
    { name: 'null', text: 'null' },
    { name: 'nested 500 deep', text: `${'['.repeat(500)}${']'.repeat(500)}` },
  ]
}

function hostilePayloads(claims: Members, good: string): { name: string; text: string }[] {
  const json = JSON.stringify
  const iat = Number(claims['iat'])
  const { exp: _exp, ...withoutExpiry } = claims
  const { sub: _sub, ...withoutSubject } = claims
  const { jti: _jti, ...withoutId } = claims
  const { iat: _iat, ...withoutIssueTime } = claims
  return [
    { name: 'expired', text: json({ ...claims, iat: iat - 900, exp: iat - 6 }) },
    { name: 'from the future', text: json({ ...claims, iat: iat + 60, exp: iat + 600 }) },
    { name: 'not yet valid', text: json({ ...claims, nbf: iat + 60 }) },
    { name: 'living 16 minutes', text: json({ ...claims, exp: iat + 960 }) },
    { name: 'living a negative time', text: json({ ...claims, iat: iat + 4, exp: iat - 2 }) },
    { name: 'without exp', text: json(withoutExpiry) },
    { name: 'without sub', text: json(withoutSubject) },
    { name: 'without jti', text: json(withoutId) },
    { name: 'without iat', text: json(withoutIssueTime) },
    { name: 'exp as text', text: json({ ...claims, exp: String(claims['exp']) }) },
    { name: 'exp 1e309', text: json(withoutExpiry).replace('}', ',"exp":1e309}') },
    { name: 'exp twice', text: json(claims).replace('}', `,"exp":${iat + 800}}`) },
    { name: 'exp null', text: json({ ...claims, exp: null }) },
    { name: 'of another issuer', text: json({ ...claims, iss: 'evil' }) },
    { name: 'for another audience', text: json({ ...claims, aud: 'flipwire-ws' }) },
    { name: 'for several audiences', text: json({ ...claims, aud: [claims['aud'], 'other'] }) },
    { name: 'sub empty', text: json({ ...claims, sub: '' }) },
    { name: 'sub too long', text: json({ ...claims, sub: 'a'.repeat(65) }) },
    { name: 'sub a number', text: json({ ...claims, sub: 1 }) },
    { name: 'sid empty', text: json({ ...claims, sid: '' }) },
    { name: 'sid too long', text: json({ ...claims, sid: 'a'.repeat(65) }) },
    { name: 'sid a list', text: json({ ...claims, sid: ['a'] }) },
    { name: 'sid null', text: json({ ...claims, sid: null }) },
    { name: 'born as text', text: json({ ...claims, born: String(iat) }) },
    { name: 'a nested token', text: json(good) },
    { name: 'not JSON', text: 'exp=9999999999' },
  ]
}

async function hmacWithPublicKey(keys: AuthKeys, claims: Members): Promise<string> {
  const header = { alg: 'HS256', typ: TOKEN_KINDS.access.typ, kid: keys.kid }
  const input = `${encodeText(JSON.stringify(header))}.${encodeText(JSON.stringify(claims))}`
  const secret = new TextEncoder().encode(JSON.stringify(keys.jwks.keys[0]))
  const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  const signature = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(input))
  return `${input}.${encodeBase64url(new Uint8Array(signature))}`
}

/** The same 64 bytes spelled with one of the four unused bits set: decoders that ignore them would accept it. */
function withTrailingBits(signature: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const last = alphabet.indexOf(signature.slice(-1))
  return signature.slice(0, -1) + alphabet.charAt(last + 1)
}

function encodeText(text: string): string {
  return encodeBase64url(new TextEncoder().encode(text))
}
