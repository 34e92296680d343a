import { expect, test } from 'vitest'
import * as v from 'valibot'
import { gammaFrame } from '#client/stream/frames.testkit'
import { GammaFrameSchema } from '#schemas/frame/gamma'
import type { Exposure, Levels } from '#schemas/rest/models'
import { exposureGreeks } from './exposure.testkit.ts'
import { frameFromLevels, frameFromRest } from './frameFromRest.ts'

const frame = gammaFrame()
const meta: Levels['meta'] = { ...frame, asOf: new Date(frame.asOfMs).toISOString() }
const levels: Levels = {
  data: {
    ...frame,
    flipsWithin90Days: [],
    flipsFrontExpiry: [],
    maxPain: { '2026-12-18T21:00:00.000Z': 6400, '2026-11-20T21:00:00.000Z': 6475 },
  },
  meta,
}
const front: Exposure['data']['expiries'][number] = {
  expiry: new Date(frame.frontExpiryMs ?? 0).toISOString(),
  daysToExpiry: 0.3,
  contracts: 4,
  priced: 4,
  forward: 6490,
  discount: 1,
  forwardSource: 'parity',
  callGex: 1,
  putGex: -1,
  netGex: 0,
  atmVol: 0.1,
  maxPain: frame.maxPain,
  greeks: null,
}
const exposure: Exposure = { data: { ...frame, ...exposureGreeks(), expiries: [front] }, meta }

test('exposure and levels together say what the stream says', () => {
  // Exactly: what an answer holds besides a frame must not ride along.
  expect(frameFromRest(exposure, levels)).toEqual({ ...frame, previous: 0, publishedMs: frame.asOfMs })
})

test('levels alone are a valid frame whose exposures say why they are missing', () => {
  const partial = frameFromLevels(levels)
  expect(v.is(GammaFrameSchema, partial)).toBe(true)
  expect(partial).toMatchObject({ netGex: null, callWall: 6550, maxPain: 6475, distanceToMagnet: 9.5 })
  expect(partial.reasons).toMatchObject({ netGex: 'upgrade_required', pcrVolume: 'no_volume' })
})
