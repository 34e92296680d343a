/** The part of a frame that windows beyond gamma totals show, read off the metrics they name. */
import type { FrameWindows } from '#schemas/frame/windows'
import type { MarketView } from '#quant/metrics/marketView'
import { metricOf } from '#quant/metrics/registry'
import type { ConcentrationStrike } from '#quant/levels/concentration'
import { finiteOrNull } from './restViews.ts'

export interface WindowsOfFrame {
  readonly windows: FrameWindows
  /** By field of the frame, `windows.…`. */
  readonly reasons: Readonly<Record<string, string>>
}

export function frameWindows(view: MarketView): WindowsOfFrame {
  const reasons: Record<string, string> = {}
  const read = (field: string, id: string): unknown => {
    const measured = metricOf(id)?.measure(view) ?? null
    if (measured?.value == null) reasons[`windows.${field}`] = measured?.reason ?? 'not available'
    return measured?.value ?? null
  }
  const number = (field: string, id: string): number | null => rounded(read(field, id))
  const text = (field: string, id: string): string | null => read(field, id) as string | null
  const strikes = read('topStrikes', 'volCube.topStrikes') as readonly ConcentrationStrike[] | null
  const windows: FrameWindows = {
    asOfMs: view.asOfMs,
    thetaPerDay: number('thetaPerDay', 'thetaForge.thetaPerDay'),
    avgIvSkew: number('avgIvSkew', 'skewSentinel.avgIvSkew'),
    direction: text('direction', 'flowRate.direction'),
    magnitude: number('magnitude', 'flowRate.magnitude'),
    flowType: text('flowType', 'flowRate.flowType'),
    pc1Level: number('pc1Level', 'eigenHedge.pc1Level'),
    pc2Slope: number('pc2Slope', 'eigenHedge.pc2Slope'),
    pc3Curvature: number('pc3Curvature', 'eigenHedge.pc3Curvature'),
    entropy: number('entropy', 'volEntropy.shannon'),
    regime: text('regime', 'regimeShift.regime'),
    confidence: number('confidence', 'regimeShift.confidenceRatio'),
    topStrikes: (strikes ?? []).map(({ strike, gexFinite, label }) => ({
      strike,
      gex: Math.round(gexFinite),
      kind: label,
    })),
  }
  return { windows, reasons }
}

/** Six digits: what is streamed should not be longer than it is true. */
function rounded(value: unknown): number | null {
  const finite = finiteOrNull(typeof value === 'number' ? value : null)
  return finite === null ? null : Number(finite.toPrecision(6))
}
