import type { Chain } from '../chain/chain.ts'
import { finiteGammaExposure, localGammaExposure } from './gammaExposure.ts'
import { fillSignedWeights, type SignModelId } from './signModel.ts'
import { createExposureSums, sumExposure, type ExposureSums } from './sums.ts'

/** Every gamma exposure of a chain, in buffers that live as long as the chain. */
export interface GammaMeasure {
  /** Signed contracts by open interest; what the profile and its flips are weighted with. */
  readonly signedOpenInterest: Float64Array
  /** Local exposure weighted by open interest: signed by the model, and unsigned (the mass walls are ranked by). */
  readonly local: ExposureSums
  readonly mass: ExposureSums
  /** Finite-move exposure, signed; the unsigned rows are kept for the magnet. */
  readonly finite: ExposureSums
  readonly finiteMassRows: Float64Array
  /** Local exposure weighted by the session's volume instead of open interest, signed. */
  readonly byVolume: ExposureSums
  readonly scratch: Float64Array
  readonly unsigned: Float64Array
}

export function createGammaMeasure(chain: Chain): GammaMeasure {
  const rows = (): Float64Array => new Float64Array(chain.count)
  const sums = (): ExposureSums => createExposureSums(chain)
  return {
    signedOpenInterest: rows(),
    local: sums(),
    mass: sums(),
    finite: sums(),
    finiteMassRows: rows(),
    byVolume: sums(),
    scratch: rows(),
    unsigned: rows(),
  }
}

/** Fills the measure from the chain's greeks at `spot`. */
export function measureGamma(chain: Chain, spot: number, model: SignModelId, measure: GammaMeasure): void {
  const { signedOpenInterest, unsigned, scratch, finiteMassRows } = measure
  fillSignedWeights(chain, model, chain.openInterest, signedOpenInterest)
  fillSignedWeights(chain, 'M0', chain.openInterest, unsigned)

  localGammaExposure(chain, spot, signedOpenInterest, scratch)
  sumExposure(chain, spot, scratch, measure.local)
  localGammaExposure(chain, spot, unsigned, scratch)
  sumExposure(chain, spot, scratch, measure.mass)

  finiteGammaExposure(chain, spot, unsigned, finiteMassRows)
  for (let row = 0; row < chain.count; row++) {
    scratch[row] =
      (signedOpenInterest[row] as number) < 0
        ? -(finiteMassRows[row] as number)
        : (finiteMassRows[row] as number)
  }
  sumExposure(chain, spot, scratch, measure.finite)

  fillSignedWeights(chain, model, chain.volume, scratch)
  localGammaExposure(chain, spot, scratch, scratch)
  sumExposure(chain, spot, scratch, measure.byVolume)
}
