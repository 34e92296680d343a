/** Public attack vectors (C2SP Wycheproof) against our verifiers, for whichever runtime the test file is run in. */
import { compactVerify, importJWK, type JWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { verifyEd25519 } from '../ingest/postSignature.ts'
import { importAuthKeys } from './authKeys.ts'
import { generateEd25519Key } from './generateKey.ts'
import { newAuthKeys } from './testkit.ts'
import { compactParts } from './tokenSyntax.ts'
import { verifyToken } from './verifyToken.ts'

interface Vector {
  readonly tcId: number
  readonly comment: string
  readonly result: 'valid' | 'invalid'
  readonly jws?: unknown
  readonly msg?: string
  readonly sig?: string
}
interface Group {
  readonly comment?: string
  readonly private?: JWK
  readonly public?: JWK
  readonly publicKeyJwk?: JWK
  readonly tests: readonly Vector[]
}
export interface VectorFile {
  readonly testGroups: readonly Group[]
}

const NAMES = ['json_web_signature', 'json_web_key', 'json_web_crypto', 'ed25519'] as const
export type VectorName = (typeof NAMES)[number]

/** Vectors that are wrong themselves, and what they would have a verifier do. */
const DEFECTIVE: Readonly<Record<number, string>> = {
  346: 'valid, though the header says PS384 and the key is for PS256',
  350: 'valid, though the header says PS384 and the key is for PS256',
  347: 'valid, though the key is for ES521, which is no registered algorithm',
  351: 'valid, though the key is for ES521, which is no registered algorithm',
  367: 'invalid, though letter for letter the valid 357: its padding got lost on the way into the file',
  370: 'invalid, though letter for letter the valid 357: its padding got lost on the way into the file',
  372: 'valid, with a "?" inside a part, which lenient decoders skip',
  373: 'valid, with a "?" inside a part, which lenient decoders skip',
}

/** `read`: null when the vectors are not on this machine. */
export async function describeWycheproof(
  read: (name: VectorName) => Promise<VectorFile | null>,
): Promise<void> {
  const files = new Map(await Promise.all(NAMES.map(async (name) => [name, await read(name)] as const)))
  const groups = (name: VectorName) => files.get(name)?.testGroups ?? []
  const isAbsent = groups('ed25519').length === 0

  describe.skipIf(isAbsent)('Wycheproof vectors (skipped when ../shared/vectors is absent)', () => {
    it.each(['json_web_signature', 'json_web_key', 'json_web_crypto'] as const)(
      'no token of %s passes as ours, not even the valid ones of other algorithms',
      async (name) => {
        const keys = await newAuthKeys()
        const tokens = groups(name).flatMap((group) => group.tests.map((test) => test.jws))
        const verdicts = await Promise.all(
          tokens.map((jws) => {
            const token = typeof jws === 'string' ? jws : JSON.stringify(jws ?? '')
            return verifyToken(token, ['access', 'ticket'], keys, 0)
          }),
        )
        expect(verdicts.length).toBeGreaterThan(20)
        expect(verdicts.filter((verdict) => verdict.ok)).toEqual([])
      },
    )

    it('393 of 401 signatures are judged right behind our gate, and the other 8 vectors are wrong', async () => {
      const wrong: number[] = []
      let judged = 0
      for (const group of groups('json_web_signature')) {
        const key = group.public ?? group.private ?? {}
        const verdicts = await Promise.all(group.tests.map(({ jws }) => isSignedBy(jws, key)))
        for (const [i, { tcId, result }] of group.tests.entries()) {
          if (verdicts[i] !== (result === 'valid')) wrong.push(tcId)
          judged++
        }
      }
      expect(judged).toBe(401)
      expect(wrong).toEqual(Object.keys(DEFECTIVE).map(Number))
    })

    it('none of the 26 key sets is taken, be it to sign or to verify with', async () => {
      const signing = JSON.stringify((await generateEd25519Key()).privateJwk)
      const sets = groups('json_web_key').flatMap((group) =>
        group.tests.map(() => [group.private, group.public].filter((set) => set !== undefined)),
      )
      expect(sets).toHaveLength(26)
      for (const text of sets.flat().map((set) => JSON.stringify(set))) {
        await expect(importAuthKeys({ AUTH_PRIVATE_JWK: text })).rejects.toThrow('AUTH_PRIVATE_JWK')
        const asFurther = { AUTH_PRIVATE_JWK: signing, AUTH_PUBLIC_JWKS: text }
        await expect(importAuthKeys(asFurther)).rejects.toThrow('AUTH_PUBLIC_JWKS')
      }
    })

    it('all 151 Ed25519 verdicts agree', async () => {
      let agreed = 0
      for (const group of groups('ed25519')) {
        const key = await importJWK(group.publicKeyJwk ?? {}, 'EdDSA')
        if (key instanceof Uint8Array) throw new Error('expected a public key')
        for (const { tcId, msg = '', sig = '', result } of group.tests) {
          const accepted = await verifyEd25519(key, bytes(sig), bytes(msg))
          expect(accepted, `test ${tcId}`).toBe(result === 'valid')
          agreed++
        }
      }
      expect(agreed).toBe(151)
    })
  })
}

/** What `verifyToken` does, less what is particular to our tokens: the gate, then jose with the key's own algorithm. */
async function isSignedBy(jws: unknown, jwk: JWK): Promise<boolean> {
  if (typeof jws !== 'string' || compactParts(jws) === null || jwk.alg === undefined) return false
  try {
    await compactVerify(jws, await importJWK(jwk, jwk.alg), { algorithms: [jwk.alg] })
    return true
  } catch {
    return false
  }
}

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
}
