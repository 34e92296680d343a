import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { parseDeribitInstrument } from '#quant/contracts/deribitInstrument'
import { settlementInstantMs } from '#quant/contracts/settlement'
import { yearsToExpiry } from '#quant/contracts/yearsToExpiry'
import { inverseGreeks, type InverseGreeks } from '#quant/pricing/inverseOption'
import { readTicker, type DeribitTicker } from './ticker.ts'

const recorded = join(import.meta.dirname, '../../../../shared/data/deribit')

/** Lines are `epoch seconds: message`; what we sent has an arrow in between. */
function messagesOf(file: string): unknown[] {
  return readFileSync(join(recorded, file), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const match = /^[\d.]+: (\{.*)$/.exec(line)
      return match?.[1] === undefined ? [] : [JSON.parse(match[1]) as unknown]
    })
}

function ours({ contract, eventMs, forward, markVol }: DeribitTicker): InverseGreeks {
  const settled = settlementInstantMs(contract)
  if (!settled.ok || markVol === null) throw new Error(JSON.stringify(contract))
  const years = yearsToExpiry(settled.expiryMs, eventMs)
  return inverseGreeks({ forward, strike: contract.strike, years, vol: markVol, right: contract.right })
}

describe.skipIf(!existsSync(recorded))(
  'a recorded session of the ticker channels (../shared/data/deribit; skipped when absent)',
  () => {
    let tickers: DeribitTicker[] = []
    beforeAll(() => {
      tickers = messagesOf('cryptofeed_DERIBIT.ws.1.0.txt').flatMap((message) => readTicker(message) ?? [])
    })

    const worst = (error: (ticker: DeribitTicker, ours: InverseGreeks) => number): number =>
      Math.max(...tickers.map((ticker) => error(ticker, ours(ticker))))
    const apart = (a: number | null, b: number): number => Math.abs((a as number) - b)

    test('every ticker of ten instruments is read', () => {
      expect(tickers).toHaveLength(89)
      expect(new Set(tickers.map(({ contract }) => JSON.stringify(contract))).size).toBe(10)
    })

    test("greeks are the vendor's to its rounding", () => {
      expect(worst(({ greeks }, { delta }) => apart(greeks.delta, delta))).toBeLessThan(1e-5)
      expect(worst(({ greeks }, { gamma }) => apart(greeks.gamma, gamma))).toBeLessThan(6e-6)
      expect(worst(({ greeks }, { vegaPerVolPt }) => apart(greeks.vega, vegaPerVolPt))).toBeLessThan(2e-3)
    })

    // A mark is older than the forward beside it: up to 2e-4 of a coin on the one deep in the money, 2e-5 on the others.
    test('so is the premium in coins', () => {
      const errors = tickers.map((ticker) => apart(ticker.markCoins, ours(ticker).priceCoins))
      expect(errors.toSorted((a, b) => a - b)[errors.length >> 1]).toBeLessThan(2e-5)
      expect(Math.max(...errors)).toBeLessThan(3e-4)
    })

    test('delta is the forward delta, not the premium-adjusted one', () => {
      expect(
        worst(({ greeks }, { premiumAdjustedDelta }) => apart(greeks.delta, premiumAdjustedDelta)),
      ).toBeGreaterThan(0.5)
    })
  },
)

interface Instrument {
  readonly kind: string
  readonly instrument_name: string
  readonly strike: number
  readonly option_type: string
  readonly expiration_timestamp: number
}

test.skipIf(!existsSync(recorded))(
  'every listed option on BTC and ETH reads as its definition says, settlement instant included (../shared/data/deribit)',
  () => {
    const text = readFileSync(join(recorded, 'cryptofeed_DERIBIT.0.txt'), 'utf8')
    const options = [...text.matchAll(/^[\d.]+: (\{.*\})$|-> [\d.]+: (\{.*\})$/gm)]
      .flatMap(([, a, b]) => (JSON.parse(a ?? b ?? '{}') as { result?: Instrument[] }).result ?? [])
      .filter(({ kind, instrument_name: name }) => kind === 'option' && /^(BTC|ETH)-/.test(name))
    expect(options.length).toBeGreaterThan(500)
    for (const option of options) {
      const contract = parseDeribitInstrument(option.instrument_name)
      if (contract === null) throw new Error(option.instrument_name)
      const settled = settlementInstantMs(contract)
      expect([contract.strike, contract.right, settled.ok && settled.expiryMs]).toEqual([
        option.strike,
        option.option_type,
        option.expiration_timestamp,
      ])
    }
  },
)
