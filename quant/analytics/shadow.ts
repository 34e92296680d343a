import { createEngine, type Engine } from './engine.ts'
import type { ChainPremiums } from '../american/chainPremiums.ts'
import type { Chain } from '../chain/chain.ts'
import { greekColumns } from '../chain/greekColumns.ts'

/** Everything of a chain that moves; the rest is its layout, which a shadow shares. */
const MOVING = [
  'price',
  'halfSpread',
  'openInterest',
  'volume',
  'vol',
  'volStatus',
  'greeks',
  'years',
  'forward',
  'spotShare',
  'dividendTime',
  'discount',
] as const satisfies readonly (keyof Chain)[]

/** One for each engine, for as long as the engine lives: its buffers are as large as the engine's own. */
const shadows = new WeakMap<Engine, Engine>()

/**
 * An engine in the state of `live` that may be changed at will: what happens to it leaves `live` as it is. The same
 * object every time, so the next call takes it back.
 */
export function shadowOf(live: Engine): Engine {
  let shadow = shadows.get(live)
  if (shadow === undefined) {
    shadow = createEngine(ownChain(live.chain), live.options)
    shadows.set(live, shadow)
  }
  copyState(live, shadow)
  return shadow
}

function ownChain(chain: Chain): Chain {
  const own = Object.fromEntries(MOVING.map((name) => [name, chain[name].slice()]))
  // Last, because the greeks' columns are views of their block.
  return { ...chain, ...(own as Pick<Chain, (typeof MOVING)[number]>), ...greekColumns(chain.count) }
}

function copyState(from: Engine, to: Engine): void {
  for (const name of MOVING) to.chain[name].set(from.chain[name])
  to.quoteFaults.set(from.quoteFaults)
  to.signedFlow.set(from.signedFlow)
  to.forwards.forwardSource.set(from.forwards.forwardSource)
  to.forwards.discountSource.set(from.forwards.discountSource)
  if (from.premiums !== null && to.premiums !== null) copyPremiums(from.premiums, to.premiums)
  to.sections = from.sections
  to.volMethod = from.volMethod
  to.spot = from.spot
  to.asOfMs = from.asOfMs
  to.repricedSpot = from.repricedSpot
  to.isWarm = from.isWarm
  to.isMeasured = false
}

/** The boundaries are read, never written, until the next `removePremiums`, which a shadow does not call. */
function copyPremiums(from: ChainPremiums, to: ChainPremiums): void {
  to.quoted.set(from.quoted)
  to.premium.set(from.premium)
  to.gammaRatio.set(from.gammaRatio)
  to.tables.splice(0, to.tables.length, ...from.tables)
}
