/**
 * `npm run analyze -- FILE [--at ISO-time] [--vol own|vendor|auto] [--dividends JSON-file]
 * [--conventions | [--all | --explain METRIC] [--json]]`: gamma exposure and levels of a recorded chain, Cboe delayed quotes
 * (JSON body or quotedata CSV) or an NSE option chain (JSON). `--conventions` prints the same snapshot as published
 * conventions state it, `--all` every metric of the product (with `--json` beside the rest), `--explain` what one of them
 * means and rests on.
 *
 * `--at` replaces the file's own time (a time without offset is the exchange's). `--vol auto`, the default, solves
 * volatilities from the quotes, and takes the vendor's when the quotes cover less than half of the open interest.
 * `--dividends` names a list of `{exDate, amount}`, complete up to its last, for options that may be exercised early.
 * Exit 1 and one line on stderr when the file or an option cannot be read.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { readSnapshot } from '#bridge/feeds/chain/readSnapshot'
import { describeProblem } from '#bridge/feeds/chain/snapshot'
import type { KnownDividend } from '#quant/american/knownDividends'
import { EXCHANGE_CALENDARS } from '#quant/calendar/exchangeCalendars'
import { parseIsoDate } from '#quant/calendar/isoDate'
import { zonedTimeToUtcMs, type TimeZone } from '#quant/calendar/timeZone'
import { rootSpec } from '#quant/contracts/rootMaster'
import type { MarketView } from '#quant/metrics/marketView'
import { allMetrics, explanation, snapshotView } from './analyze/allMetrics.ts'
import { answer } from './analyze/answer.ts'
import { readDividends } from './analyze/readDividends.ts'
import { conventionsReport } from './analyze/conventions.ts'
import { fieldsInCurrency } from './analyze/money.ts'
import { explanationReport, metricsReport } from './analyze/metricsReport.ts'
import { report } from './analyze/report.ts'
import { priceSnapshot, type VolChoice } from './analyze/snapshotEngine.ts'

const USAGE =
  'usage: npm run analyze -- FILE [--at ISO-time] [--vol own|vendor|auto] [--dividends JSON-file] ' +
  '[--conventions | [--all | --explain METRIC] [--json]]'

class UserError extends Error {}

// A reader that has seen enough (`| head`) closes the pipe; that is not an error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

try {
  process.stdout.write(`${run(process.argv.slice(2))}\n`)
} catch (error) {
  if (!(error instanceof UserError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}

function run(argv: string[]): string {
  const { file, at, vol, dividends, output, all, explain } = readArguments(argv)
  const parsed = readSnapshot(readText(file))
  if (!parsed.ok) throw new UserError(`${file}: ${describeProblem(parsed.problem)}`)
  const { snapshot } = parsed
  const { timeZone } = EXCHANGE_CALENDARS[rootSpec(snapshot.underlying).calendar]
  const asOfMs = at === null ? snapshot.asOfMs : instant(at, timeZone)
  const known = dividends === null ? [] : dividendsIn(dividends)
  const priced = priceSnapshot(snapshot, asOfMs, vol, known)
  if (explain !== null) return explained(snapshotView(snapshot, priced), explain, output)
  const result = answer(snapshot, priced)
  if (output === 'conventions') return conventionsReport(result.conventions)
  const metrics = all ? allMetrics(snapshotView(snapshot, priced)) : null
  if (output === 'report') return metrics === null ? report(result) : metricsReport(metrics)
  const printed = fieldsInCurrency(result, result.currency)
  return JSON.stringify(metrics === null ? printed : Object.assign({}, printed, { metrics }))
}

function explained(view: MarketView, id: string, output: Arguments['output']): string {
  const found = explanation(view, id)
  if (found === null)
    throw new UserError(`--explain: expected the id of a metric, as --all prints them, found ${id}`)
  return output === 'json' ? JSON.stringify(found) : explanationReport(found)
}

interface Arguments {
  readonly file: string
  readonly at: string | null
  readonly vol: VolChoice
  /** File of known dividends. */
  readonly dividends: string | null
  readonly output: 'report' | 'json' | 'conventions'
  readonly all: boolean
  /** Id of the metric to explain. */
  readonly explain: string | null
}

function readArguments(argv: string[]): Arguments {
  let parsed
  try {
    parsed = parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        at: { type: 'string' },
        vol: { type: 'string', default: 'auto' },
        dividends: { type: 'string' },
        json: { type: 'boolean', default: false },
        conventions: { type: 'boolean', default: false },
        all: { type: 'boolean', default: false },
        explain: { type: 'string' },
      },
    })
  } catch (error) {
    throw new UserError(`${error instanceof Error ? error.message.split('\n')[0] : String(error)}; ${USAGE}`)
  }
  const { values, positionals } = parsed
  const [file] = positionals
  if (file === undefined || positionals.length > 1) throw new UserError(USAGE)
  const { vol, json, conventions, all, explain = null, dividends = null } = values
  if (json && conventions) throw new UserError(`--json holds the conventions already; ${USAGE}`)
  if (Number(conventions) + Number(all) + Number(explain !== null) > 1)
    throw new UserError(`expected one of --conventions, --all and --explain; ${USAGE}`)
  if (vol !== 'own' && vol !== 'vendor' && vol !== 'auto') {
    throw new UserError(`--vol: expected own, vendor or auto, found ${JSON.stringify(vol)}`)
  }
  const output = json ? 'json' : conventions ? 'conventions' : 'report'
  return { file, at: values.at ?? null, vol, dividends, output, all, explain }
}

/** UTC ms of an ISO time; without an offset it is the time of `zone`. */
function instant(text: string, zone: TimeZone): number {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?(Z|[+-]\d{2}:\d{2})?$/.exec(text)
  const date = match?.[1]
  if (match !== null && date !== undefined && parseIsoDate(date) !== null) {
    const zoned = match[5] !== undefined
    const minutes = Number(match[2]) * 60 + Number(match[3])
    const ms = zoned ? Date.parse(text) : zonedTimeToUtcMs(zone, date, minutes) + Number(match[4] ?? 0) * 1000
    if (Number.isFinite(ms) && Number(match[2]) < 24 && Number(match[3]) < 60) return ms
  }
  throw new UserError(
    `--at: expected a time like 2025-09-04T14:30 or 2025-09-04T18:30:00Z, found ${JSON.stringify(text)}`,
  )
}

function dividendsIn(file: string): KnownDividend[] {
  const read = readDividends(readText(file))
  if (typeof read === 'string') throw new UserError(`${file}: ${read}`)
  return read
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new UserError(`${file}: expected a readable file, found ${code}`)
  }
}
