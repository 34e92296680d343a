import * as fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import type { GammaFrame } from '#schemas/frame/gamma'
import { SAMPLE_FRAME } from '#schemas/frame/sample'
import { WebhookEventSchema, type MarketEvent } from '#schemas/webhookEvents'
import { metaOf } from '../symbol/views/restViews.ts'
import { marketEventId, SILENT_MS, watchLevels, type SeenLevels } from './levelEvents.ts'

const START_MS = Date.UTC(2026, 10, 20, 15)
/** Above everything, gamma positive: zero gamma at 6,400, put wall 6,300, call wall 6,700. */
const CALM: Partial<GammaFrame> = {
  spotPrice: 6_500,
  nearestFlip: 6_400,
  flips: [{ price: 6_400, slope: 1e6 }],
  netGex: 1e9,
  totalCallGex: 4e9,
  totalPutGex: -3e9,
  quality: { ...SAMPLE_FRAME.quality, freshness: 'fresh', flags: [] },
}

/** Walls stand on their own side of spot, as in real frames, unless `changes` says otherwise. */
function frame(changes: Partial<GammaFrame>, second: number): GammaFrame {
  const atMs = START_MS + second * 1_000
  const spot = changes.spotPrice ?? 6_500
  const callWall = [6_700, 6_800].find((strike) => strike >= spot) ?? null
  const putWall = [6_300, 6_200].find((strike) => strike <= spot) ?? null
  const clock = { asOfMs: atMs, publishedMs: atMs, sequence: second + 1 }
  return { ...SAMPLE_FRAME, ...CALM, callWall, putWall, ...clock, ...changes }
}

/** One frame per minute, so that nothing is silent because it has just spoken. */
function eventsOf(changes: readonly Partial<GammaFrame>[], everySeconds = 60): MarketEvent[] {
  let seen: SeenLevels = {}
  return changes.flatMap((change, i) => {
    const step = watchLevels(seen, frame(change, i * everySeconds), metaOf)
    seen = step.seen
    return step.events
  })
}
const inShort = (events: readonly MarketEvent[]) =>
  events.map(({ type, data }) =>
    type === 'level.crossed' ? `${data.level} ${data.side} by ${data.movedBy}` : `regime ${data.regime}`,
  )
const spots = (...prices: number[]) => prices.map((spotPrice) => ({ spotPrice }))

describe('a wall', () => {
  it('is told when spot goes beyond it, and not before anything is known', () => {
    expect(inShort(eventsOf(spots(6_690, 6_710, 6_720)))).toEqual(['callWall above by spot'])
    expect(inShort(eventsOf(spots(6_310, 6_290, 6_280)))).toEqual(['putWall below by spot'])
    expect(eventsOf(spots(6_710))).toEqual([])
  })

  it('says which stood and which stands, with the quality, as the model has it', () => {
    const [event] = eventsOf(spots(6_690, 6_710))
    expect(v.parse(WebhookEventSchema, event)).toEqual(event)
    expect(event).toMatchObject({
      type: 'level.crossed',
      timestamp: '2026-11-20T15:01:00.000Z',
      data: {
        price: 6_700,
        spotPrice: 6_710,
        levels: { callWall: 6_800, putWall: 6_300, zeroGamma: 6_400 },
        previous: { asOf: '2026-11-20T15:00:00.000Z', price: 6_700, spotPrice: 6_690 },
        meta: { asOf: '2026-11-20T15:01:00.000Z', quality: { freshness: 'fresh' } },
      },
    })
  })

  it('is told again only after spot was clear of it again', () => {
    // 0.05 % of 6,700 are 3.35 points.
    expect(eventsOf(spots(6_690, 6_701, 6_699, 6_703, 6_698, 6_696))).toEqual([])
    expect(eventsOf(spots(6_690, 6_703, 6_704))).toHaveLength(1)
    expect(eventsOf(spots(6_690, 6_704, 6_698, 6_704, 6_698, 6_704))).toHaveLength(1)
    expect(eventsOf(spots(6_690, 6_704, 6_696, 6_704))).toHaveLength(2)
  })

  it('that moves without spot is not crossed, and the one that stands last counts', () => {
    const walls = [6_700, 6_550, 6_700, 6_600].map((callWall) => ({ callWall }))
    expect(eventsOf(walls)).toEqual([])
    expect(inShort(eventsOf([...walls, { spotPrice: 6_610 }]))).toEqual(['callWall above by spot'])
  })

  it('that is the last one is told, and the next that stands is watched', () => {
    expect(eventsOf(spots(6_790, 6_810, 6_820, 6_790, 6_810))).toHaveLength(2)
  })

  it('that is broken and stands again every second is told twice a minute at most', () => {
    const restless = Array.from({ length: 60 }, (_, i) => ({ spotPrice: i % 2 === 0 ? 6_690 : 6_710 }))
    expect(eventsOf(restless, 1)).toHaveLength(2)
  })
})

describe('zero gamma', () => {
  it('is told by its own crossing', () => {
    expect(inShort(eventsOf(spots(6_410, 6_390)))).toEqual(['zeroGamma below by spot'])
  })

  it('is told when it jumps over a spot that stands still', () => {
    const flips = [{ price: 6_600, slope: 1e6 }]
    expect(inShort(eventsOf([{}, { nearestFlip: 6_600, flips }]))).toEqual(['zeroGamma below by level'])
  })

  it('that jumps to and fro is told once, and where it stands when that is over', () => {
    const high = { nearestFlip: 6_600, flips: [{ price: 6_600, slope: 1e6 }] }
    const jumping = Array.from({ length: 29 }, (_, i) => (i % 2 === 0 ? {} : high))
    expect(inShort(eventsOf(jumping, 1))).toEqual(['zeroGamma below by level'])
    const settled = Array.from({ length: 20 }, () => ({}))
    expect(inShort(eventsOf([...jumping, ...settled], 1))).toEqual([
      'zeroGamma below by level',
      'zeroGamma above by level',
    ])
  })

  it('is not told when another crossing becomes the nearer one', () => {
    const lower = { price: 6_400, slope: 1e6 }
    const upper = { price: 6_600, slope: -1e6 }
    const nearLower = { spotPrice: 6_490, nearestFlip: 6_400, flips: [lower, upper] }
    const nearUpper = { spotPrice: 6_510, nearestFlip: 6_600, flips: [upper, lower] }
    expect(eventsOf([nearLower, nearUpper, nearLower])).toEqual([])
    const beyond = { spotPrice: 6_610, nearestFlip: 6_600, flips: [upper, lower] }
    expect(inShort(eventsOf([nearLower, nearUpper, beyond]))).toEqual(['zeroGamma above by spot'])
  })
})

describe('the regime', () => {
  it('is told when net gamma changes its sign by more than noise', () => {
    const nets = [1e9, 1e8, -1e8, -2e8, 1e8, 2e8].map((netGex) => ({ netGex }))
    expect(inShort(eventsOf(nets))).toEqual(['regime negative', 'regime positive'])
  })
})

describe('what is not to be trusted', () => {
  const quality = (changes: Partial<GammaFrame['quality']>) => ({
    quality: { ...frame({}, 0).quality, ...changes },
  })
  it.each([
    ['stale', quality({ freshness: 'stale' })],
    ['of a closed market', quality({ freshness: 'closed' })],
    ['without a price', { spotPrice: null }],
    ['of an old price', quality({ flags: ['STALE_SPOT'] })],
    ['of a part of the chain', quality({ flags: ['LOW_COV'] })],
    ['without open interest', quality({ flags: ['OI_MISSING'] })],
  ])('says nothing: a frame that is %s', (_, changes) => {
    const crossed = { spotPrice: 6_710, netGex: -1e9, nearestFlip: 6_800 }
    const { seen } = watchLevels({}, frame({}, 0), metaOf)
    const step = watchLevels(seen, frame({ ...crossed, ...changes }, 60), metaOf)
    expect(step).toEqual({ seen, events: [], hasChanged: false })
  })

  it('says nothing: a level that is null, and what was known of it stays', () => {
    const gone = { callWall: null, putWall: null, nearestFlip: null, flips: [], netGex: null }
    expect(eventsOf([{}, gone, {}])).toEqual([])
    expect(inShort(eventsOf([{}, gone, { spotPrice: 6_710 }]))).toEqual(['callWall above by spot'])
  })

  it('says nothing: what was known of a market that was another kind of feed', () => {
    expect(eventsOf([{ feed: 'synthetic' }, { feed: 'live', spotPrice: 6_710 }])).toEqual([])
  })

  it('is said of what is synthetic or delayed, in the event', () => {
    const flags: GammaFrame['quality']['flags'] = ['SYNTHETIC', 'FORWARD_FALLBACK']
    const [event] = eventsOf([{}, { spotPrice: 6_710, ...quality({ flags }) }])
    expect(event?.data.meta.quality.flags).toEqual(flags)
  })
})

describe('over any frames', () => {
  const anyFrame = fc.record({
    spotPrice: fc.option(fc.integer({ min: 6_200, max: 6_800 }), { freq: 10 }),
    walls: fc.tuple(fc.option(fc.nat(2)), fc.option(fc.nat(2))),
    netGex: fc.option(fc.integer({ min: -1e9, max: 1e9 }), { freq: 10 }),
    isFresh: fc.boolean(),
  })
  const histories = fc.array(fc.tuple(anyFrame, fc.integer({ min: 1, max: 20 })), { maxLength: 60 })

  it('a level alternates, is silent after it spoke, and outlives the process by what has to be stored', () => {
    fc.assert(
      fc.property(histories, (history) => {
        let second = 0
        let seen: SeenLevels = {}
        let stored: SeenLevels = {}
        const told: MarketEvent[] = []
        for (const [{ isFresh, walls, ...given }, seconds] of history) {
          const changes = { ...given, ...wallsAround(given.spotPrice ?? 6_500, walls) }
          second += seconds
          const quality = { ...frame({}, 0).quality, freshness: isFresh ? 'fresh' : 'stale' } as const
          const next = frame({ ...changes, quality }, second)
          const step = watchLevels(seen, next, metaOf)
          const restarted = watchLevels(stored, next, metaOf)
          const signs = (events: readonly MarketEvent[]) => events.map(marketEventId)
          expect(signs(restarted.events)).toEqual(signs(step.events))
          seen = step.seen
          if (step.hasChanged) stored = JSON.parse(JSON.stringify(step.seen)) as SeenLevels
          told.push(...step.events)
        }
        const byLevel = Map.groupBy(told, ({ type, data }) => (type === 'level.crossed' ? data.level : type))
        const walls = [...(byLevel.get('callWall') ?? []), ...(byLevel.get('putWall') ?? [])]
        expect(walls.filter((event) => !isBroken(event))).toEqual([])
        for (const events of byLevel.values()) {
          for (const [i, event] of events.slice(1).entries()) {
            const before = events[i]
            if (before === undefined) throw new Error('expected an event')
            expect(Date.parse(event.timestamp) - Date.parse(before.timestamp)).toBeGreaterThanOrEqual(
              SILENT_MS,
            )
          }
        }
        for (const what of ['zeroGamma', 'regime.changed'] as const) {
          const sides = (byLevel.get(what) ?? []).map(sideOf)
          expect(sides.filter((side, i) => side === sides[i - 1])).toEqual([])
        }
        expect(new Set(told.map(marketEventId)).size).toBe(told.length)
      }),
      { numRuns: 300, seed: 7 },
    )
  })

  /** The next but `n` strikes of a hundred above and below; null where there is none. */
  const wallsAround = (spot: number, [above, below]: readonly [number | null, number | null]) => ({
    callWall: above === null ? null : Math.ceil(spot / 100) * 100 + above * 100,
    putWall: below === null ? null : Math.floor(spot / 100) * 100 - below * 100,
  })
  const isBroken = ({ type, data }: MarketEvent) =>
    type === 'level.crossed' &&
    data.movedBy === 'spot' &&
    (data.level === 'callWall' ? data.spotPrice > data.price : data.spotPrice < data.price)
  const sideOf = ({ type, data }: MarketEvent) => (type === 'level.crossed' ? data.side : data.regime)
})

describe('the id of an event', () => {
  it('has no full stop, whatever the symbol', () => {
    const [event] = eventsOf([{ symbol: 'BRK.B' }, { symbol: 'BRK.B', spotPrice: 6_710 }])
    if (event === undefined) throw new Error('expected an event')
    expect(marketEventId(event)).toMatch(/^evt_BRK_B-\d+-61-callWall$/)
  })
})
