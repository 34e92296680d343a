/**
 * A whole frame as the systems we are compared with send it: an object per strike, named fields, rounded. 200 strikes of
 * six numbers are the 20 KB that the gate against deflated JSON is about; our market has half of them, so each is two.
 */
import type { GammaFrame } from '#schemas/frame/gamma'
import { rounded } from '../wire/rounded.ts'

const STRIKES = 200
const TWIN = 0.93

export function fullFrameJson(frame: GammaFrame): string {
  const { strikes, profile: _profile, windows: _windows, reasons: _reasons, ...scalars } = rounded(frame)
  const { strike, callGex, putGex } = strikes
  const spot = scalars.spotPrice ?? 0
  const rows = Array.from({ length: STRIKES }, (_, i) => {
    const at = (i >> 1) % strike.length
    const share = i % 2 === 0 ? 1 : TWIN
    const [call, put] = [thousands((callGex[at] ?? 0) * share), thousands((putGex[at] ?? 0) * share)]
    const price = (strike[at] ?? 0) + (i % 2 === 0 ? 0 : 2.5)
    const distance = Math.round((price / spot - 1) * 10_000) / 10_000
    return { strike: price, callGex: call, putGex: put, netGex: call + put, distance, share }
  })
  return JSON.stringify({ ...scalars, strikes: rows })
}

function thousands(amount: number): number {
  return Math.round(amount / 1_000)
}
