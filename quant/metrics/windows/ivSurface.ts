/** IV Surface: volatility by strike and time, the quotes behind it, and how well the smiles fit them. */
import type { Metric } from '../metric.ts'
import { FIT_METRICS } from './ivSurface/fits.ts'
import { GRID_METRICS } from './ivSurface/grid.ts'
import { RAW_POINTS } from './ivSurface/points.ts'

export const IV_SURFACE: readonly Metric[] = [...GRID_METRICS, RAW_POINTS, ...FIT_METRICS]
