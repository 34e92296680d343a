/**
 * `npm run bench -- NAME [--json]` measures one part of the system against its peers in the same run and prints a table,
 * or with --json one JSON object {commit, machine, results, gates}. A missed gate is printed, not an error: exit 0.
 */
import { toJson, toTable, type BenchReport } from './bench/report.ts'
import { readOptions } from './local/readOptions.ts'

const BENCHES: Readonly<Record<string, () => Promise<BenchReport>>> = {
  engine: async () => (await import('./bench/engine.ts')).benchEngine(),
  fanout: async () => (await import('./bench/fanout.ts')).benchFanout(),
  ingest: async () => (await import('./bench/ingest.ts')).benchIngest(),
  resumes: async () => (await import('./bench/soak.ts')).benchResumes(),
  soak: async () => (await import('./bench/soak.ts')).benchSoak(),
  rest: async () => (await import('./bench/rest.ts')).benchRest(),
  wire: async () => (await import('./bench/wire.ts')).benchWire(),
}

const { values, positionals } = readOptions(`npm run bench -- <${Object.keys(BENCHES).join('|')}> [--json]`, {
  allowPositionals: true,
  options: { json: { type: 'boolean' } },
})
const [name = ''] = positionals
const bench = BENCHES[name]
if (bench === undefined) {
  process.stderr.write(`bench: expected one of ${Object.keys(BENCHES).join(', ')}, found "${name}"\n`)
  process.exit(2)
}
const report = await bench()
process.stdout.write(`${values.json ? toJson(report) : toTable(report)}\n`)
