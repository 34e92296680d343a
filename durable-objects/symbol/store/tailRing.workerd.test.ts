import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encoded, NOW_MS, openingTicks, trade } from '../testkit.ts'
import {
  countRows,
  hashOf,
  holdClock,
  newSymbol,
  opened,
  post,
  runAlarmAt,
  tailLength,
} from '../workerd.testkit.ts'
import { ChainStore, type SqlHost } from './chainStore.ts'

holdClock()

const payload = (n: number) => new Uint8Array([n & 255, n >> 8]).buffer
const numberOf = (bytes: Uint8Array) => (bytes[0] as number) + 256 * (bytes[1] as number)

describe('the tail', () => {
  it('holds exactly what came after the newest checkpoint, in order, through restarts at any point', async () => {
    const { stub } = newSymbol()
    const step = fc.constantFrom('append', 'append', 'append', 'append', 'checkpoint', 'restart')
    await runInDurableObject(stub, (_, { storage }) => {
      const property = fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        for (const table of ['ring', 'checkpoint', 'meta']) storage.sql.exec(`DELETE FROM ${table}`)
        let store = new ChainStore(storage)
        let expected: number[] = []
        steps.forEach((what, n) => {
          if (what === 'append') {
            store.appendTail(payload(n))
            expected.push(n)
          } else if (what === 'checkpoint') {
            store.writeCheckpoint(new Uint8Array([n]))
            expected = []
          } else store = new ChainStore(storage)
          expect([...store.readTail()].map(numberOf)).toEqual(expected)
          expect(store.tailLength).toBe(expected.length)
        })
      })
      fc.assert(property, { seed: 6, numRuns: 100 })
    })
  })

  it('costs one row a batch and one a checkpoint, and gives back the slots of a tail that grew too long', async () => {
    const { stub } = newSymbol()
    await runInDurableObject(stub, (_, { storage }) => {
      const { host, rowsFor } = billed(storage)
      const store = new ChainStore(host)
      const appendMany = (count: number) => {
        for (let n = 0; n < count; n++) store.appendTail(payload(n))
      }
      expect(rowsFor(() => appendMany(200))).toBe(200)
      // The piece and the covered number; nothing of the tail is deleted.
      expect(rowsFor(() => store.writeCheckpoint(new Uint8Array(10)))).toBe(2)
      expect(rowsFor(() => appendMany(200))).toBe(200)
      appendMany(800)
      store.writeCheckpoint(new Uint8Array(10))
    })
    expect(await countRows(stub, 'ring')).toBe(256)
    expect(await tailLength(stub)).toBe(0)
  })

  it('of the layout before the ring is taken over, batch for batch', async () => {
    const { symbol, stub } = await opened()
    await runAlarmAt(stub, NOW_MS + 15_000)
    const later = [2, 3].map((sequence) => encoded({ symbol, sequence }, [trade(1, 5, sequence)]))
    for (const bytes of later) await post(stub, bytes)
    const hash = await hashOf(stub)
    await runInDurableObject(stub, (_, { storage }) => {
      storage.sql.exec('DROP TABLE ring')
      storage.sql.exec("DELETE FROM meta WHERE name = 'tailCovered'")
      storage.sql.exec('CREATE TABLE tail (position INTEGER PRIMARY KEY, bytes BLOB NOT NULL)')
      for (const bytes of later) storage.sql.exec('INSERT INTO tail (bytes) VALUES (?)', bytes)
    })
    await evictDurableObject(stub)
    expect(await hashOf(stub)).toBe(hash)
    expect(await tailLength(stub)).toBe(2)
    expect(await post(stub, encoded({ symbol, sequence: 4 }, openingTicks()))).toMatchObject({
      status: 'applied',
    })
    await evictDurableObject(stub)
    expect(await tailLength(stub)).toBe(3)
  })
})

/** Storage that counts the rows the platform bills for. */
function billed(storage: SqlHost): { host: SqlHost; rowsFor: (work: () => void) => number } {
  const cursors: { rowsWritten: number }[] = []
  const sql = new Proxy(storage.sql, {
    get: (target, name) =>
      name === 'exec'
        ? (query: string, ...bindings: unknown[]) => {
            const cursor = target.exec(query, ...bindings)
            cursors.push(cursor)
            return cursor
          }
        : Reflect.get(target, name),
  })
  return {
    host: { sql, transactionSync: (work) => storage.transactionSync(work) },
    rowsFor(work) {
      cursors.length = 0
      work()
      return cursors.reduce((sum, { rowsWritten }) => sum + rowsWritten, 0)
    },
  }
}
