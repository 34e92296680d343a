/** EigenHedge: the few ways the volatility surface moves, what the book gains along each and three trades against them. */
import type { Metric } from '../metric.ts'
import { BOOK_METRICS } from './eigenHedge/book.ts'
import { SURFACE_METRICS } from './eigenHedge/surface.ts'

export const EIGEN_HEDGE: readonly Metric[] = [...SURFACE_METRICS, ...BOOK_METRICS]
