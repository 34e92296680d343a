/**
 * One ECharts instance for the life of the component, patched at most once per animation frame. Re-creating it, or
 * replacing its whole option on each tick, makes ECharts grow (apache/echarts#17116).
 */
import type { ECharts, EChartsCoreOption } from 'echarts/core'
import { createEffect, createMemo, createSignal, on, onCleanup, onMount } from 'solid-js'
import { readPalette, type Palette } from './palette.ts'

export interface ChartBox {
  readonly width: number
  readonly height: number
  readonly palette: Palette
  /** False where the person asked for less motion. */
  readonly isAnimated: boolean
}

export interface ChartProps {
  /** The picture in words. */
  readonly label: string
  /** Tracks the signals it reads; called again when they or the box change. */
  readonly option: (box: ChartBox) => EChartsCoreOption
  /** Anything that changes when the colours do. */
  readonly theme: string
}

const reducedMotion = window.matchMedia('(prefers-reduced-motion: reduce)')

export function Chart(props: ChartProps) {
  const [host, setHost] = createSignal<HTMLDivElement>()
  const [chart, setChart] = createSignal<ECharts | null>(null)
  const [size, setSize] = createSignal({ width: 0, height: 0 }, { equals: sameSize })
  const palette = createMemo(on(() => props.theme, readPalette))
  let pending: EChartsCoreOption | null = null
  let frameRequest = 0
  let isDisposed = false

  const flush = () => {
    frameRequest = 0
    if (pending) chart()?.setOption(pending, { lazyUpdate: true, replaceMerge: ['series'] })
    pending = null
  }

  const start = async (element: HTMLDivElement) => {
    const { init } = await import('./echarts.ts')
    if (!isDisposed) setChart(init(element, null, { renderer: 'canvas' }))
  }

  onMount(() => {
    const element = host()
    if (!element) return
    const observer = new ResizeObserver(() => setSize(sizeOf(element)))
    observer.observe(element)
    setSize(sizeOf(element))
    void start(element)
    onCleanup(() => {
      isDisposed = true
      observer.disconnect()
      cancelAnimationFrame(frameRequest)
      chart()?.dispose()
    })
  })

  createEffect(() => chart()?.resize(size()))

  createEffect(() => {
    const { width, height } = size()
    if (!chart() || width === 0) return
    pending = props.option({ width, height, palette: palette(), isAnimated: !reducedMotion.matches })
    frameRequest ||= requestAnimationFrame(flush)
  })

  return <div class="chart" ref={setHost} role="img" aria-label={props.label} />
}

function sizeOf(element: HTMLElement): { width: number; height: number } {
  return { width: element.clientWidth, height: element.clientHeight }
}

function sameSize(a: { width: number; height: number }, b: { width: number; height: number }): boolean {
  return a.width === b.width && a.height === b.height
}
