import { describe, expect, it } from 'vitest'
import { isSealed, isSealedByFirst, seal, sealingKeys, unseal } from './sealing.ts'

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const [now, before] = [
  { d: 'A'.repeat(43), kid: 'a' },
  { d: 'B'.repeat(43), kid: 'b' },
]

const keysOf = (current: object, ...former: object[]) =>
  sealingKeys({
    AUTH_PRIVATE_JWK: JSON.stringify(current),
    ...(former.length > 0 && { AUTH_FORMER_PRIVATE_JWKS: JSON.stringify({ keys: former }) }),
  })

describe('a sealed secret', () => {
  it('opens again, and shows nothing of itself', async () => {
    const sealed = await seal(SECRET, 'a', await keysOf(now))
    expect(sealed).not.toContain('whsec_')
    expect([isSealed(sealed), isSealed(SECRET)]).toEqual([true, false])
    expect(await unseal(sealed, 'a', await keysOf(now))).toBe(SECRET)
    expect(await seal(SECRET, 'a', await keysOf(now))).not.toBe(sealed)
  })

  it('opens nowhere else, and not when it was changed', async () => {
    const keys = await keysOf(now)
    const sealed = await seal(SECRET, 'a', keys)
    expect(await unseal(sealed, 'b', keys)).toBeNull()
    const last = sealed.at(-1) === '0' ? '1' : '0'
    expect(await unseal(sealed.slice(0, -1) + last, 'a', keys)).toBeNull()
    for (const broken of ['', 'sealed1', 'sealed1...', sealed.slice(0, 40), `sealed2${sealed.slice(7)}`])
      expect(await unseal(broken, 'a', keys)).toBeNull()
  })

  it('opens with a former key while that is kept, and is known to need it', async () => {
    const sealed = await seal(SECRET, 'a', await keysOf(before))
    const both = await keysOf(now, before)
    expect(await unseal(sealed, 'a', both)).toBe(SECRET)
    expect(isSealedByFirst(sealed, both)).toBe(false)
    expect(isSealedByFirst(await seal(SECRET, 'a', both), both)).toBe(true)
    expect(await unseal(sealed, 'a', await keysOf(now))).toBeNull()
  })

  it('needs the same key, however its JWK is spelled', async () => {
    const sealed = await seal(SECRET, 'a', await keysOf(now))
    const respelled = Object.fromEntries(Object.entries({ ...now, use: 'sig' }).reverse())
    expect(await unseal(sealed, 'a', await keysOf(respelled))).toBe(SECRET)
  })
})

it.each(['', '{', '{}', '{"d":"short-and-secret"}'])(
  'a key that is none is refused unsaid: %s',
  async (text) => {
    const refusal = await sealingKeys({ AUTH_PRIVATE_JWK: text }).catch(String)
    expect(refusal).toBe('Error: AUTH_PRIVATE_JWK: expected private JWK, was something else')
  },
)
