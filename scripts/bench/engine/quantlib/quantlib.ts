/**
 * QuantLib, the C++ reference, as Debian ships it (`apt-get install g++ libquantlib0-dev`): a small program compiled when
 * the benchmark runs, which measures itself in processor time on the same contracts.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BenchResult } from '../../report.ts'
import type { PlainContract } from '../contracts.ts'

const HEADERS = '/usr/include/ql/pricingengines/blackcalculator.hpp'
const SOURCE = join(import.meta.dirname, 'quantlib.cpp')
export const QUANTLIB_GREEKS = 'QuantLib BlackCalculator, price + 5'
export const QUANTLIB_VOL = 'QuantLib blackFormulaImpliedStdDev'
const QUANTLIB_VOL_LI = 'QuantLib blackFormulaImpliedStdDevLiRS'

interface Measured {
  readonly ns: number
  readonly maxError: number
  readonly misses?: number
}

type Figures = Readonly<Record<'impliedStdDev' | 'impliedStdDevLiRS' | 'greeks', Measured>>

export function quantlibWorks(contracts: readonly PlainContract[]): BenchResult[] {
  const figures = measured(contracts)
  const result = (work: string, impl: string, key: keyof Figures, errorIn: string): BenchResult => {
    if (figures === null) return { work, impl, runtime: 'not installed', figure: {} }
    const { ns, misses, ...accuracy } = figures[key]
    const counted = misses === undefined ? {} : { misses, asked: contracts.length }
    return { work, impl, runtime: 'C++', figure: { nsPerContract: ns }, ...accuracy, errorIn, ...counted }
  }
  return [
    result('implied vol', QUANTLIB_VOL, 'impliedStdDev', 'vol'),
    result('implied vol', QUANTLIB_VOL_LI, 'impliedStdDevLiRS', 'vol'),
    result('8 greeks', QUANTLIB_GREEKS, 'greeks', 'price at spot 5,000'),
  ]
}

/** Null where the compiler or the library is missing. */
function measured(contracts: readonly PlainContract[]): Figures | null {
  if (!existsSync(HEADERS) || !hasCompiler()) return null
  const folder = mkdtempSync(join(tmpdir(), 'bench-quantlib-'))
  try {
    const program = join(folder, 'quantlib')
    const file = join(folder, 'contracts.bin')
    writeFileSync(file, Float64Array.from(contracts.flatMap(fields)))
    execFileSync('g++', ['-O3', '-march=native', SOURCE, '-o', program, '-lQuantLib'])
    return JSON.parse(execFileSync(program, [file], { encoding: 'utf8' })) as Figures
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function fields({ spot, strike, years, rate, dividendYield, vol, price, right }: PlainContract): number[] {
  return [spot, strike, years, rate, dividendYield, vol, price, right === 'call' ? 1 : -1]
}

function hasCompiler(): boolean {
  try {
    execFileSync('g++', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
