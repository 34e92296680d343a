import { expect, test } from 'vitest'
import { decodeGammaFrame } from '#schemas/frame/codec'
import { SAMPLE_FRAME } from '#schemas/frame/sample'
import { compactFrame } from './compactFrame.ts'

const parsed = (frame = SAMPLE_FRAME): Record<string, unknown> =>
  JSON.parse(compactFrame(frame)('json') as string) as Record<string, unknown>

test('as JSON every field of the windows stands beside the totals', () => {
  const frame = parsed()
  expect(frame).toMatchObject({
    netGex: SAMPLE_FRAME.netGex,
    direction: 'buying',
    magnitude: 12.5,
    flowType: 'directional',
    pc1Level: 0.125,
    entropy: 4.0625,
    regime: 'long_gamma',
    confidence: 0.75,
    windowsAsOfMs: SAMPLE_FRAME.windows?.asOfMs,
    asOfMs: SAMPLE_FRAME.asOfMs,
  })
  expect(frame).not.toHaveProperty('windows')
})

test('before the windows were computed their fields are null, not missing', () => {
  const frame = parsed({ ...SAMPLE_FRAME, windows: null })
  expect(
    Object.keys(frame)
      .filter((name) => name !== 'windowsAsOfMs')
      .sort(),
  ).toEqual(
    Object.keys(parsed())
      .filter((name) => name !== 'windowsAsOfMs')
      .sort(),
  )
  expect(frame['regime']).toBeNull()
})

test('in bytes it is the frame, made once', () => {
  const encoded = compactFrame(SAMPLE_FRAME)
  expect(decodeGammaFrame(encoded('binary') as Uint8Array)).toEqual(SAMPLE_FRAME)
  expect(encoded('binary')).toBe(encoded('binary'))
})
