import { appendFileSync, cpSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../testing/temporaryDirectory.ts'
import { Journal } from './Journal.ts'

const payload = (text: string) => new TextEncoder().encode(text)
const text = (bytes: Uint8Array | null) => (bytes ? new TextDecoder().decode(bytes) : null)

/** A journal with batches a (1), b and c (one group: 2, 3) and d (4), cursors 10, 20, 30; a is acknowledged. */
function writtenJournal(): { directory: string; epoch: number; segment: string } {
  const directory = temporaryDirectory()
  const journal = new Journal(directory)
  const epoch = journal.beginEpoch('feed', 1_000)
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
    const epoch = journal.beginEpoch('feed', 1_000)
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

  it('begins every life with a larger epoch, whatever the clock says', () => {
    const { directory, epoch } = writtenJournal()
    const journal = new Journal(directory)
    const next = journal.beginEpoch('feed', 5)
    expect(next).toBe(epoch + 1)
    expect(journal.leftovers()).toEqual([])
    expect(journal.nextSequence).toBe(1)
    expect(journal.cursorOf('feed')).toBe(30)
    expect(journal.beginEpoch('another feed', 9_999)).toBe(9_999)
    expect(journal.cursorOf('another feed')).toBeNull()
    journal.close()
  })

  it('deletes segments only once all in them is acknowledged', () => {
    const directory = temporaryDirectory()
    const journal = new Journal(directory, { segmentBytes: 100 })
    const epoch = journal.beginEpoch('feed', 1_000)
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
