/** The ingest bridge as a program: arguments and signals in, exit code out. See docs/design/ingest.md. */
import { systemClock } from './clock/systemClock.ts'
import { parseOptions, USAGE } from './cli/options.ts'
import { createReport } from './cli/report.ts'
import { runBridge } from './cli/runBridge.ts'

const args = process.argv.slice(2)
if (args.includes('--help') || args.includes('-h')) {
  console.log(USAGE)
  process.exit(0)
}
const parsed = parseOptions(args)
if (!parsed.ok) {
  console.error(`${parsed.message}\n\n${USAGE}`)
  process.exit(2)
}

const shutdown = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  // Once: the second signal ends the process at once, as people expect of a second Ctrl-C.
  process.once(name, () => shutdown.abort())
}
const report = createReport(parsed.options.log, (line) => console.error(line), Date.now)
const surroundings = { clock: systemClock, random: Math.random, environment: process.env, report }
try {
  process.exitCode = await runBridge(parsed.options, surroundings, shutdown.signal)
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
