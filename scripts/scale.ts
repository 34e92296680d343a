/**
 * `npm run scale [-- --json]`: what a whole market costs for a session, and how relays carry a hundred thousand viewers of
 * one symbol. A model and a seeded simulation, not a measurement: docs/design/scale.md says which of its inputs were measured.
 */
import { parseArgs } from 'node:util'
import { ACK_EVERY } from '#schemas/stream/protocol'
import { fanoutDay } from './scale/fanoutDay.ts'
import { symbolDay } from './scale/ingestDay.ts'
import { universe, UNIVERSE } from './scale/universe.ts'
import { viewerDay } from './scale/viewerDay.ts'

const SEEDS = [1, 2, 3]
const VIEWERS = 100_000
const MEAN_VISIT_SECONDS = 2_400
const RELAY = { target: 4_000, limit: 6_000, adviceSeconds: 30, resumesPerSecond: 1_900 }
/** North America west and east, South America, Europe west and east, Asia-Pacific, Oceania, Africa, Middle East. */
const REGIONS = [0.2, 0.35, 0.03, 0.17, 0.05, 0.14, 0.03, 0.01, 0.02]

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } })
const symbols = universe()
const days = symbols.map((shape) => ({ shape, day: symbolDay(shape, shape.rank) }))
const total = days.reduce((sum, { day }) => sum + day.total, 0)
const fanout = fanoutDay({
  viewers: VIEWERS,
  framesPerSecond: 2,
  socketsPerRelay: RELAY.target,
  ackEveryFrames: ACK_EVERY.frames,
  ackEverySeconds: ACK_EVERY.ms / 1_000,
  meanVisitSeconds: MEAN_VISIT_SECONDS,
  sendMicros: 25,
})
const crowd = {
  viewers: VIEWERS,
  meanVisitSeconds: MEAN_VISIT_SECONDS,
  regions: REGIONS,
  relayDiesAtSecond: 3_600,
  deployAtSecond: 7_200,
}
const simulated = SEEDS.map((seed) => ({ seed, ...viewerDay(crowd, RELAY, seed) }))
const result = {
  universe: UNIVERSE,
  marketUsdPerSession: total,
  batchesPerSecond: days.reduce((sum, { day }) => sum + day.batchesPerSecond, 0),
  byRank: days.filter(({ shape }) => [1, 10, 100, 1_000, 6_000].includes(shape.rank)),
  fanoutUsdPer100kViewers: fanout,
  viewers: simulated,
}
process.stdout.write(`${values.json ? JSON.stringify(result) : table()}\n`)

function table(): string {
  const usd = (value: number): string => value.toFixed(3).padStart(10)
  return [
    `${UNIVERSE.symbols} symbols, ${UNIVERSE.contracts} contracts: ${total.toFixed(0)} USD a session, ` +
      `${result.batchesPerSecond.toFixed(0)} batches/s`,
    '  rank  contracts  quotes/s  batches/s  requests      rows  duration     total  (USD per session)',
    ...result.byRank.map(({ shape, day }) =>
      [
        String(shape.rank).padStart(6),
        String(shape.contracts).padStart(11),
        shape.quotesPerSecond.toFixed(1).padStart(10),
        day.batchesPerSecond.toFixed(2).padStart(11),
        usd(day.requests),
        usd(day.rows),
        usd(day.duration),
        usd(day.total),
      ].join(''),
    ),
    `${VIEWERS} viewers of one symbol: ${fanout.relays} relays, ${fanout.total.toFixed(2)} USD a session ` +
      `(acknowledgements ${fanout.acknowledgements.toFixed(2)}, objects ${fanout.duration.toFixed(2)}, pushes ` +
      `${fanout.pushes.toFixed(2)}, upgrades ${fanout.upgrades.toFixed(2)}); a relay sends with ${(100 * fanout.relayCpu).toFixed(0)} % of a core`,
    ...simulated.map(
      (day) =>
        `seed ${day.seed}: at most ${day.peakViewers} viewers on ${day.peakRelays} relays, fullest ${day.fullestRelay}, ` +
        `${day.refused} refusals; after a deploy all back in ${day.deployBackSeconds} s, ` +
        `after a relay's death in ${day.relayDeathBackSeconds} s`,
    ),
  ].join('\n')
}
