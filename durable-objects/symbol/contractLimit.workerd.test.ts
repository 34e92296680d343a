import { evictDurableObject } from 'cloudflare:test'
import { expect, it } from 'vitest'
import { MAX_CONTRACTS } from '#quant/chain/admission'
import type { ContractTick } from '#schemas/tick'
import { encoded } from './testkit.ts'
import { holdClock, newSymbol, opened, post, type Stub } from './workerd.testkit.ts'

holdClock()

const PER_BATCH = 12_000
const FULL_SYMBOLS = 4

function contracts(from: number, to: number): ContractTick[] {
  return Array.from({ length: to - from }, (_, i) => ({
    kind: 'contract',
    contractId: from + i,
    root: 'SPX',
    expiryDate: '2035-12-21',
    strike: from + i + 1,
    right: 'call',
    multiplier: 100,
  }))
}

/** Returns the sequence that is next. */
async function fill(symbol: string, stub: Stub): Promise<number> {
  let sequence = 0
  for (let from = 0; from < MAX_CONTRACTS; from += PER_BATCH) {
    const part = contracts(from, Math.min(MAX_CONTRACTS, from + PER_BATCH))
    // oxlint-disable-next-line no-await-in-loop -- in order
    expect(await post(stub, encoded({ symbol, sequence: ++sequence }, part))).toMatchObject({ ok: true })
  }
  return sequence + 1
}

it('symbols that are full refuse one contract more, also after their memory was lost, and leave the others room', async () => {
  const neighbour = await opened()
  const full = await Promise.all(
    Array.from({ length: FULL_SYMBOLS }, async () => {
      const { symbol, stub } = newSymbol()
      return { symbol, stub, sequence: await fill(symbol, stub) }
    }),
  )
  for (const { symbol, stub, sequence } of full) {
    const oneMore = encoded({ symbol, sequence }, contracts(MAX_CONTRACTS, MAX_CONTRACTS + 1))
    // oxlint-disable-next-line no-await-in-loop -- one after another, as a flood is told from a crowd
    expect(await post(stub, oneMore)).toMatchObject({ ok: false, code: 'contract_limit' })
    // oxlint-disable-next-line no-await-in-loop
    await evictDurableObject(stub)
    // oxlint-disable-next-line no-await-in-loop
    expect(await post(stub, oneMore)).toMatchObject({ ok: false, code: 'contract_limit' })
  }
  expect((await neighbour.stub.readFrame())?.symbol).toBe(neighbour.symbol)
  const again = newSymbol()
  const opening = encoded({ symbol: again.symbol }, contracts(0, 10))
  expect(await post(again.stub, opening)).toMatchObject({ ok: true })
})
