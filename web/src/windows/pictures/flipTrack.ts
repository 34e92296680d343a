/** FlipTrack: every price at which net gamma would change sign, with how far it is and how long it has stood. */
import * as v from 'valibot'
import { movingPrice, signedPercent, signedPoints } from '../../format/numbers.ts'
import { age } from '../../format/time.ts'
import type { ViewDefinition } from '../windowDefinition.ts'
import { orDash, parsed } from './parsed.ts'

const maybe = v.nullable(v.number())
const FlipsSchema = v.array(
  v.object({
    price: v.number(),
    slopePer1PctPerPoint: v.number(),
    isSignificant: v.boolean(),
    distancePct: maybe,
    ageMs: maybe,
    driftPerHour: maybe,
  }),
)

export const FLIP_TRACK_VIEW: ViewDefinition = {
  text: 'Flips',
  metric: 'flips',
  draw: (value) => {
    const flips = parsed(FlipsSchema, value)
    if (flips === null) return null
    return {
      label: `Table of ${flips.length} flips.`,
      table: {
        caption: 'Gamma flips, lowest first',
        columns: ['Flip', 'From spot', 'Standing', 'Per hour', 'Above'],
        rows: flips.map((flip) => [
          movingPrice(flip.price),
          orDash(flip.distancePct, (percent) => signedPercent(percent / 100)),
          orDash(flip.ageMs, age),
          orDash(flip.driftPerHour, signedPoints),
          meaningOf(flip),
        ]),
      },
      option: null,
      remarks: [
        flips.length === 0
          ? 'No crossing within 20 % of spot: net gamma keeps one sign.'
          : 'Under the sign model hedging dampens moves on the long side of a flip and amplifies them on the short side.',
      ],
    }
  },
}

function meaningOf({
  slopePer1PctPerPoint,
  isSignificant,
}: v.InferOutput<typeof FlipsSchema>[number]): string {
  if (!isSignificant) return 'negligible'
  return slopePer1PctPerPoint > 0 ? 'long' : 'short'
}
