/** FlowRate: what customers bought and sold by way of options, per minute, over one, five and fifteen minutes. */
import * as v from 'valibot'
import { barOption } from '../../chart/barOption.ts'
import { axisMoney, signedCompactMoney } from '../../format/numbers.ts'
import type { Picture, PictureContext, Views } from '../windowDefinition.ts'
import { gappedNumbers, numbers, orDash, parsed } from './parsed.ts'

const FlowSchema = v.object({ minutes: numbers, perMinute: gappedNumbers })

export const FLOW_RATE_VIEWS: Views = [
  { text: 'Delta', metric: 'deltaFlow', draw: (value, context) => draw(value, 'Delta', context) },
  { text: 'Gamma', metric: 'gammaFlow', draw: (value, context) => draw(value, 'Gamma', context) },
  { text: 'Vega', metric: 'vegaFlow', draw: (value, context) => draw(value, 'Vega', context) },
]

function draw(value: unknown, name: string, { frame, unit }: PictureContext): Picture | null {
  const flow = parsed(FlowSchema, value)
  if (flow === null) return null
  const spans = flow.minutes.map((minutes) => `${minutes} min`)
  const money = (amount: number) => signedCompactMoney(amount, frame.currency)
  return {
    label: `Bar chart of ${name.toLowerCase()} flow over ${spans.join(', ')}: above zero is bought, below sold.`,
    legend: [
      { tone: 'call', text: 'bought by customers' },
      { tone: 'put', text: 'sold' },
    ],
    table: {
      caption: `${name} flow, ${unit}`,
      columns: ['Over', `${name} flow`],
      rows: spans.map((span, i) => [span, orDash(flow.perMinute[i], money)]),
    },
    option: (box) =>
      barOption(
        {
          categories: spans,
          series: [{ name: `${name} flow`, tone: 'sign', values: flow.perMinute }],
          axis: (amount) => axisMoney(amount, frame.currency),
          format: money,
        },
        box,
      ),
  }
}
