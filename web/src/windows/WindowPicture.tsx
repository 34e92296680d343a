/** What a window draws: a chart, its table, or why there is neither. */
import { For, Match, Show, Switch } from 'solid-js'
import type { MetricReading } from '#schemas/rest/metrics'
import { Chart } from '../chart/Chart.tsx'
import { reasonText } from '../format/reasonText.ts'
import { DataTable } from '../panels/DataTable.tsx'
import type { Picture } from './windowDefinition.ts'

export interface WindowPictureProps {
  readonly picture: Picture | null
  /** Of what it draws; null until the first answer. */
  readonly reading: MetricReading | null
  readonly asTable: boolean
  readonly theme: string
}

export function WindowPicture(props: WindowPictureProps) {
  const option = () => (props.asTable ? null : props.picture?.option)
  return (
    <>
      <div class="panel-body" classList={{ 'is-table': props.picture?.option === null }}>
        <Switch fallback={<div class="panel-empty bone" aria-hidden="true" />}>
          <Match when={option()}>
            {(draw) => (
              <Chart label={props.picture?.label ?? ''} option={(box) => draw()(box)} theme={props.theme} />
            )}
          </Match>
          <Match when={props.picture?.table}>{(table) => <DataTable data={table()} />}</Match>
          <Match when={props.reading}>
            {(reading) => (
              <p class="panel-empty">
                Nothing to draw: {reasonText(reading().reason ?? 'not part of this chain').toLowerCase()}.
              </p>
            )}
          </Match>
        </Switch>
      </div>
      <Show when={props.picture?.remarks?.length}>
        <ul class="window-remarks">
          <For each={props.picture?.remarks}>{(remark) => <li>{remark}</li>}</For>
        </ul>
      </Show>
    </>
  )
}
