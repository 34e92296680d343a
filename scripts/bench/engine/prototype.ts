import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { PlainContract } from './contracts.ts'

/** The prototype the engine was designed after, kept beside this repository; benchmarks run from its root. */
const FOLDER = join(process.cwd(), '../shared/prototype')

interface Modules {
  readonly kernel: { readonly Chain: { readonly from: (buffer: Float64Array) => unknown } }
  readonly engine: { readonly Engine: new (chain: unknown) => { readonly full: (cold: boolean) => void } }
}

/** The prototype's full recompute from quotes of the given contracts, which are sorted by expiry. */
export type Prototype = (contracts: readonly PlainContract[]) => () => void

/** Null on a machine without it. */
export async function loadPrototype(): Promise<Prototype | null> {
  if (!existsSync(FOLDER)) return null
  const load = async (name: string): Promise<unknown> => import(pathToFileURL(join(FOLDER, name)).href)
  const kernel = (await load('kernel.mjs')) as Modules['kernel']
  const { Engine } = (await load('engine.mjs')) as Modules['engine']
  return (contracts) => {
    const engine = new Engine(kernel.Chain.from(columns(contracts)))
    return () => engine.full(true)
  }
}

/** As the prototype reads a chain: five scalars, then a column each of seven figures. */
function columns(contracts: readonly PlainContract[]): Float64Array {
  const [first] = contracts
  const expiries = [...new Set(contracts.map(({ years }) => years))]
  const expiryOf = new Map(expiries.map((years, e) => [years, e]))
  const column = (of: (contract: PlainContract) => number): number[] => contracts.map(of)
  return Float64Array.from([
    contracts.length,
    expiries.length,
    first?.spot ?? NaN,
    first?.rate ?? NaN,
    first?.dividendYield ?? NaN,
    ...column(({ strike }) => strike),
    ...column(({ years }) => years),
    ...column(({ vol }) => vol),
    ...column(({ right }) => (right === 'call' ? 1 : -1)),
    ...column(({ weight }) => Math.abs(weight)),
    ...column(({ price }) => price),
    ...column(({ years }) => expiryOf.get(years) ?? 0),
  ])
}
