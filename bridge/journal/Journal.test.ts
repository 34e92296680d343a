import { appendFileSync, cpSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../testing/temporaryDirectory.ts'
import { Journal } from './Journal.ts'

const payload = (text: string) => new TextEncoder().encode(text)
const text = (bytes: Uint8Array | null) => (bytes ? new TextDecoder().decode(bytes) : null)

/** A journal with batches a (1), b and c (one group: 2, 3) and d (4), cursors 10, 20, 30; a is acknowledged. */
function writtenJournal(): { directory: string; epoch: number; segment: string } {
  const directory = temporaryDirectory()
  const journal = new Journal(directory)
  const epoch = 1_000
  journal.beginEpoch('feed', epoch)
  journal.append([payload('a')], 10)
  journal.append([payload('b'), payload('c')], 20)
  journal.acknowledge(epoch, 1)
  journal.append([payload('d')], 30)
  journal.close()
  return { directory, epoch, segment: join(directory, `${epoch}-1.log`) }
}

describe('Journal', () => {
  it('finds after a restart what was never acknowledged, and where the feed stood', () => {
    const { directory, epoch } = writtenJournal()
    const journal = new Journal(directory)
    expect(journal.leftovers()).toEqual([{ epoch, firstSequence: 2, lastSequence: 4 }])
    expect([1, 2, 3, 4, 5].map((sequence) => text(journal.read(epoch, sequence)))).toEqual([
      'a',
      'b',
      'c',
      'd',
      null,
    ])
    expect(journal.cursorOf('feed')).toBe(30)
    expect(journal.cursorOf('another feed')).toBeNull()
    expect(journal.droppedBytes).toBe(0)
    journal.close()
  })

  it('drops a torn last record, whichever byte the crash came after, and nothing before it', () => {
    const { directory, epoch, segment } = writtenJournal()
    const whole = readFileSync(segment).length
    const lastRecord = 40 + 1
    for (let length = whole - lastRecord; length < whole; length++) {
      const copy = temporaryDirectory()
      cpSync(directory, copy, { recursive: true })
      truncateSync(join(copy, `${epoch}-1.log`), length)
      const journal = new Journal(copy)
      expect(journal.leftovers(), `cut at ${length}`).toEqual([{ epoch, firstSequence: 2, lastSequence: 3 }])
      expect(journal.cursorOf('feed')).toBe(20)
      expect(journal.droppedBytes).toBe(length - (whole - lastRecord))
      // The notes that follow must be readable again: nothing torn may stay before them.
      journal.acknowledge(epoch, 3)
      journal.close()
      const again = new Journal(copy)
      expect(again.leftovers()).toEqual([])
      again.close()
    }
  })

  it('drops a group that was cut between its batches as a whole', () => {
    const directory = temporaryDirectory()
    const journal = new Journal(directory)
    const epoch = 1_000
    journal.beginEpoch('feed', epoch)
    journal.append([payload('a')], 1)
    journal.append([payload('b'), payload('c')], 2)
    journal.close()
    const segment = join(directory, `${epoch}-1.log`)
    truncateSync(segment, readFileSync(segment).length - 41)
    const again = new Journal(directory)
    expect(again.leftovers()).toEqual([{ epoch, firstSequence: 1, lastSequence: 1 }])
    expect(again.cursorOf('feed')).toBe(1)
    expect(again.droppedBytes).toBe(41)
    again.close()
  })

  it('takes a flipped bit in the last record for a torn record', () => {
    const { directory, epoch, segment } = writtenJournal()
    const bytes = readFileSync(segment)
    for (let at = bytes.length - 41; at < bytes.length; at++) {
      const copy = temporaryDirectory()
      cpSync(directory, copy, { recursive: true })
      const damaged = Uint8Array.from(bytes)
      damaged[at] = (damaged[at] ?? 0) ^ 0x10
      writeFileSync(join(copy, `${epoch}-1.log`), damaged)
      const journal = new Journal(copy)
      expect(journal.leftovers(), `byte ${at}`).toEqual([{ epoch, firstSequence: 2, lastSequence: 3 }])
      journal.close()
    }
  })

  it('begins an epoch only above the last one, and only once nothing of it is unacknowledged', () => {
    const { directory, epoch } = writtenJournal()
    const journal = new Journal(directory)
    expect(() => journal.beginEpoch('feed', epoch)).toThrow('expected an epoch above 1000, was 1000')
    expect(() => journal.beginEpoch('feed', epoch + 1)).toThrow('still holds unacknowledged batches')
    expect(journal.leftovers()).toEqual([{ epoch, firstSequence: 2, lastSequence: 4 }])
    journal.acknowledge(epoch, 4)
    journal.beginEpoch('feed', epoch + 1)
    expect(journal.leftovers()).toEqual([])
    expect(journal.nextSequence).toBe(1)
    expect(journal.cursorOf('feed')).toBe(30)
    journal.beginEpoch('another feed', 9_999)
    expect(journal.cursorOf('another feed')).toBeNull()
    journal.close()
  })

  it('deletes nothing unacknowledged, whatever it is asked and whenever it is killed', () => {
    const operation = fc.oneof(
      { weight: 6, arbitrary: fc.record({ append: fc.integer({ min: 1, max: 3 }) }) },
      { weight: 3, arbitrary: fc.record({ acknowledge: fc.nat(20) }) },
      { weight: 1, arbitrary: fc.constant({ nextEpoch: true as const }) },
      { weight: 2, arbitrary: fc.record({ tornBytes: fc.nat(30) }) },
    )
    const property = fc.property(fc.array(operation, { maxLength: 40 }), (operations) => {
      const directory = temporaryDirectory()
      let journal = new Journal(directory, { segmentBytes: 150, fsync: false })
      let epoch = 1
      journal.beginEpoch('feed', epoch)
      let [appended, acknowledged] = [0, 0]
      let recovered = false
      for (const what of operations) {
        if ('append' in what) {
          // A recovered epoch only waits for its acknowledgements; what is new belongs to the next.
          if (recovered) continue
          const group = Array.from({ length: what.append }, (_, i) => payload(`${epoch}/${appended + i + 1}`))
          journal.append(group, appended)
          appended += what.append
        } else if ('acknowledge' in what) {
          acknowledged = Math.max(acknowledged, Math.min(appended, what.acknowledge))
          journal.acknowledge(epoch, acknowledged)
        } else if ('nextEpoch' in what) {
          if (acknowledged < appended) continue
          journal.beginEpoch('feed', ++epoch)
          ;[appended, acknowledged] = [0, 0]
          recovered = false
        } else {
          // Killed in the middle of an append: its first bytes are there.
          journal.close()
          const newest = readdirSync(directory)
            .filter((name) => name.startsWith(`${epoch}-`))
            .sort((a, b) => Number(a.split(/[-.]/)[1]) - Number(b.split(/[-.]/)[1]))
            .at(-1)
          if (newest) appendFileSync(join(directory, newest), new Uint8Array(what.tornBytes).fill(9))
          journal = new Journal(directory, { segmentBytes: 150, fsync: false })
          recovered = true
        }
        const held = journal
          .leftovers()
          .flatMap(({ firstSequence, lastSequence }) =>
            Array.from({ length: lastSequence - firstSequence + 1 }, (_, i) => firstSequence + i),
          )
        const owed = Array.from({ length: appended - acknowledged }, (_, i) => acknowledged + i + 1)
        expect(held).toEqual(owed)
        expect(owed.map((sequence) => text(journal.read(epoch, sequence)))).toEqual(
          owed.map((sequence) => `${epoch}/${sequence}`),
        )
      }
      journal.close()
    })
    fc.assert(property, { seed: 8, numRuns: 60 })
  })

  it('takes in nothing beyond its limit, and goes on once acknowledgements have made room', () => {
    const journal = new Journal(temporaryDirectory(), { segmentBytes: 100, maxBytes: 300 })
    const epoch = 1_000
    journal.beginEpoch('feed', epoch)
    for (let i = 1; i <= 5; i++) journal.append([payload(`batch ${i}`)], i)
    expect(() => journal.append([payload('batch 6'), payload('batch 7')], 7)).toThrow(
      'is full: 5 unacknowledged batches in 235 bytes, the limit is 300',
    )
    expect([journal.nextSequence, journal.cursorOf('feed')]).toEqual([6, 5])
    journal.acknowledge(epoch, 3)
    journal.append([payload('batch 6'), payload('batch 7')], 7)
    expect(text(journal.read(epoch, 7))).toBe('batch 7')
    journal.close()
  })

  it('deletes segments only once all in them is acknowledged', () => {
    const directory = temporaryDirectory()
    const journal = new Journal(directory, { segmentBytes: 100 })
    const epoch = 1_000
    journal.beginEpoch('feed', epoch)
    for (let i = 1; i <= 9; i++) journal.append([payload(`batch ${i}`)], i)
    const segments = () => readdirSync(directory).filter((name) => name.endsWith('.log'))
    expect(segments()).toEqual([`${epoch}-1.log`, `${epoch}-4.log`, `${epoch}-7.log`])
    journal.acknowledge(epoch, 5)
    expect(segments()).toEqual([`${epoch}-4.log`, `${epoch}-7.log`])
    journal.close()
    const again = new Journal(directory, { segmentBytes: 100 })
    expect(again.leftovers()).toEqual([{ epoch, firstSequence: 6, lastSequence: 9 }])
    expect(text(again.read(epoch, 6))).toBe('batch 6')
    again.close()
  })

  it('sets an undeliverable epoch aside without destroying it', () => {
    const { directory, epoch, segment } = writtenJournal()
    const journal = new Journal(directory)
    expect(journal.setAside(epoch)).toEqual([`${segment}.undelivered`])
    expect(journal.leftovers()).toEqual([])
    expect([journal.read(epoch, 2), journal.unacknowledged]).toEqual([null, 0])
    journal.close()
    expect(readdirSync(directory)).toContain(`${epoch}-1.log.undelivered`)
  })

  it('refuses a directory that a living process holds, and takes over a dead one’s', () => {
    const directory = temporaryDirectory()
    writeFileSync(join(directory, 'lock'), String(process.ppid))
    expect(() => new Journal(directory)).toThrow(`in use by process ${process.ppid}`)
    writeFileSync(join(directory, 'lock'), '2147483646')
    new Journal(directory).close()
    expect(readdirSync(directory)).toEqual([])
  })

  it('refuses to guess an epoch from a damaged epoch file', () => {
    const { directory } = writtenJournal()
    appendFileSync(join(directory, 'epoch.json'), '}')
    expect(() => new Journal(directory)).toThrow('epoch.json: expected {epoch, feedIdentity, cursor}')
  })
})
