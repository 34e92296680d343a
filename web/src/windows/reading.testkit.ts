/** Readings of metrics, and the surroundings of a picture, for tests. */
import { gammaFrame } from '#client/stream/frames.testkit'
import type { MetricReading } from '#schemas/rest/metrics'
import type { ChartBox } from '../chart/Chart.tsx'
import { marketZone } from '../format/time.ts'
import type { PictureContext } from './windowDefinition.ts'

export function reading(fields: Partial<MetricReading> = {}): MetricReading {
  return {
    value: 1,
    unit: 'USD',
    method: 'test@1',
    model: null,
    quality: 98,
    flags: [],
    band: null,
    asOf: '2026-11-20T15:30:00.000Z',
    reason: null,
    ...fields,
  }
}

export const AS_OF_MS = Date.parse('2026-11-20T15:30:00Z')
export const DAY_MS = 86_400_000

export function context(fields: Partial<PictureContext> = {}): PictureContext {
  return {
    frame: gammaFrame(),
    zone: marketZone('USD'),
    asOfMs: AS_OF_MS,
    unit: 'USD',
    others: {},
    ...fields,
  }
}

const NAMES = ['call', 'put', 'net', 'spot', 'flip', 'magnet', 'text', 'muted', 'line', 'panel'] as const

export const BOX: ChartBox = {
  width: 600,
  height: 240,
  isAnimated: false,
  palette: Object.fromEntries(NAMES.map((name, i) => [name, `rgb(${i}, 0, 0)`])) as ChartBox['palette'],
}
