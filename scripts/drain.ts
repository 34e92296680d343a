/**
 * Sends viewers away before a deploy, to be back once it is done:
 *
 *     npm run drain -- --to https://your.host --symbols SPX,NVDA --delay-seconds 10
 */
import { existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createRequestSigner } from '#bridge/delivery/requestSigner'
import { postSigned } from '#bridge/delivery/signedPost'
import { systemClock } from '#bridge/clock/systemClock'
import { MAX_DRAIN_DELAY_MS } from '#schemas/ingest/drain'

const TIMEOUT_MS = 15_000

const { values } = parseArgs({
  options: {
    to: { type: 'string', default: 'http://127.0.0.1:8787' },
    symbols: { type: 'string', default: '' },
    'delay-seconds': { type: 'string', default: '10' },
    key: { type: 'string', default: '.flipwire/bridge-key.json' },
  },
})
const symbols = values.symbols.split(',').filter((symbol) => symbol !== '')
const delayMs = Math.round(1_000 * Number(values['delay-seconds']))
const privateJwk =
  process.env['INGEST_PRIVATE_JWK'] ?? (existsSync(values.key) ? readFileSync(values.key, 'utf8') : null)
if (symbols.length === 0) fail('--symbols: expected at least one')
if (!(delayMs >= 0 && delayMs <= MAX_DRAIN_DELAY_MS)) {
  fail(`--delay-seconds: expected 0 to ${MAX_DRAIN_DELAY_MS / 1_000}, was ${values['delay-seconds']}`)
}
if (privateJwk === null)
  fail(`no key to sign with: set INGEST_PRIVATE_JWK or put a bridge's into ${values.key}`)

const signer = createRequestSigner(privateJwk)
const body = new TextEncoder().encode(JSON.stringify({ delayMs }))
for (const symbol of symbols) {
  const connection = { to: values.to, symbol, signer, clock: systemClock, timeoutMs: TIMEOUT_MS }
  // oxlint-disable-next-line no-await-in-loop -- a relay that serves several symbols tells its viewers once
  const exchange = await postSigned(connection, `/v1/ingest/${symbol}/drain`, 'application/json', body)
  const isDone = exchange.kind === 'answered' && exchange.status === 200
  console.log(`${symbol}: ${exchange.kind === 'answered' ? exchange.body : exchange.reason}`)
  if (!isDone) process.exitCode = 1
}

function fail(message: string): never {
  console.error(message)
  process.exit(2)
}
