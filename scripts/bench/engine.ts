import { syntheticChain } from '#quant/reference/syntheticChain'
import { REAL, syntheticWorks, wholeChainWorks } from './engine/chainWorks.ts'
import { pairedChain } from './engine/contracts.ts'
import { cppWork, greeksWork, ladderWork, volWork } from './engine/contractWorks.ts'
import { engineGates } from './engine/gates.ts'
import { loadPrototype } from './engine/prototype.ts'
import { realChain } from './engine/realChain.ts'
import { workerdWorks } from './engine/workerdWorks.ts'
import type { BenchReport } from './report.ts'

const CONTRACTS = 20_000
const EXPIRIES = 40

/**
 * The engine against peers, in one process and in turn: implied volatility, greeks and the ladder per contract, then
 * whole chains, 20,000 synthetic contracts and a recorded one, the synthetic ones in workerd too, where the engine runs
 * in production. QuantLib, the prototype and the recorded chain take part where they are present.
 */
export async function benchEngine(): Promise<BenchReport> {
  const synthetic = syntheticChain(7, CONTRACTS, EXPIRIES)
  const paired = pairedChain(7, CONTRACTS / EXPIRIES / 2, EXPIRIES)
  const real = realChain()
  const results = [
    ...volWork(synthetic),
    ...greeksWork(synthetic, paired),
    ...cppWork(synthetic),
    ...ladderWork(synthetic),
    ...syntheticWorks(synthetic, paired, await loadPrototype()),
    ...(real === null
      ? [{ work: REAL.full, impl: 'all', runtime: 'not present', figure: {} }]
      : wholeChainWorks(REAL, real)),
    ...(await workerdWorks()),
  ]
  return { results, gates: engineGates(results) }
}
