import { parseArgs } from 'node:util'
import { isSymbol } from '#schemas/symbol'

export const USAGE = `npm run bridge -- [options]

  --feed synthetic|chain   synthetic: a seeded invented market. chain: a recorded chain (default synthetic)
  --to URL                 the Worker to post to (default http://127.0.0.1:8787)
  --symbols A,B            synthetic: SPX, SPY, NVDA, NIFTY (default all four)
  --seed N                 synthetic: seed (default 1)
  --step-ms N              synthetic: market milliseconds per step (default 250)
  --speed X                market time per real time; 0 with --start: as fast as possible (default 1)
  --ticks N                synthetic: stop after N steps, then exit once everything is acknowledged
  --start ISO              synthetic: event time of the start; makes the run reproducible and resumable
  --file PATH              chain: Cboe delayed quotes (JSON or CSV) or an NSE option chain (JSON)
  --replay-seconds N       chain: spread the quotes over N seconds (default 0)
  --once                   exit when the feed has ended and everything is acknowledged
  --journal DIR            where batches wait for their acknowledgement (default .flipwire/journal)
  --no-fsync               do not force the journal to disk before sending (safe against kill, not power loss)
  --journal-max-mb N       stop a symbol once its journal holds this much unacknowledged (default 2048)
  --window-ms N            quotes conflate for N ms per batch, up to 1 s while a symbol is quiet (default 100)
  --in-flight N            batches of one symbol on the way at once (default 4)
  --key PATH               private key file (default .flipwire/bridge-key.json); INGEST_PRIVATE_JWK goes before it
  --health-port N          serve GET /health there
  --log text|json          how to write to stderr (default text)`

export interface BridgeOptions {
  readonly feed: 'synthetic' | 'chain'
  readonly to: string
  /** Empty: all the feed has. */
  readonly symbols: readonly string[]
  readonly seed: number
  readonly stepMs: number
  readonly speed: number
  readonly steps: number | null
  readonly startMs: number | null
  readonly file: string | null
  readonly replaySeconds: number
  readonly once: boolean
  readonly journal: string
  readonly fsync: boolean
  readonly journalMaxBytes: number
  readonly windowMs: number
  readonly inFlight: number
  readonly keyFile: string
  readonly healthPort: number | null
  readonly log: 'text' | 'json'
}

export type ParsedOptions =
  { readonly ok: true; readonly options: BridgeOptions } | { readonly ok: false; readonly message: string }

const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const

export function parseOptions(args: readonly string[]): ParsedOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        feed: text,
        to: text,
        symbols: text,
        seed: text,
        'step-ms': text,
        speed: text,
        ticks: text,
        start: text,
        file: text,
        'replay-seconds': text,
        once: flag,
        journal: text,
        'no-fsync': flag,
        'journal-max-mb': text,
        'window-ms': text,
        'in-flight': text,
        key: text,
        'health-port': text,
        log: text,
      },
    })
    const feed = oneOf('feed', values.feed ?? 'synthetic', ['synthetic', 'chain'])
    const options: BridgeOptions = {
      feed,
      to: origin(values.to ?? 'http://127.0.0.1:8787'),
      symbols: symbolList(values.symbols),
      seed: whole('seed', values.seed ?? '1', 0, 2 ** 32 - 1),
      stepMs: whole('step-ms', values['step-ms'] ?? '250', 10, 60_000),
      speed: decimal('speed', values.speed ?? '1', 0, 100_000),
      steps: values.ticks === undefined ? null : whole('ticks', values.ticks, 0, 1e9),
      startMs: values.start === undefined ? null : instant(values.start),
      file: values.file ?? null,
      replaySeconds: decimal('replay-seconds', values['replay-seconds'] ?? '0', 0, 86_400),
      // A run of a given length has an end, and reaching it is the point.
      once: values.once === true || values.ticks !== undefined,
      journal: values.journal ?? '.flipwire/journal',
      fsync: values['no-fsync'] !== true,
      journalMaxBytes: whole('journal-max-mb', values['journal-max-mb'] ?? '2048', 1, 1_000_000) * 1024 ** 2,
      windowMs: whole('window-ms', values['window-ms'] ?? '100', 1, 10_000),
      inFlight: whole('in-flight', values['in-flight'] ?? '4', 1, 16),
      keyFile: values.key ?? '.flipwire/bridge-key.json',
      healthPort:
        values['health-port'] === undefined ? null : whole('health-port', values['health-port'], 0, 65_535),
      log: oneOf('log', values.log ?? 'text', ['text', 'json']),
    }
    if (feed === 'chain' && options.file === null) throw new Error('--feed chain needs --file PATH')
    if (feed === 'synthetic' && options.speed === 0 && options.startMs === null) {
      throw new Error('--speed 0 needs --start: without it the clock is the event time')
    }
    return { ok: true, options }
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) }
  }
}

function oneOf<const T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value)
  if (found === undefined) throw new Error(`--${name}: expected ${allowed.join(' or ')}, was "${value}"`)
  return found
}

function decimal(name: string, value: string, min: number, max: number): number {
  const number = value.trim() === '' ? Number.NaN : Number(value)
  if (!(number >= min && number <= max))
    throw new Error(`--${name}: expected ${min} to ${max}, was "${value}"`)
  return number
}

function whole(name: string, value: string, min: number, max: number): number {
  const number = decimal(name, value, min, max)
  if (!Number.isInteger(number)) throw new Error(`--${name}: expected a whole number, was "${value}"`)
  return number
}

function instant(value: string): number {
  const ms = Date.parse(value)
  if (Number.isNaN(ms))
    throw new Error(`--start: expected an ISO time such as 2026-11-20T14:30:00Z, was "${value}"`)
  return ms
}

function origin(value: string): string {
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) {
    throw new Error(`--to: expected an http(s) address, was "${value}"`)
  }
  return new URL(value).origin
}

function symbolList(value: string | undefined): string[] {
  const symbols = [...new Set(value?.split(',').map((symbol) => symbol.trim()) ?? [])]
  const wrong = symbols.find((symbol) => !isSymbol(symbol))
  if (wrong !== undefined) throw new Error(`--symbols: "${wrong}" is not a symbol`)
  return symbols
}
