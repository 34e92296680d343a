/**
 * `npm run greeks -- FILE.csv` prints the greeks of every row as CSV, in the file's row and column order.
 *
 * In: spot, strike, days, rate, yield, vol, type (C or P), in any order; price if the implied volatility is wanted.
 * Out: those columns as they were; price, delta, gamma, vega, theta, rho, vanna, charm, volga, speed, zomma computed by
 * Black–Scholes–Merton with T = days/365 (theta and charm per year, vega and rho per 1.00); and impliedVol, recovered
 * from the file's own price, blank with the reason on stderr when there is none; and americanPrice, the price if it may be
 * exercised early (where two exercise boundaries exist a lower bound, said on stderr). Other columns are left out.
 */
import { readFileSync } from 'node:fs'
import { americanPrice } from '#quant/american/americanOption'
import { greeks, type Greeks } from '#quant/pricing/blackScholes'
import { impliedVol, type ImpliedVol } from '#quant/pricing/impliedVol'
import { parseOptionRows, type OptionRow } from './greeks/optionRows.ts'

const INPUTS = ['spot', 'strike', 'days', 'rate', 'yield', 'vol', 'type']
const COMPUTED: readonly (keyof Greeks)[] = [
  'price',
  'delta',
  'gamma',
  'vega',
  'theta',
  'rho',
  'vanna',
  'charm',
  'volga',
  'speed',
  'zomma',
]

const [path] = process.argv.slice(2)
if (path === undefined) fail('expected the path of a CSV file, found no argument')
const answer = parseOptionRows(read(path))
if (!answer.ok) fail(`${path}: ${answer.problem}`)
const { columns, rows } = answer.file
const outputs: readonly string[] = [...COMPUTED, 'americanPrice']
const shown = columns.filter((name) => INPUTS.includes(name) || outputs.includes(name))
const header = [...shown, ...outputs.filter((name) => !shown.includes(name)), 'impliedVol']
// A reader that has seen enough (`| head`) closes the pipe: not an error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  fail(`expected to write the result to stdout, found ${error.message}`)
})
process.stdout.write([header.join(','), ...rows.map((row) => lineOf(header, row))].join('\n') + '\n')

function lineOf(header: readonly string[], row: OptionRow): string {
  const computed: Readonly<Record<string, number>> = { ...greeks(row.input) }
  const vol = volOf(row)
  const american = americanCell(row)
  if (!vol.ok) process.stderr.write(`line ${row.line}: no implied volatility: ${vol.reason}\n`)
  const cellOf = (column: string): string => {
    if (column === 'impliedVol') return vol.ok ? String(vol.vol) : ''
    if (column === 'americanPrice') return american
    const value = computed[column]
    return value === undefined ? (row.cells[column] ?? '') : String(value)
  }
  return header.map(cellOf).join(',')
}

function americanCell({ input, line }: OptionRow): string {
  const answer = americanPrice(input)
  if (!answer.ok) process.stderr.write(`line ${line}: no American price: ${answer.reason}\n`)
  else if (answer.method === 'lower_bound')
    process.stderr.write(`line ${line}: the American price is a lower bound\n`)
  return answer.ok ? String(answer.price) : ''
}

function volOf({ input, price }: OptionRow): ImpliedVol {
  const { spot, strike, years, rate, dividendYield, right } = input
  const forward = spot * Math.exp((rate - dividendYield) * years)
  return impliedVol({ forward, strike, discount: Math.exp(-rate * years), years, right, price })
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    return fail(`expected a readable CSV file, found ${code} at ${path}`)
  }
}

function fail(problem: string): never {
  process.stderr.write(`greeks: ${problem}\n`)
  process.exit(1)
}
