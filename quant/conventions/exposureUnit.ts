/**
 * Units gamma exposure is quoted in. Each is Γ · contracts · contract size · S^spotPower · factor, so any two differ by a
 * factor that depends on spot alone. `text` takes the currency.
 */
export const GAMMA_UNITS = {
  per1Pct: { spotPower: 2, factor: 0.01, text: (currency: string) => `${currency} per +1 %` },
  per100Pct: { spotPower: 2, factor: 1, text: (currency: string) => `${currency} per +100 %` },
  perPoint: { spotPower: 1, factor: 1, text: (currency: string) => `${currency} per +1.00` },
  sharesPerPoint: { spotPower: 0, factor: 1, text: () => 'units of underlying per +1.00' },
  crorePer1Pct: {
    spotPower: 2,
    factor: 0.01 / 1e7,
    text: (currency: string) => `${currency} crore per +1 %`,
  },
} as const
export type GammaUnitId = keyof typeof GAMMA_UNITS

/** What a figure in unit `from` is multiplied by to be in unit `to`, at this spot. */
export function unitFactor(from: GammaUnitId, to: GammaUnitId, spot: number): number {
  const { spotPower, factor } = GAMMA_UNITS[from]
  const target = GAMMA_UNITS[to]
  return (target.factor / factor) * spot ** (target.spotPower - spotPower)
}
