/** The picture in one sentence, worded as the assumption it is. */
import type { GammaFrame } from '#schemas/frame/gamma'
import { reasonText } from '../format/reasonText.ts'
import { movingPrice, percent, signedCompactMoney } from '../format/numbers.ts'

export function reading(frame: GammaFrame): string {
  const { netGex, nearestFlip, spotPrice, currency } = frame
  if (netGex === null) return `No net exposure: ${reasonText(frame.reasons.netGex).toLowerCase()}.`
  if (spotPrice === null) return `No spot: ${reasonText(frame.reasons.spotPrice).toLowerCase()}.`
  const money = signedCompactMoney(netGex, currency)
  const effect = netGex >= 0 ? 'hedging would dampen moves' : 'hedging would amplify moves'
  const stance = `Net ${money} per 1 % move: under the usual assumption ${effect}.`
  if (nearestFlip === null) return `${stance} No flip in range.`
  const side = nearestFlip >= spotPrice ? 'above' : 'below'
  const distance = percent(Math.abs(nearestFlip / spotPrice - 1))
  return `${stance} The flip at ${movingPrice(nearestFlip)} is ${distance} ${side} spot.`
}
