/** Which view is drawn, what it means, and the keys of its colours. */
import { For, Match, Show, Switch } from 'solid-js'
import type { Methods } from '#schemas/rest/metrics'
import { Info } from '../notices/Info.tsx'
import { Segmented } from '../panels/Segmented.tsx'
import type { LegendKey, ViewDefinition, Views } from './windowDefinition.ts'

/** More are a list. */
const MOST_SIDE_BY_SIDE = 4

export interface WindowViewsProps {
  readonly title: string
  readonly views: Views
  readonly view: ViewDefinition
  readonly onChange: (view: ViewDefinition) => void
  /** Of the view's metric; undefined until it is known. */
  readonly method: Methods['data'][number] | undefined
  readonly legend: readonly LegendKey[]
}

export function WindowViews(props: WindowViewsProps) {
  const label = () => `View of ${props.title}`
  const choose = (index: number) => {
    const chosen = props.views[index]
    if (chosen) props.onChange(chosen)
  }
  return (
    <div class="window-views">
      <Switch
        fallback={
          <Segmented
            name={`view-${props.title}`}
            label={label()}
            options={props.views.map((view) => ({ value: view, text: view.text }))}
            value={props.view}
            onChange={props.onChange}
          />
        }
      >
        <Match when={props.views.length === 1}>
          <strong>{props.view.text}</strong>
        </Match>
        <Match when={props.views.length > MOST_SIDE_BY_SIDE}>
          <select
            class="button"
            aria-label={label()}
            onChange={(event) => choose(event.currentTarget.selectedIndex)}
          >
            <For each={props.views}>
              {(view) => <option selected={view === props.view}>{view.text}</option>}
            </For>
          </select>
        </Match>
      </Switch>
      <Show when={props.method}>
        {(method) => (
          <Info
            entry={{ label: method().title, meaning: method().meaning, formula: method().formula }}
            signed={method().usesSignModel}
          />
        )}
      </Show>
      <div class="legend">
        <For each={props.legend}>{({ tone, text }) => <span class={`key ${tone}`}>{text}</span>}</For>
      </div>
    </div>
  )
}
