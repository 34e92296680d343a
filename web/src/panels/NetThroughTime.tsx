import type { TimelineSeries } from '../desk/timelineSeries.ts'
import { fullMoney, signedCompactMoney, movingPrice } from '../format/numbers.ts'
import { clock, marketZone, shortClock } from '../format/time.ts'
import { CHART_GLOSSARY } from '../levels/glossary.ts'
import { ChartPanel } from './ChartPanel.tsx'
import type { PanelProps } from './GexByStrike.tsx'
import { netThroughTimeOption } from './netThroughTimeOption.ts'

/** A table of thousands of rows helps nobody; the newest are what is asked for. */
const TABLE_ROWS = 120

export function NetThroughTime(props: PanelProps & { readonly timeline: TimelineSeries }) {
  const currency = () => props.frame.currency
  const zone = () => marketZone(currency())
  const table = () => ({
    caption: `Net exposure through time, ${currency()} per 1 % move, newest first`,
    columns: [`Time (${zone().label})`, 'Net exposure', 'Spot'],
    rows: props.timeline
      .slice(-TABLE_ROWS)
      .reverse()
      .map((point) => [
        clock(point.asOfMs, zone()),
        point.netGex === null ? '—' : fullMoney(point.netGex, currency()),
        point.spotPrice === null ? '—' : movingPrice(point.spotPrice),
      ]),
  })
  return (
    <ChartPanel
      id="timeline"
      isSecondary
      entry={CHART_GLOSSARY.timeline}
      unit={`${currency()} per 1 % move`}
      theme={props.theme}
      label={describe(props.timeline, currency())}
      empty={props.timeline.length < 2 ? 'One instant so far; the line begins with the next.' : null}
      upgrade={props.upgrade}
      table={table}
      option={(box) => netThroughTimeOption(props.timeline, currency(), box)}
      legend={
        <>
          <span class="key net">Net exposure, left</span>
          <span class="key spot">Spot, right</span>
        </>
      }
    />
  )
}

function describe(series: TimelineSeries, currency: string): string {
  const first = series[0]
  const last = series.at(-1)
  if (!first || !last) return 'Line chart of net gamma exposure through time, empty so far.'
  const zone = marketZone(currency)
  const money = (value: number | null) => (value === null ? 'unknown' : signedCompactMoney(value, currency))
  return `Line chart of net gamma exposure from ${shortClock(first.asOfMs, zone)} to ${shortClock(last.asOfMs, zone)} ${zone.label}: from ${money(first.netGex)} to ${money(last.netGex)}.`
}
