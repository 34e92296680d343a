/**
 * `npm run chaos -- [--cycles 20] [--seed 1] [--only FAULT,FAULT] [--json] [--verbose]` runs the Worker, two bridges, a vendor and fifty
 * viewers as real processes and real sockets, and does one bad thing per cycle. Exit 1 when anything was lost, doubled
 * or shown without being kept. See docs/design/chaos.md.
 *
 * `npm run chaos -- --metering [--calls 100000] [--kills 20] [--seed 1] [--json]` meters calls through kills of the Worker
 * instead. Exit 1 when what was booked is not what was served.
 */
import { check, checkEndState, quietly } from './chaos/check.ts'
import { drawnFaults, FAULTS } from './chaos/faults.ts'
import { pause, startRig, until, type ChaosRig } from './chaos/rig.ts'
import { runMetering } from './chaos/metering.ts'
import { reportOf, Tally } from './chaos/tally.ts'
import { readOptions } from './local/readOptions.ts'

/** How long the stream runs undisturbed before the next fault. */
const CALM_MS = { min: 300, max: 2_500 }
const KEPT_LINES = 60

const USAGE = `npm run chaos -- [--cycles 20] [--seed 1] [--only FAULT,FAULT] [--json] [--verbose]
npm run chaos -- --metering [--calls 100000] [--kills 20] [--seed 1] [--json]`

const { values } = readOptions(USAGE, {
  options: {
    cycles: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    metering: { type: 'boolean', default: false },
    calls: { type: 'string', default: '100000' },
    kills: { type: 'string', default: '20' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
})
const [cycles, seed] = [Number(values.cycles), Number(values.seed)]
if (!Number.isInteger(cycles) || !Number.isInteger(seed)) {
  process.stderr.write('chaos: expected whole numbers for --cycles and --seed\n')
  process.exit(2)
}
if (values.metering) {
  const metering = await runMetering({ calls: Number(values.calls), kills: Number(values.kills), seed })
  console.log(values.json ? JSON.stringify(metering) : JSON.stringify(metering, null, 2))
  process.exit(metering.isClean ? 0 : 1)
}
/** What the bridges said last, for a run that ends with an error. */
const said: string[] = []
const log = (lines: string): void => {
  said.push(lines)
  said.splice(0, said.length - KEPT_LINES)
  if (values.verbose) process.stderr.write(lines)
}

const startedMs = performance.now()
const rig = await startRig(seed, log)
const tally = new Tally()
try {
  await runCycles(rig)
  await checkEndState(rig, tally)
} catch (error) {
  process.stderr.write(`${said.join('')}the vendor was dialled by ${rig.vendor.dials.slice(-6).join(', ')}\n`)
  throw error
} finally {
  await rig.stop()
  if (values.verbose) process.stderr.write(rig.server.errors())
}
const report = { cycles, seed, ...reportOf(rig, tally, (performance.now() - startedMs) / 1000) }
console.log(values.json ? JSON.stringify(report) : JSON.stringify(report, null, 2))
process.exit(report.isClean ? 0 : 1)

async function runCycles({ ledger, random }: ChaosRig): Promise<void> {
  const drawn = drawnFaults(random, values.only?.split(','))
  for (let cycle = 1; cycle <= cycles; cycle++) {
    await pause(CALM_MS.min + (CALM_MS.max - CALM_MS.min) * random.uniform())
    const name = drawn.next().value as string
    tally.faults[name] = (tally.faults[name] ?? 0) + 1
    process.stderr.write(`${cycle}/${cycles} ${name}, ${ledger.ticksAcknowledged} ticks so far\n`)
    await FAULTS[name]?.(rig, tally)
    const before = ledger.batchesAcknowledged
    await until('batches to go on', () => ledger.batchesAcknowledged > before + 1)
    await quietly(rig, () => check(rig, tally, null))
  }
}
