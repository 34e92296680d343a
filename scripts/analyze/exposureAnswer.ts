/** Every exposure besides gamma, what settles today, and each dealer-sign model, as `analyze` prints them. */
import type { ChainAnalytics } from '#quant/analytics'
import type { ExposureKind } from '#quant/exposure/exposureKinds'
import type { Sides } from '#quant/exposure/exposureTable'

export interface CallPutNet {
  readonly call: number | null
  readonly put: number | null
  readonly net: number | null
}

const UNKNOWN: CallPutNet = { call: null, put: null, net: null }

export function exposureAnswer({ exposures, zeroDte, signModels, signAgreement }: ChainAnalytics) {
  return {
    ...exposureKeys(exposures?.openInterest ?? null),
    byVolume: exposures === null ? null : exposureKeys(exposures.volume),
    zeroDte:
      zeroDte === null
        ? null
        : {
            expiries: zeroDte.expiries,
            contracts: zeroDte.contracts,
            shareOfGamma: zeroDte.shareOfGamma,
            ...gammaKeys(zeroDte.openInterest),
            ...exposureKeys(zeroDte.openInterest),
            byVolume: { ...gammaKeys(zeroDte.volume), ...exposureKeys(zeroDte.volume) },
          },
    signModels,
    signAgreement,
  }
}

function exposureKeys(of: Readonly<Record<ExposureKind, Sides>> | null) {
  const sides = (kind: ExposureKind): CallPutNet => {
    if (of === null) return UNKNOWN
    const { call, put, net } = of[kind]
    return { call, put, net }
  }
  return {
    dexUsd: sides('delta'),
    vexUsdPerVolPoint: sides('vanna'),
    chexUsdPerDay: sides('charm'),
    vegaUsdPerVolPoint: sides('vega'),
    thetaUsdPerDay: sides('theta'),
  }
}

function gammaKeys({ gamma, gammaFinite }: Readonly<Record<ExposureKind, Sides>>) {
  return {
    callGexUsdPer1Pct: gamma.call,
    putGexUsdPer1Pct: gamma.put,
    netGexUsdPer1Pct: gamma.net,
    netGexFiniteUsdPer1Pct: gammaFinite.net,
  }
}
