import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ContractSpec } from './chain.ts'
import { layOutChain, setClock } from './layout.ts'

const SEEDED = { seed: 20261120 }

const contract = fc.record({
  expiryMs: fc.constantFrom(1_000_000_000, 2_000_000_000, 3_000_000_000),
  strike: fc.integer({ min: 1, max: 40 }).map((n) => n * 2.5),
  right: fc.constantFrom('call' as const, 'put' as const),
  multiplier: fc.constantFrom(100, 10),
})

test('rowOf finds every contract again, and rows ascend by expiry, strike, call before put', () => {
  fc.assert(
    fc.property(fc.array(contract, { maxLength: 60 }), (specs: ContractSpec[]) => {
      const chain = layOutChain(specs)
      expect([...chain.rowOf].sort((a, b) => a - b)).toEqual(specs.map((_, i) => i))
      for (const [i, spec] of specs.entries()) {
        const row = chain.rowOf[i] as number
        const expiry = chain.expiryIndex[row] as number
        expect(chain.expiryMs[expiry]).toBe(spec.expiryMs)
        expect(chain.strike[row]).toBe(spec.strike)
        expect(chain.strikes[chain.strikeIndex[row] as number]).toBe(spec.strike)
        expect(chain.callSign[row]).toBe(spec.right === 'call' ? 1 : -1)
        expect(chain.multiplier[row]).toBe(spec.multiplier)
        expect(row).toBeGreaterThanOrEqual(chain.expiryStart[expiry] as number)
        expect(row).toBeLessThan(chain.expiryStart[expiry + 1] as number)
      }
      for (let row = 1; row < chain.count; row++) {
        const key = (r: number): number =>
          (chain.expiryIndex[r] as number) * 1000 +
          (chain.strike[r] as number) +
          (chain.callSign[r] === 1 ? 0 : 0.5)
        expect(key(row)).toBeGreaterThanOrEqual(key(row - 1))
      }
    }),
    SEEDED,
  )
})

test('partners are the call and the put of one strike and expiry, whatever is listed beside them', () => {
  const at = (strike: number, right: 'call' | 'put', expiryMs = 1) => ({
    strike,
    right,
    expiryMs,
    multiplier: 100,
  })
  const chain = layOutChain([
    at(100, 'put'),
    at(100, 'call'),
    at(105, 'call'),
    at(105, 'put', 2),
    at(110, 'call', 2),
    at(110, 'call', 2),
    at(110, 'put', 2),
  ])
  expect([...chain.partner]).toEqual([1, 0, -1, -1, -1, 6, 5])
})

test('an empty chain is a chain', () => {
  const chain = layOutChain([])
  expect([chain.count, chain.expiryCount, chain.strikeCount, chain.expiryStart[0]]).toEqual([0, 0, 0, 0])
})

test('time left is exactly 0 at and after the settlement instant, never floored before it', () => {
  const expiryMs = Date.UTC(2026, 5, 18, 13, 30)
  const chain = layOutChain([{ expiryMs, strike: 100, right: 'call', multiplier: 100 }])
  setClock(chain, expiryMs - 1)
  expect(chain.years[0]).toBe(1 / (365 * 86_400_000))
  setClock(chain, expiryMs)
  expect(chain.years[0]).toBe(0)
  setClock(chain, expiryMs + 86_400_000)
  expect(chain.years[0]).toBe(0)
})
