/** RegimeShift: everything the label is judged by, what decided it, and what it implies. */
import * as v from 'valibot'
import { fixedPercent, ratio, signedPoints } from '../../format/numbers.ts'
import type { ViewDefinition } from '../windowDefinition.ts'
import { parsed } from './parsed.ts'

const DriversSchema = v.array(v.object({ feature: v.string(), value: v.number(), decides: v.boolean() }))
const TextsSchema = v.array(v.string())

const sign = (value: number) => (value > 0 ? 'positive' : value < 0 ? 'negative' : 'zero')

const FEATURES: Readonly<Record<string, readonly [name: string, format: (value: number) => string]>> = {
  gammaSign: ['Net gamma', sign],
  flipDistanceSigmas: ['Distance from the flip, daily deviations', ratio],
  signAgreement: ['Agreement of sign models', fixedPercent],
  pull: ['Gamma at the magnet', fixedPercent],
  termSlopeVolPts: ['Slope of the term structure, vol points', signedPoints],
  vannaSign: ['Net vanna', sign],
  charmSign: ['Net charm', sign],
  realisedToImplied: ['Realised to implied volatility', ratio],
}

export const REGIME_SHIFT_VIEW: ViewDefinition = {
  text: 'Drivers',
  metric: 'drivers',
  draw: (value, { others }) => {
    const drivers = parsed(DriversSchema, value)
    if (drivers === null) return null
    return {
      label: `Table of ${drivers.length} drivers of the regime.`,
      table: {
        caption: 'Drivers of the regime',
        columns: ['Driver', 'Reading', 'Role'],
        rows: drivers.map(({ feature, value, decides }) => {
          const [name, format] = FEATURES[feature] ?? [feature, ratio]
          return [name, format(value), decides ? 'decides' : 'context']
        }),
      },
      option: null,
      remarks: parsed(TextsSchema, others['implications']?.value) ?? [],
    }
  },
}
