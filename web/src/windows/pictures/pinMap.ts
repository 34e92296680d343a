/** PinMap: spot, magnet and the other levels as a ladder, highest first. */
import type { GammaFrame } from '#schemas/frame/gamma'
import { movingPrice, signedPercent, strikePrice } from '../../format/numbers.ts'
import { GLOSSARY } from '../../levels/glossary.ts'
import type { ViewDefinition } from '../windowDefinition.ts'

const LEVELS = ['callWall', 'putWall', 'absGammaStrike', 'maxPain', 'nearestFlip'] as const

export const PIN_MAP_VIEW: ViewDefinition = {
  text: 'Ladder',
  metric: 'magnetStrike',
  draw: (magnet, { frame }) => {
    if (typeof magnet !== 'number') return null
    const spot = frame.spotPrice
    return {
      label: 'Ladder of price levels, highest first.',
      table: {
        caption: 'Price levels, highest first',
        columns: ['Level', 'Price', 'From spot'],
        rows: rungs(frame, magnet).map(({ name, price, isMoving }) => [
          name,
          isMoving ? movingPrice(price) : strikePrice(price),
          spot === null || name === SPOT ? '' : signedPercent(price / spot - 1),
        ]),
      },
      option: null,
    }
  },
}

const SPOT = 'Spot'

interface Rung {
  readonly name: string
  readonly price: number
  readonly isMoving: boolean
}

/** Levels at the same price share a rung. */
export function rungs(frame: GammaFrame, magnet: number): Rung[] {
  const levels = LEVELS.flatMap((field): Rung[] => {
    const price = frame[field]
    return price === null ? [] : [{ name: GLOSSARY[field].label, price, isMoving: field === 'nearestFlip' }]
  })
  const spot = frame.spotPrice === null ? [] : [{ name: SPOT, price: frame.spotPrice, isMoving: true }]
  const byPrice = new Map<number, Rung>()
  for (const rung of [...spot, { name: 'Magnet', price: magnet, isMoving: false }, ...levels]) {
    const held = byPrice.get(rung.price)
    byPrice.set(
      rung.price,
      held === undefined ? rung : { ...held, name: `${held.name}, ${rung.name.toLowerCase()}` },
    )
  }
  return [...byPrice.values()].sort((a, b) => b.price - a.price)
}
