import { expect, it } from 'vitest'
import { QUALITY_FLAGS } from '#schemas/feed'
import { METRIC_FLAGS } from '#quant/metrics/flags'

it('every flag a metric can carry can travel in a frame', () => {
  expect(QUALITY_FLAGS).toEqual(expect.arrayContaining([...METRIC_FLAGS]))
})
