import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { compileFunction } from 'node:vm'
import type { PlainContract } from './contracts.ts'

/** npm black-scholes-model: bisection on the error function of mathjs. No dividend, so spot is given net of it. */
interface Model {
  readonly impliedVolatility: (params: {
    readonly S: number
    readonly K: number
    readonly t: number
    readonly rf: number
    readonly derivativePrice: number
    readonly type: PlainContract['right']
    readonly lowStartVol: number
    readonly highStartVol: number
    readonly tolerance: number
  }) => number
}

const ROOT = join(process.cwd(), 'node_modules/black-scholes-model')
const { impliedVolatility } = loadCommonJs(join(ROOT, 'lib/index.js')) as unknown as Model

export function bisectionVol(contract: PlainContract): number {
  const { strike, years, rate, price, right, spot, dividendYield } = contract
  return impliedVolatility({
    S: spot * Math.exp(-dividendYield * years),
    K: strike,
    t: years,
    rf: rate,
    derivativePrice: price,
    type: right,
    lowStartVol: 0.001,
    highStartVol: 6,
    tolerance: 1e-9,
  })
}

/** The package calls its CommonJS files ECMAScript modules, so Node cannot load it; this wraps them as they are. */
function loadCommonJs(file: string): Record<string, unknown> {
  const exports: Record<string, unknown> = {}
  const fromPackage = createRequire(file)
  const load = (id: string): unknown =>
    id.startsWith('.') ? loadCommonJs(join(dirname(file), `${id}.js`)) : fromPackage(id)
  compileFunction(readFileSync(file, 'utf8'), ['exports', 'require'])(exports, load)
  return exports
}
