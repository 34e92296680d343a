/** Holds the object against the books: between two posts, while every bridge is kept waiting. */
import * as v from 'valibot'
import { ChainSchema, type ChainPage } from '#schemas/rest/models'
import { pause, SYMBOL, until, type ChaosRig } from './rig.ts'
import type { Tally } from './tally.ts'

const MOST_ROWS = 1_000

/** Lets no post through while `work` runs; those on their way are answered, or fail, first. */
export async function quietly<T>({ gate, bridges }: ChaosRig, work: () => Promise<T>): Promise<T> {
  gate.isClosed = true
  try {
    await until('answers to all posts', () => bridges.every(({ witness }) => witness.inFlight() === 0))
    return await work()
  } finally {
    gate.isClosed = false
  }
}

/**
 * Counts what the object has lost or shown without keeping. `diedUnder`: the newest stream epoch shown before the object
 * was killed; null when it was not.
 * @throws Error when no history of the posted batches leads to the object's state
 */
export async function check(rig: ChaosRig, tally: Tally, diedUnder: number | null): Promise<void> {
  const { replay, ledger, viewers } = rig
  const { data, meta } = await readChain(rig, `?limit=1`)
  const match = await replay.match(ledger.unchecked(), data.stateHash)
  if (match === null) throw new Error('expected a state that the posted batches lead to, was another')
  tally.acknowledgedLost += match.lostTicks
  ledger.checkedUpTo(match.position)
  if (diedUnder === null) return
  const shown = viewers.shownAsOfMs.get(diedUnder) ?? -Infinity
  if (shown <= (match.asOfMs ?? -Infinity)) return
  if (meta.epoch > diedUnder) tally.retracted++
  else tally.shownNotStored++
}

/** Everything is delivered and the market stands still: the object holds what the vendor has, contract by contract. */
export async function checkEndState(rig: ChaosRig, tally: Tally): Promise<void> {
  const { vendor, ledger } = rig
  vendor.pause(true)
  await untilSilent(ledger)
  await quietly(rig, () => check(rig, tally, null))
  const held = new Map<string, string>()
  for (let cursor: string | null = ''; cursor !== null;) {
    const { data }: ChainPage = await readChain(rig, `?limit=${MOST_ROWS}${cursor && `&cursor=${cursor}`}`)
    for (const row of data.rows) held.set(row.contract, figures(row))
    cursor = data.nextCursor
  }
  const expected = truth(rig)
  const wrong = [...expected].filter(([contract, line]) => held.get(contract) !== line)
  tally.endStateDifferences = wrong.length + Math.max(0, held.size - expected.size)
}

async function untilSilent(ledger: ChaosRig['ledger']): Promise<void> {
  for (let before = -1; before !== ledger.batchesAcknowledged;) {
    before = ledger.batchesAcknowledged
    // A quiet symbol seals after a second at the latest.
    await pause(2_000)
  }
}

interface Row {
  bid: number | null
  ask: number | null
  bidSize: number
  askSize: number
  openInterest: number | null
  volume: number
}

function figures({ bid, ask, bidSize, askSize, openInterest, volume }: Row): string {
  return JSON.stringify([bid, ask, bidSize, askSize, openInterest, volume])
}

/** OSI symbol → figures. */
function truth({ vendor }: ChaosRig): Map<string, string> {
  const rows = new Map<number, Row & { name: string }>()
  for (const tick of vendor.truth()) {
    if (tick.kind === 'contract') {
      const { contractId, root, expiryDate, strike, right } = tick
      const date = expiryDate.replaceAll('-', '').slice(2)
      const name = `${root}${date}${right === 'call' ? 'C' : 'P'}${String(Math.round(strike * 1000)).padStart(8, '0')}`
      const empty = { bid: null, ask: null, bidSize: 0, askSize: 0, openInterest: null, volume: 0 }
      rows.set(contractId, { name, ...empty })
    } else if (tick.kind !== 'underlying' && tick.kind !== 'trade') {
      const { contractId, kind: _, ...values } = tick
      Object.assign(rows.get(contractId) ?? {}, values)
    }
  }
  return new Map([...rows.values()].map((row) => [row.name, figures(row)]))
}

async function readChain({ server }: ChaosRig, query: string): Promise<ChainPage> {
  const headers = { authorization: `Bearer ${await server.token()}` }
  const response = await fetch(`${server.url}/v1/chain/${SYMBOL}${query}`, { headers })
  if (!response.ok) throw new Error(`the chain is not to be had: ${response.status} ${await response.text()}`)
  return v.parse(ChainSchema, await response.json())
}
