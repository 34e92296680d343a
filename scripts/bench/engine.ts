import { syntheticChain } from '#quant/reference/syntheticChain'
import { CONTRACTS, EXPIRIES, plainContracts, SEED } from './engine/contracts.ts'
import { engineGates } from './engine/gates.ts'
import { nodeWorks } from './engine/nodeWorks.ts'
import { quantlibWorks } from './engine/quantlib/quantlib.ts'
import { workerdWorks } from './engine/workerdWorks.ts'
import type { BenchReport } from './report.ts'

/**
 * The engine against peers, in turn: implied volatility, greeks and the ladder per contract, then whole chains, 20,000
 * synthetic contracts and a recorded chain, the synthetic ones in workerd too, where the engine runs in production.
 * QuantLib, the prototype and the recorded chain take part where they are present.
 */
export async function benchEngine(): Promise<BenchReport> {
  const results = [
    ...(await nodeWorks()),
    ...quantlibWorks(plainContracts(syntheticChain(SEED, CONTRACTS, EXPIRIES))),
    ...(await workerdWorks()),
  ]
  return { results, gates: engineGates(results) }
}
