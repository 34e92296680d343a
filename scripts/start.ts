/**
 * `npm start`: the whole product on this machine. Builds the web, prepares local D1, R2 and objects, starts the Worker
 * and a bridge on the seeded synthetic market (or on the feed the flags name), and prints where to look.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readSnapshot } from '#bridge/feeds/chain/readSnapshot'
import { TOKEN_KINDS } from '#schemas/claims'
import { ensureKeys } from './keys/ensureKeys.ts'
import { localToken } from './keys/localToken.ts'
import { startBridge } from './local/bridge.ts'
import { buildWeb } from './local/buildWeb.ts'
import { watchLetters } from './local/letters.ts'
import { projectRoot } from './local/paths.ts'
import { isPortFree } from './local/ports.ts'
import { migrate, startWorker } from './local/worker.ts'

const USAGE = `npm start -- [--port 8787] [--feed synthetic [--symbols SPX,NVDA] [--seed 1]]
npm start -- --feed chain --file quotes.csv     a recorded chain: Cboe CSV or JSON, NSE JSON`

const values = readFlags()
if (values.help) {
  console.log(USAGE)
  process.exit(0)
}

const port = Number(values.port)
if (!Number.isInteger(port) || port < 1 || port > 65_535) fail(`expected --port 1-65535, was ${values.port}`)
if (!(await isPortFree(port))) fail(`port ${port} is in use: stop what listens there or pass --port`)

const isSynthetic = values.feed === 'synthetic'
const stateDirectory = join(projectRoot, '.flipwire', 'state')
await ensureKeys(projectRoot)
console.error('Building the web …')
if (!buildWeb()) fail('the web did not build: see above')
console.error('Preparing the local database …')
await migrate(stateDirectory)
console.error('Starting the Worker …')
// The chain is the operator's own file on the operator's own machine: whoever opens the page may see all of it.
const vars = isSynthetic ? {} : { GUEST_TIER: 'pro' }
const worker = await startWorker({ port, stateDirectory, vars })
watchLetters(worker, ({ to, subject }) => console.log(`  Letter to ${to}: ${subject}`))
const bridge = startBridge({
  to: worker.url,
  journalDirectory: join(projectRoot, '.flipwire', 'journal'),
  flags: bridgeFlags(),
  stdio: 'inherit',
})
await announce()

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop(0))
void worker.exited.then((code) => stopBecause(`The Worker ended with ${code}.`))
void bridge.exited.then((code) => {
  if (code !== 0) stopBecause(`The bridge ended with ${code}: see above.`)
})

let stopping = false
async function stop(code: number): Promise<void> {
  if (stopping) return
  stopping = true
  await Promise.all([bridge.kill(), worker.kill()])
  process.exit(code)
}

function stopBecause(reason: string): void {
  if (!stopping) console.error(reason)
  void stop(1)
}

function bridgeFlags(): string[] {
  const flags = ['--feed', values.feed]
  for (const name of ['file', 'symbols', 'seed'] as const) {
    const value = values[name]
    if (value !== undefined) flags.push(`--${name}`, value)
  }
  return flags
}

async function announce(): Promise<void> {
  const token = await localToken(projectRoot, {
    tier: 'pro',
    subject: 'local',
    lifeSeconds: TOKEN_KINDS.access.maxSeconds,
  })
  const symbol = isSynthetic ? 'SPX' : recordedSymbol(values.file)
  const aboutAccounts = isSynthetic
    ? ''
    : `
  Visitors see all of the chain. Who signs in has the tier of the account, free until it is raised:
    npm run tier -- somebody@example.com pro --to ${worker.url}
`
  console.log(`
  Flipwire is running on ${isSynthetic ? 'the synthetic market' : values.file}

    Desk     ${worker.url}/
    Token    ${token}
             (pro tier, 15 minutes; another: npm run token -- --tier pro)

  Three things to try
    TOKEN=$(npm run --silent token -- --tier pro)
    curl -H "Authorization: Bearer $TOKEN" ${worker.url}/v1/levels/${symbol}
    curl -H "Authorization: Bearer $TOKEN" ${worker.url}/v1/exposure/${symbol}
    npm run analyze -- quotes.csv          the same numbers from a file, without a server
${aboutAccounts}
  Ctrl-C stops everything.
`)
}

/** The symbol to try, from the file; the bridge reports what is wrong with it. */
function recordedSymbol(file: string | undefined): string {
  const read = file === undefined || !existsSync(file) ? null : readSnapshot(readFileSync(file, 'utf8'))
  return read?.ok ? read.snapshot.underlying : 'SPX'
}

function readFlags() {
  const text = { type: 'string' } as const
  try {
    return parseArgs({
      options: {
        port: { ...text, default: '8787' },
        feed: { ...text, default: 'synthetic' },
        file: text,
        symbols: text,
        seed: text,
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`)
  }
}

function fail(message: string): never {
  console.error(message)
  process.exit(1)
}
