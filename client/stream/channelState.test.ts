import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { snapshotOf } from '#schemas/stream/snapshot'
import {
  NOTHING_HELD,
  stepChannel,
  type ChannelEffect,
  type ChannelEvent,
  type ChannelState,
} from './channelState.ts'
import { isNewer } from './framePosition.ts'
import { deltaAt, frameAt } from './history.testkit.ts'

const channel = 'gamma.SPX'
const snapshot = (epoch: number, sequence: number) => snapshotOf(frameAt(epoch, sequence))
const answer = (recovered: boolean, epoch = 1, sequence = 5) =>
  ({ type: 'subscribed', channel, epoch, sequence, recovered }) as const
const CONNECTED = { type: 'connected' } as const

function viewer(...events: ChannelEvent[]) {
  let state: ChannelState = NOTHING_HELD
  const send = (...more: ChannelEvent[]): ChannelEffect[] =>
    more.flatMap((event) => {
      const next = stepChannel(state, event)
      state = next.state
      return next.effects
    })
  send(...events)
  return { send, state: () => state }
}

/** Holds and shows frame 5 of epoch 1. */
const live = () => viewer(CONNECTED, answer(false), snapshot(1, 5))
const subscribe = (epoch: number, sequence: number) => ({ kind: 'subscribe', from: { epoch, sequence } })
const fresh = { kind: 'subscribe', from: null }
const shows = (epoch: number, sequence: number, isCatchUp = false) => ({
  kind: 'frame',
  frame: frameAt(epoch, sequence),
  isCatchUp,
})

describe('in order', () => {
  test('a snapshot, then every delta, gives the server’s frames exactly', () => {
    const v = viewer()
    expect(v.send(CONNECTED)).toEqual([fresh])
    expect(v.send(answer(false), snapshot(1, 5), deltaAt(1, 6), deltaAt(1, 7))).toEqual([
      shows(1, 5),
      shows(1, 6),
      shows(1, 7),
    ])
    expect(v.state().held).toEqual(frameAt(1, 7))
  })

  test('a snapshot of a later frame or epoch replaces what is held', () => {
    expect(live().send(snapshot(1, 9), deltaAt(1, 10))).toEqual([shows(1, 9), shows(1, 10)])
    expect(live().send(snapshot(2, 1), deltaAt(2, 2))).toEqual([shows(2, 1), shows(2, 2)])
  })

  test('what is old is dropped', () => {
    const v = live()
    expect(v.send(deltaAt(1, 5), deltaAt(1, 3), snapshot(1, 5), snapshot(1, 2))).toEqual([])
    expect(v.state().counts.superseded).toBe(4)
  })
})

describe('at the cadence of one frame in a while', () => {
  const thinned = (previous: number, sequence: number) => deltaAt(1, sequence, 'SPX', previous)
  const showsThinned = (previous: number, sequence: number, isCatchUp = false) => ({
    kind: 'frame',
    frame: frameAt(1, sequence, 'SPX', previous),
    isCatchUp,
  })

  test('each frame follows the one before it in this stream, and nothing is missing', () => {
    const v = live()
    expect(v.send(thinned(5, 7), thinned(7, 10))).toEqual([showsThinned(5, 7), showsThinned(7, 10)])
    expect(v.state().counts).toMatchObject({ gaps: 0, mismatches: 0 })
  })

  test('the next number is a gap when it does not follow what is held', () => {
    const v = live()
    v.send(thinned(5, 7))
    expect(v.send(thinned(6, 8))).toEqual([subscribe(1, 7)])
  })

  test('an interruption is caught up from the frame held, to where this stream stood', () => {
    const v = live()
    v.send(thinned(5, 7))
    expect(v.send(CONNECTED)).toEqual([subscribe(1, 7)])
    v.send(answer(true, 1, 12))
    expect(v.send(thinned(7, 9), thinned(9, 12))).toEqual([showsThinned(7, 9, true), showsThinned(9, 12)])
  })

  test('the server’s word of where this stream stands is no gap', () => {
    const v = live()
    v.send(thinned(5, 7))
    expect(v.send({ type: 'position', position: { epoch: 1, sequence: 7 } })).toEqual([])
  })
})

describe('what is missing', () => {
  test('a gap is asked for once, from the position held', () => {
    const v = live()
    expect(v.send(deltaAt(1, 8), deltaAt(1, 9))).toEqual([subscribe(1, 5)])
    expect(v.send(answer(true, 1, 9), deltaAt(1, 6))).toEqual([
      { kind: 'resumed', recovered: true },
      shows(1, 6, true),
    ])
    expect(v.state().counts).toMatchObject({ gaps: 2, resumes: 1, recovered: 1 })
  })

  test('a delta of another epoch is no news of this one', () => {
    const v = live()
    expect(v.send(deltaAt(2, 6))).toEqual([subscribe(1, 5)])
    expect(v.send(answer(false, 2, 6), snapshot(2, 6))).toEqual([
      { kind: 'resumed', recovered: false },
      shows(2, 6),
    ])
    expect(v.send(deltaAt(1, 6))).toEqual([])
  })

  test('a delta that does not leave its checksum: nothing held is believed any more', () => {
    const v = live()
    expect(v.send({ ...deltaAt(1, 6), checksum: 1 })).toEqual([fresh])
    expect(v.state().held).toBeNull()
    expect(v.send(answer(false, 1, 6), snapshot(1, 6))).toEqual([shows(1, 6)])
  })

  test('a damaged snapshot is not shown', () => {
    const v = viewer(CONNECTED, answer(false))
    expect(v.send({ ...snapshot(1, 5), checksum: 1 })).toEqual([fresh])
    expect(v.state().counts.mismatches).toBe(1)
  })

  test('the server’s word of a later position', () => {
    const at = (sequence: number): ChannelEvent => ({ type: 'position', position: { epoch: 1, sequence } })
    const v = live()
    expect(v.send(at(5), at(0))).toEqual([])
    expect(v.send(at(6), at(7))).toEqual([subscribe(1, 5)])
  })

  test('asking again is given up for a new connection', () => {
    const v = viewer(CONNECTED)
    const damaged = { ...snapshot(1, 5), checksum: 1 }
    const kinds = [1, 2, 3, 4].flatMap(() => v.send(answer(false), damaged).map(({ kind }) => kind))
    expect(kinds).toEqual(['subscribe', 'subscribe', 'subscribe', 'reconnect'])
  })
})

describe('interruptions', () => {
  test('are caught up honestly: what was missed is marked, up to where the stream stood', () => {
    const v = live()
    expect(v.send(CONNECTED)).toEqual([subscribe(1, 5)])
    expect(v.send(answer(true, 1, 7), deltaAt(1, 6), deltaAt(1, 7), deltaAt(1, 8))).toEqual([
      { kind: 'resumed', recovered: true },
      shows(1, 6, true),
      shows(1, 7),
      shows(1, 8),
    ])
  })

  test('outside the window the picture jumps, and the viewer is told', () => {
    const v = live()
    v.send(CONNECTED)
    expect(v.send(answer(false, 1, 900), snapshot(1, 900))).toEqual([
      { kind: 'resumed', recovered: false },
      shows(1, 900),
    ])
  })

  test('a server that lags is followed, but shown only when it has caught up', () => {
    const v = live()
    v.send(CONNECTED, answer(false, 1, 3), snapshot(1, 3))
    expect(v.state().held).toEqual(frameAt(1, 3))
    expect(v.send(deltaAt(1, 4), deltaAt(1, 5), deltaAt(1, 6))).toEqual([{ kind: 'current' }, shows(1, 6)])
  })

  test('a channel that does not exist is not asked for again', () => {
    const v = viewer(CONNECTED)
    const refusal = { type: 'error', code: 'unknown_channel', detail: 'no such symbol', channel } as const
    expect(v.send(refusal)).toEqual([{ kind: 'refused', code: 'unknown_channel', detail: 'no such symbol' }])
    expect(v.send(deltaAt(1, 6), refusal)).toEqual([])
  })
})

const position = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 2, max: 12 }))
const anyMessage: fc.Arbitrary<ChannelEvent> = fc.oneof(
  { weight: 8, arbitrary: position.map(([epoch, sequence]) => deltaAt(epoch, sequence)) },
  { weight: 3, arbitrary: position.map(([epoch, sequence]) => snapshot(epoch, sequence)) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.boolean(), position)
      .map(([recovered, [epoch, sequence]]) => answer(recovered, epoch, sequence)),
  },
  {
    weight: 1,
    arbitrary: position.map(([epoch, sequence]) => ({ ...deltaAt(epoch, sequence), checksum: 7 })),
  },
  {
    weight: 1,
    arbitrary: position.map(([epoch, sequence]) => ({
      type: 'position' as const,
      position: { epoch, sequence },
    })),
  },
  fc.constantFrom<ChannelEvent>(CONNECTED, { type: 'unsubscribed', channel }),
)

test('whatever comes in whatever order: what is held is the server’s, what is shown never goes back', () => {
  fc.assert(
    fc.property(fc.array(anyMessage, { maxLength: 80 }), (events) => {
      let state: ChannelState = NOTHING_HELD
      for (const event of events) {
        const { shown } = state
        const next = stepChannel(state, event)
        state = next.state
        const { held } = state
        expect(held).toEqual(held && frameAt(held.epoch, held.sequence))
        for (const effect of next.effects) {
          if (effect.kind !== 'frame') continue
          expect(isNewer(effect.frame, shown)).toBe(true)
          expect(effect.frame).toBe(state.held)
        }
      }
    }),
    { numRuns: 300 },
  )
})
