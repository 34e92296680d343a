import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Position } from '#schemas/stream/messages'
import { STREAM_LIMITS } from '#schemas/stream/protocol'
import { Viewer, type FrameSource, type Sendable } from './viewer.ts'

interface TestFrame extends Sendable {
  readonly kind: 'snapshot' | 'delta'
  readonly epoch: number
}

const DELTA_BYTES = 10
const SNAPSHOT_BYTES = 65
/** That a viewer may go on from. */
const MOST_FRAMES = 12
const CREDIT = { frames: 8, bytes: 160 }

/** The last frames of a channel in which there is nothing but positions. */
class TestChannel implements FrameSource<TestFrame> {
  readonly name: string
  newest: Position = { epoch: 1, sequence: 1 }
  #first = 1

  constructor(name: string) {
    this.name = name
  }

  publish(): TestFrame {
    const { epoch, sequence } = this.newest
    this.newest = { epoch, sequence: sequence + 1 }
    this.#first = Math.max(this.#first, sequence + 1 - MOST_FRAMES)
    return this.#frame('delta', this.newest, DELTA_BYTES)
  }

  restart(): void {
    this.newest = { epoch: this.newest.epoch + 1, sequence: 1 }
    this.#first = 1
  }

  missing({ epoch, sequence }: Position): number | null {
    const missing = this.newest.sequence - sequence
    return epoch === this.newest.epoch && sequence >= this.#first && missing >= 0 ? missing : null
  }

  next({ epoch, sequence }: Position): TestFrame {
    if (this.missing({ epoch, sequence: sequence + 1 }) === null)
      throw new Error(`expected ${sequence} to be covered`)
    return this.#frame('delta', { epoch, sequence: sequence + 1 }, DELTA_BYTES)
  }

  snapshot(): TestFrame {
    return this.#frame('snapshot', this.newest, SNAPSHOT_BYTES)
  }

  isShorterFrom({ sequence }: Position): boolean {
    return (this.newest.sequence - sequence) * DELTA_BYTES < SNAPSHOT_BYTES
  }

  #frame(kind: TestFrame['kind'], { epoch, sequence }: Position, size: number): TestFrame {
    return { kind, channel: this.name, epoch, sequence, previous: sequence - 1, size }
  }
}

const viewerOf = (channel: TestChannel, from: Position | null = null) => {
  const viewer = new Viewer<TestFrame>(0, CREDIT)
  const isRecovered = from !== null && channel.missing(from) !== null
  viewer.subscribe(channel.name, from, isRecovered ? channel.newest : null, 0)
  return viewer
}
const kinds = (frames: readonly TestFrame[] | 'slow') =>
  frames === 'slow' ? 'slow' : frames.map(({ kind, sequence }) => `${kind} ${sequence}`)

describe('a viewer', () => {
  it('begins with a snapshot and gets each frame as long as it has credit', () => {
    const channel = new TestChannel('a')
    const viewer = viewerOf(channel)
    expect(kinds(viewer.pump('a', channel, 0))).toEqual(['snapshot 1'])
    const offered = Array.from({ length: 9 }, () => viewer.offer(channel.publish(), 1, 0))
    expect(offered).toEqual([true, true, true, true, true, true, true, false, false])
    expect(viewer.outstanding).toEqual({ frames: 8, bytes: 135 })
    expect(kinds(viewer.pump('a', channel, 0))).toEqual([])
  })

  it('that is behind is brought to the newest when it acknowledges, by the shorter way', () => {
    const channel = new TestChannel('a')
    const viewer = viewerOf(channel)
    viewer.pump('a', channel, 0)
    for (let i = 0; i < 9; i++) viewer.offer(channel.publish(), 1, 0)
    expect(viewer.acknowledge({ a: 4 }, 0)).toBe('freed')
    expect(kinds(viewer.pump('a', channel, 0))).toEqual(['delta 9', 'delta 10'])
    for (let i = 0; i < 9; i++) viewer.offer(channel.publish(), 1, 0)
    expect(viewer.acknowledge({ a: 10 }, 0)).toBe('freed')
    expect(kinds(viewer.pump('a', channel, 0))).toEqual(['snapshot 19'])
  })

  it('that goes on from a position gets every frame it was promised, in portions', () => {
    const channel = new TestChannel('a')
    for (let i = 0; i < 12; i++) channel.publish()
    const viewer = viewerOf(channel, { epoch: 1, sequence: 2 })
    expect(kinds(viewer.pump('a', channel, 0))).toEqual([3, 4, 5, 6, 7, 8, 9, 10].map((n) => `delta ${n}`))
    channel.publish()
    expect(viewer.acknowledge({ a: 10 }, 0)).toBe('freed')
    expect(kinds(viewer.pump('a', channel, 0))).toEqual([11, 12, 13, 14].map((n) => `delta ${n}`))
  })

  it('that does not fetch what it was promised before it is gone is cut', () => {
    const channel = new TestChannel('a')
    for (let i = 0; i < 12; i++) channel.publish()
    const viewer = viewerOf(channel, { epoch: 1, sequence: 2 })
    viewer.pump('a', channel, 0)
    for (let i = 0; i < 12; i++) channel.publish()
    viewer.acknowledge({ a: 10 }, 0)
    expect(viewer.pump('a', channel, 0)).toBe('slow')
  })

  it('gets a snapshot in a new epoch, also in the middle of what it was promised', () => {
    const channel = new TestChannel('a')
    for (let i = 0; i < 12; i++) channel.publish()
    const viewer = viewerOf(channel, { epoch: 1, sequence: 2 })
    viewer.pump('a', channel, 0)
    channel.restart()
    expect(viewer.offer(channel.publish(), 2, 0)).toBe(false)
    viewer.acknowledge({ a: 10 }, 0)
    expect(kinds(viewer.pump('a', channel, 0))).toEqual(['snapshot 2'])
  })

  it('whose history is not known gets a snapshot, and its acknowledgements are no offence', () => {
    const channel = new TestChannel('a')
    const viewer = new Viewer<TestFrame>(null, CREDIT)
    viewer.restore('a')
    expect(viewer.deadlineMs).toBeNull()
    expect(viewer.acknowledge({ a: 900 }, 0)).toBe('nothing')
    expect(viewer.offer(channel.publish(), 1, 0)).toBe(false)
    expect(kinds(viewer.pump('a', channel, 0))).toEqual(['snapshot 2'])
  })

  it('that owed an acknowledgement before its history was lost owes it at the same time still', () => {
    const channel = new TestChannel('a')
    const viewer = new Viewer<TestFrame>(null, CREDIT)
    viewer.restore('a')
    viewer.owe(20_000, { frames: 1, bytes: 1 })
    expect(viewer.deadlineMs).toBe(20_000)
    viewer.pump('a', channel, 10_000)
    expect(viewer.deadlineMs).toBe(20_000)
    expect(viewer.acknowledge({ nowhere: 1 }, 11_000)).toBe('nothing')
    expect(viewer.acknowledge({ a: 0 }, 12_000)).toBe('freed')
    expect(viewer.deadlineMs).toBe(12_000 + STREAM_LIMITS.ackWithinMs)
    expect(viewer.acknowledge({ a: 0 }, 13_000)).toBe('nothing')
    expect(viewer.acknowledge({ a: 1 }, 14_000)).toBe('freed')
    expect(viewer.deadlineMs).toBeNull()
  })

  it('that has used its credit before its history was lost has none until it acknowledges', () => {
    const channel = new TestChannel('a')
    const viewer = new Viewer<TestFrame>(null, CREDIT)
    viewer.restore('a')
    viewer.owe(20_000, { frames: CREDIT.frames, bytes: 1 })
    channel.publish()
    expect(viewer.pump('a', channel, 10_000)).toEqual([])
    expect(viewer.acknowledge({ a: 7 }, 12_000)).toBe('freed')
    expect(viewer.outstanding).toEqual({ frames: 0, bytes: 0 })
    expect(kinds(viewer.pump('a', channel, 12_000))).toEqual(['snapshot 2'])
  })

  it('that was promised frames before its history was lost is cut, for nobody knows which', () => {
    const channel = new TestChannel('a')
    for (let i = 0; i < 12; i++) channel.publish()
    const before = viewerOf(channel, { epoch: 1, sequence: 2 })
    before.pump('a', channel, 0)
    expect(before.promised).toEqual(['a'])
    const after = new Viewer<TestFrame>(null, CREDIT)
    after.restore('a', true)
    expect(after.promised).toEqual(['a'])
    expect(after.pump('a', channel, 0)).toBe('slow')
    before.acknowledge({ a: 10 }, 0)
    before.pump('a', channel, 0)
    expect(before.promised).toEqual([])
  })

  it('must subscribe within 5 s and acknowledge within 30 s of the first frame, then of its last word', () => {
    const channel = new TestChannel('a')
    const viewer = new Viewer<TestFrame>(1_000, CREDIT)
    expect(viewer.deadlineMs).toBe(1_000 + STREAM_LIMITS.subscribeWithinMs)
    viewer.asked()
    expect(viewer.deadlineMs).toBeNull()
    viewer.subscribe('a', null, null, 2_000)
    viewer.pump('a', channel, 2_000)
    viewer.offer(channel.publish(), 1, 3_000)
    expect(viewer.deadlineMs).toBe(2_000 + STREAM_LIMITS.ackWithinMs)
    viewer.acknowledge({ a: 1 }, 9_000)
    expect(viewer.deadlineMs).toBe(9_000 + STREAM_LIMITS.ackWithinMs)
    viewer.acknowledge({ a: 1 }, 10_000)
    expect(viewer.deadlineMs).toBe(9_000 + STREAM_LIMITS.ackWithinMs)
    viewer.acknowledge({ a: 2 }, 10_000)
    expect(viewer.deadlineMs).toBeNull()
  })

  it('owes no acknowledgement while it has no channel, but keeps what it was sent on its account', () => {
    const channel = new TestChannel('a')
    const viewer = viewerOf(channel)
    viewer.asked()
    viewer.pump('a', channel, 0)
    expect(viewer.unsubscribe('a')).toBe(true)
    expect(viewer.deadlineMs).toBeNull()
    viewer.subscribe('a', null, null, 100_000)
    expect(viewer.deadlineMs).toBe(100_000 + STREAM_LIMITS.ackWithinMs)
    expect(viewer.outstanding.frames).toBe(1)
  })

  it('acknowledging one channel acknowledges what was sent before on all of them', () => {
    const [a, b] = [new TestChannel('a'), new TestChannel('b')]
    const viewer = viewerOf(a)
    viewer.subscribe('b', null, null, 0)
    viewer.pump('a', a, 0)
    viewer.pump('b', b, 0)
    viewer.unsubscribe('a')
    expect(viewer.acknowledge({ b: 1 }, 0)).toBe('freed')
    expect(viewer.outstanding).toEqual({ frames: 0, bytes: 0 })
  })

  it('tells a frame that was never sent from one acknowledged before', () => {
    const channel = new TestChannel('a')
    const viewer = viewerOf(channel)
    viewer.pump('a', channel, 0)
    expect(viewer.acknowledge({ a: 2 }, 0)).toBe('bogus')
    expect(viewer.acknowledge({ a: 1, nowhere: 7 }, 0)).toBe('freed')
    expect(viewer.acknowledge({ a: 1 }, 0)).toBe('nothing')
    expect(viewer.acknowledge({ a: 0 }, 0)).toBe('nothing')
    viewer.unsubscribe('a')
    viewer.subscribe('a', null, null, 0)
    expect(viewer.acknowledge({ a: 1 }, 0)).toBe('nothing')
  })

  it('may send 30 control messages in any 10 s and two bad ones', () => {
    const viewer = new Viewer<TestFrame>(0, CREDIT)
    const admitted = Array.from({ length: 31 }, (_, i) => viewer.admitControl(i * 300))
    expect(admitted).toEqual([...Array.from({ length: 30 }, () => true), false])
    expect(viewer.admitControl(10_000)).toBe(true)
    expect(viewer.admitControl(10_001)).toBe(false)
    expect([viewer.admitBad(), viewer.admitBad(), viewer.admitBad()]).toEqual([true, true, false])
  })
})

/** Reads what was sent, strictly, and acknowledges as much of it as it is told to. */
class Reader {
  readonly held = new Map<string, Position>()
  #viewer = new Viewer<TestFrame>(0, CREDIT)
  #unread: TestFrame[] = []

  subscribe(channel: TestChannel, from: Position | null): void {
    const isRecovered = from !== null && channel.missing(from) !== null
    // Frames under way of the old subscription come first, as on a real socket, and must not stay unacknowledged.
    this.#acknowledge(this.#unread.length)
    if (isRecovered) this.held.set(channel.name, from)
    else this.held.delete(channel.name)
    this.#viewer.subscribe(channel.name, from, isRecovered ? channel.newest : null, 0)
    this.#pump(channel)
  }

  published(channel: TestChannel, frame: TestFrame): void {
    if (this.#viewer.offer(frame, channel.newest.epoch, 0)) this.#sent([frame])
    else this.#pump(channel)
  }

  acknowledge(channels: readonly TestChannel[], count: number): void {
    this.#acknowledge(count)
    for (const channel of channels) this.#pump(channel)
  }

  #acknowledge(count: number): void {
    this.#read(count)
    const positions = Object.fromEntries([...this.held].map(([name, { sequence }]) => [name, sequence]))
    demand(this.#viewer.acknowledge(positions, 0) !== 'bogus', 'no honest acknowledgement is an offence')
  }

  #pump(channel: TestChannel): void {
    const frames = this.#viewer.pump(channel.name, channel, 0)
    if (frames !== 'slow') return this.#sent(frames)
    // Cut, and back from nothing on a new socket.
    this.#viewer = new Viewer<TestFrame>(0, CREDIT)
    this.#unread = []
    this.held.clear()
    for (const name of ['a', 'b']) this.#viewer.subscribe(name, null, null, 0)
  }

  #sent(frames: readonly TestFrame[]): void {
    this.#unread.push(...frames)
    const { frames: count, bytes } = this.#viewer.outstanding
    demand(count <= CREDIT.frames && (count === 1 || bytes <= CREDIT.bytes), `credit, was ${count} ${bytes}`)
  }

  #read(count: number): void {
    for (const { kind, channel, epoch, sequence } of this.#unread.splice(0, count)) {
      const held = this.held.get(channel)
      const isNext = held?.epoch === epoch && held.sequence === sequence - 1
      const isNewer = held?.epoch !== epoch || held.sequence < sequence
      demand(
        kind === 'delta' ? isNext : isNewer,
        `${kind} ${epoch} ${sequence} after ${JSON.stringify(held)}`,
      )
      this.held.set(channel, { epoch, sequence })
    }
  }
}

function demand(isSo: boolean, what: string): void {
  if (!isSo) throw new Error(`expected ${what}`)
}

describe('whatever happens', () => {
  const event = fc.oneof(
    { weight: 6, arbitrary: fc.constant('publish' as const) },
    { weight: 3, arbitrary: fc.constant('acknowledge' as const) },
    { weight: 1, arbitrary: fc.constant('resume' as const) },
    { weight: 1, arbitrary: fc.constant('restart' as const) },
  )
  const events = fc.array(fc.tuple(event, fc.constantFrom(0, 1), fc.nat(20)), { maxLength: 300 })

  it('credit is never exceeded, frames follow each other, and a reader ends with the newest', () => {
    fc.assert(
      fc.property(events, (script) => {
        const channels = [new TestChannel('a'), new TestChannel('b')]
        const reader = new Reader()
        for (const channel of channels) reader.subscribe(channel, null)
        for (const [kind, which, number] of script) {
          const channel = channels[which] as TestChannel
          if (kind === 'publish') reader.published(channel, channel.publish())
          else if (kind === 'acknowledge') reader.acknowledge(channels, number)
          else if (kind === 'restart') channel.restart()
          else reader.subscribe(channel, { epoch: channel.newest.epoch, sequence: number })
        }
        for (const channel of channels) reader.published(channel, channel.publish())
        for (let i = 0; i < 10; i++) reader.acknowledge(channels, 1_000)
        expect([...reader.held].toSorted()).toEqual(channels.map(({ name, newest }) => [name, newest]))
      }),
      { numRuns: 300 },
    )
  })
})
