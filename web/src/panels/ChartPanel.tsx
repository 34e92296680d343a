/** The frame around every chart: title, unit, explanation, actions, and the picture as a table. */
import { createSignal, Match, Show, Switch, type JSX } from 'solid-js'
import type { ApiProblem } from '#client/rest/apiProblem'
import { Chart, type ChartProps } from '../chart/Chart.tsx'
import type { GlossaryEntry } from '../levels/glossary.ts'
import { Info } from '../notices/Info.tsx'
import { UpgradeCard } from '../notices/UpgradeCard.tsx'
import { DataTable, type TableData } from './DataTable.tsx'

export interface ChartPanelProps extends ChartProps {
  readonly id: string
  readonly entry: GlossaryEntry
  readonly unit: string
  readonly legend?: JSX.Element
  /** Numbers above the picture. */
  readonly figures?: JSX.Element
  readonly actions?: JSX.Element
  readonly table: () => TableData
  /** The refusal that says the tier does not include this chart. */
  readonly upgrade: ApiProblem | null
  /** Beside the main chart: what is said there is not repeated. */
  readonly isSecondary?: boolean
  /** Its sign does not come from the dealer model. */
  readonly isUnsigned?: boolean
  /** Why there is nothing to draw; null when there is. */
  readonly empty?: string | null
}

export function ChartPanel(props: ChartPanelProps) {
  const [asTable, setAsTable] = createSignal(false)
  return (
    <section class="panel" id={props.id} aria-labelledby={`${props.id}-title`}>
      <header class="panel-header">
        <div class="panel-title">
          <h2 id={`${props.id}-title`}>{props.entry.label}</h2>
          <Info entry={props.entry} signed={!props.isUnsigned} />
          <small>{props.unit}</small>
        </div>
        <Show when={!props.upgrade}>
          <div class="panel-actions">
            {props.actions}
            <button
              type="button"
              class="button"
              aria-pressed={asTable()}
              onClick={() => setAsTable(!asTable())}
            >
              {asTable() ? 'View as chart' : 'View as table'}
            </button>
          </div>
        </Show>
      </header>
      <Show when={!props.upgrade}>{props.figures}</Show>
      <div class="panel-body">
        <Switch>
          <Match when={props.upgrade}>
            {(problem) => (
              <UpgradeCard problem={problem()} what={props.entry.label} brief={props.isSecondary ?? false} />
            )}
          </Match>
          <Match when={props.empty}>
            <p class="panel-empty">{props.empty}</p>
          </Match>
          <Match when={asTable()}>
            <DataTable data={props.table()} />
          </Match>
          <Match when={true}>
            <div class="legend">{props.legend}</div>
            <Chart label={props.label} option={props.option} theme={props.theme} />
          </Match>
        </Switch>
      </div>
    </section>
  )
}
