/** The program that runs in Node, bundled: measures everything but QuantLib and workerd and sends the results to its parent. */
import { syntheticChain } from '#quant/reference/syntheticChain'
import type { BenchResult } from '../report.ts'
import { REAL, recordedWorks, syntheticWorks } from './chainWorks.ts'
import { CONTRACTS, EXPIRIES, pairedChain, SEED } from './contracts.ts'
import { greeksWork, ladderWork, volWork } from './contractWorks.ts'
import { loadPrototype } from './prototype.ts'
import { realChain } from './realChain.ts'

const synthetic = syntheticChain(SEED, CONTRACTS, EXPIRIES)
const paired = pairedChain(SEED, CONTRACTS / EXPIRIES / 2, EXPIRIES)
const real = realChain()
const results: BenchResult[] = [
  ...volWork(synthetic),
  ...greeksWork(synthetic, paired),
  ...ladderWork(synthetic),
  ...syntheticWorks(synthetic, paired, await loadPrototype()),
  ...(real === null
    ? [{ work: REAL.full, impl: 'all', runtime: 'not present', figure: {} }]
    : recordedWorks(real)),
]
process.send?.(results)
