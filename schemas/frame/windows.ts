/**
 * What the live windows show beyond gamma totals, under the names clients of the compact frame read. Computed every few
 * seconds rather than for each frame, hence a time of its own. Meanings, units and methods: `/v1/methods`, under the metric
 * named with each field. A number that cannot be computed is null; `reasons` of the frame says why under `windows.…`.
 */
import * as v from 'valibot'

const nullableNumber = v.nullable(v.number())
const nullableText = v.nullable(v.string())

export const FrameWindowsSchema = v.object({
  /** Market time of what they were computed from (UTC ms). */
  asOfMs: v.number(),
  /** `thetaForge.thetaPerDay`, net. */
  thetaPerDay: nullableNumber,
  /** `skewSentinel.avgIvSkew`, vol points. */
  avgIvSkew: nullableNumber,
  /** `flowRate.direction`: `buying`, `selling` or `neutral`, of customers. */
  direction: nullableText,
  /** `flowRate.magnitude`, millions of the currency per minute. */
  magnitude: nullableNumber,
  /** `flowRate.flowType`. */
  flowType: nullableText,
  /** `eigenHedge.pc1Level` and so on, vol points. */
  pc1Level: nullableNumber,
  pc2Slope: nullableNumber,
  pc3Curvature: nullableNumber,
  /** `volEntropy.shannon`, bits. */
  entropy: nullableNumber,
  /** `regimeShift.regime`. */
  regime: nullableText,
  /** `regimeShift.confidenceRatio`, 0 to 1. */
  confidence: nullableNumber,
  /** `volCube.topStrikes`: most gamma first; `kind` is `magnet`, `accelerator` or `contested`. */
  topStrikes: v.array(v.object({ strike: v.number(), gex: v.number(), kind: v.string() })),
})
export type FrameWindows = v.InferOutput<typeof FrameWindowsSchema>
