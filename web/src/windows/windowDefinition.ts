/** What a live window shows: a family of metrics, its headline figures, and pictures of the values that are not one number. */
import type { EChartsCoreOption } from 'echarts/core'
import type { GammaFrame } from '#schemas/frame/gamma'
import type { MetricFamily, MetricReading } from '#schemas/rest/metrics'
import type { ChartBox } from '../chart/Chart.tsx'
import type { MarketZone } from '../format/time.ts'
import type { TableData } from '../panels/DataTable.tsx'
import type { FigureFormat } from './figureFormat.ts'

export interface FigureDefinition {
  /** Within the family. */
  readonly name: string
  /** Shorter than the metric's title: the window says the rest. */
  readonly label: string
  readonly format: FigureFormat
}

export interface PictureContext {
  readonly frame: GammaFrame
  readonly zone: MarketZone
  readonly asOfMs: number
  readonly unit: string
  /** The other metrics of the family. */
  readonly others: Readonly<Record<string, MetricReading>>
}

export interface LegendKey {
  readonly tone: 'call' | 'put' | 'net'
  readonly text: string
}

export interface Picture {
  /** In words, for those who do not see it. */
  readonly label: string
  readonly table: TableData
  /** Null: the table is the picture. */
  readonly option: ((box: ChartBox) => EChartsCoreOption) | null
  readonly legend?: readonly LegendKey[]
  /** Said under the picture. */
  readonly remarks?: readonly string[]
}

export interface ViewDefinition {
  /** In the switch between views. */
  readonly text: string
  /** The metric it draws, within the family. */
  readonly metric: string
  /** Null when the value has a shape this page does not know. */
  readonly draw: (value: unknown, context: PictureContext) => Picture | null
}

/** The first is shown at first. */
export type Views = readonly [ViewDefinition, ...ViewDefinition[]]

export interface WindowDefinition {
  readonly family: MetricFamily
  readonly title: string
  readonly meaning: string
  readonly figures: readonly FigureDefinition[]
  readonly views: Views
  /** Across the section, or two thirds of it; a third by default. */
  readonly width?: 'full' | 'double'
  /** Figures side by side, not one below the other. */
  readonly areTiles?: boolean
  /** Matrices of hundreds of kilobytes: read less often. */
  readonly isLarge?: boolean
}
