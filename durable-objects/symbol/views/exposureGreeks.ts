/** Exposures besides gamma, what settles today, and the dealer-sign models, as `/v1/exposure/{symbol}` gives them. */
import {
  EXPOSURE_GREEKS,
  SIGN_MODEL_IDS,
  type ExposureGreek,
  type ExposureGreeks,
  type NetByGreek,
} from '#schemas/rest/exposureGreeks'
import type { ChainAnalytics } from '#quant/analytics'
import { EXPOSURE_UNITS } from '#quant/exposure/exposureKinds'
import { SIGN_MODELS } from '#quant/exposure/signModel'

const NO_PRICE = 'no price of the underlying yet'
const NOTHING_PRICED = 'no contract has a volatility'

/** `reasons` names what is null. `currency` takes the place of the word in the units. */
export function exposureGreeksOf(
  analytics: ChainAnalytics | null,
  currency: string,
): ExposureGreeks & { reasons: Record<string, string> } {
  const exposures = analytics?.exposures ?? null
  if (analytics === null || exposures === null) return nothingPriced(analytics)
  const { zeroDte, signAgreement } = analytics
  return {
    greeks: {
      units: byGreek((greek) => EXPOSURE_UNITS[greek].replace('currency', currency)),
      openInterest: byGreek((greek) => exposures.openInterest[greek]),
      volume: byGreek((greek) => exposures.volume[greek]),
    },
    zeroDte: zeroDte && {
      expiries: zeroDte.expiries,
      contracts: zeroDte.contracts,
      shareOfGamma: zeroDte.shareOfGamma,
      openInterest: byGreek((greek) => zeroDte.openInterest[greek]),
      volume: byGreek((greek) => zeroDte.volume[greek]),
    },
    signModels: SIGN_MODEL_IDS.map((id) => {
      const total = analytics.signModels[id]
      return {
        id,
        title: SIGN_MODELS[id],
        callGex: total?.call ?? null,
        putGex: total?.put ?? null,
        netGex: total?.net ?? null,
        reason: total === null ? (analytics.reasons[`signModels.${id}`] ?? 'not applicable') : null,
      }
    }),
    signAgreement,
    reasons: zeroDte === null ? { zeroDte: analytics.reasons['zeroDte'] ?? 'nothing settles today' } : {},
  }
}

/** Net of every kind per live expiry, in the order of `byExpiry`. Without a single volatility there is none. */
export function expiryGreeksOf(analytics: ChainAnalytics | null): (NetByGreek | null)[] {
  return (analytics?.byExpiry ?? []).map(({ priced, exposures }) =>
    priced > 0 ? byGreek((greek) => exposures[greek]) : null,
  )
}

function nothingPriced(
  analytics: ChainAnalytics | null,
): ExposureGreeks & { reasons: Record<string, string> } {
  const reason = analytics === null ? NO_PRICE : (analytics.reasons['exposure'] ?? NOTHING_PRICED)
  return {
    greeks: null,
    zeroDte: null,
    // A sum over nothing is not a position of zero.
    signModels: SIGN_MODEL_IDS.map((id) => ({
      id,
      title: SIGN_MODELS[id],
      callGex: null,
      putGex: null,
      netGex: null,
      reason,
    })),
    signAgreement: null,
    reasons: { greeks: reason, zeroDte: reason, signAgreement: reason },
  }
}

function byGreek<T>(of: (greek: ExposureGreek) => T): Record<ExposureGreek, T> {
  const record = {} as Record<ExposureGreek, T>
  for (const greek of EXPOSURE_GREEKS) record[greek] = of(greek)
  return record
}
