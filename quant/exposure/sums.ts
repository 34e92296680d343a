import type { Chain } from '../chain/chain.ts'

/** One per-row exposure, summed. Every figure is in the unit of the rows. */
export interface ExposureSums {
  call: number
  put: number
  net: number
  /** Net of strikes above spot, and below; a strike exactly at spot counts half to each. */
  aboveSpot: number
  belowSpot: number
  /** Indexed like `Chain.strikes`. */
  readonly callByStrike: Float64Array
  readonly putByStrike: Float64Array
  /** Indexed like `Chain.expiryMs`. */
  readonly callByExpiry: Float64Array
  readonly putByExpiry: Float64Array
}

export function createExposureSums(chain: Chain): ExposureSums {
  return {
    call: 0,
    put: 0,
    net: 0,
    aboveSpot: 0,
    belowSpot: 0,
    callByStrike: new Float64Array(chain.strikeCount),
    putByStrike: new Float64Array(chain.strikeCount),
    callByExpiry: new Float64Array(chain.expiryCount),
    putByExpiry: new Float64Array(chain.expiryCount),
  }
}

/**
 * Sums `rows` by strike, by expiry and in total. On rows that lie on the exact grid (`exactSum.ts`) the three agree
 * bit for bit, and so do `aboveSpot + belowSpot` and `net`.
 */
export function sumExposure(chain: Chain, spot: number, rows: Float64Array, sums: ExposureSums): void {
  const { strikeIndex, callSign, expiryStart } = chain
  const { callByStrike, putByStrike, callByExpiry, putByExpiry } = sums
  callByStrike.fill(0)
  putByStrike.fill(0)
  sums.call = 0
  sums.put = 0
  for (let e = 0; e < chain.expiryCount; e++) {
    let call = 0
    let put = 0
    for (let row = expiryStart[e] as number; row < (expiryStart[e + 1] as number); row++) {
      const value = rows[row] as number
      const k = strikeIndex[row] as number
      if ((callSign[row] as number) > 0) {
        call += value
        callByStrike[k] = (callByStrike[k] as number) + value
      } else {
        put += value
        putByStrike[k] = (putByStrike[k] as number) + value
      }
    }
    callByExpiry[e] = call
    putByExpiry[e] = put
    sums.call += call
    sums.put += put
  }
  sums.net = sums.call + sums.put
  splitAtSpot(chain, spot, sums)
}

function splitAtSpot(chain: Chain, spot: number, sums: ExposureSums): void {
  const { strikes } = chain
  sums.aboveSpot = 0
  sums.belowSpot = 0
  for (let k = 0; k < strikes.length; k++) {
    const net = (sums.callByStrike[k] as number) + (sums.putByStrike[k] as number)
    const strike = strikes[k] as number
    if (strike > spot) sums.aboveSpot += net
    else if (strike < spot) sums.belowSpot += net
    else {
      sums.aboveSpot += 0.5 * net
      sums.belowSpot += 0.5 * net
    }
  }
}
