/** Levels: flips by every definition, walls, where gamma and volume gather, max pain and expected moves. */
import type { Metric } from '../metric.ts'
import { EXPECTED_MOVE_METRICS } from './level/expectedMove.ts'
import { FLIP_METRICS } from './level/flips.ts'
import { MAX_PAIN_METRICS } from './level/maxPain.ts'
import { STRIKE_METRICS } from './level/strikes.ts'
import { WALL_METRICS } from './level/walls.ts'

export const LEVEL_METRICS: readonly Metric[] = [
  ...FLIP_METRICS,
  ...WALL_METRICS,
  ...STRIKE_METRICS,
  ...MAX_PAIN_METRICS,
  ...EXPECTED_MOVE_METRICS,
]
