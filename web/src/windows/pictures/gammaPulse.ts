/** GammaPulse: the parts that net to the whole, side by side. */
import { barOption } from '../../chart/barOption.ts'
import { axisMoney, signedCompactMoney } from '../../format/numbers.ts'
import type { ViewDefinition } from '../windowDefinition.ts'
import { orDash } from './parsed.ts'

const PARTS = [
  ['totalCallGex', 'Calls'],
  ['totalPutGex', 'Puts'],
  ['belowSpotGex', 'Below'],
  ['aboveSpotGex', 'Above'],
  ['netGex', 'Net'],
] as const

export const GAMMA_PULSE_VIEW: ViewDefinition = {
  text: 'Parts of the net',
  metric: 'netGex',
  draw: (net, { frame, others, unit }) => {
    if (typeof net !== 'number') return null
    const values = PARTS.map(([name]) => {
      const value = others[name]?.value
      return typeof value === 'number' ? value : null
    })
    const money = (amount: number) => signedCompactMoney(amount, frame.currency)
    return {
      label: 'Bar chart of calls and puts, below and above spot, and net.',
      table: {
        caption: `Parts of the net gamma exposure, ${unit}`,
        columns: ['Part', 'Gamma exposure'],
        rows: PARTS.map(([, text], i) => [text, orDash(values[i], money)]),
      },
      option: (box) =>
        barOption(
          {
            categories: PARTS.map(([, text]) => text),
            series: [{ name: 'Gamma exposure', tone: 'sign', values }],
            axis: (amount) => axisMoney(amount, frame.currency),
            format: money,
          },
          box,
        ),
    }
  },
}
