/** One live window: headline figures and one picture, each of which can be explained. */
import { createEffect, createMemo, createSignal, For, on, onCleanup, Show } from 'solid-js'
import type { GammaFrame } from '#schemas/frame/gamma'
import type { MetricReading } from '#schemas/rest/metrics'
import { createOnScreen } from '../desk/createOnScreen.ts'
import { useExplain } from '../explain/explainContext.ts'
import { dataAge } from '../topBar/dataAge.ts'
import { createPicture } from './createPicture.ts'
import type { MethodTexts } from './createReadings.ts'
import { commonFlags, commonUnit, flagText } from './readingMarks.ts'
import type { WindowDefinition } from './windowDefinition.ts'
import { WindowFigure } from './WindowFigure.tsx'
import { WindowPicture } from './WindowPicture.tsx'
import { WindowViews } from './WindowViews.tsx'

export interface WindowCardProps {
  readonly definition: WindowDefinition
  /** Of the family; null until the first answer. */
  readonly readings: Readonly<Record<string, MetricReading>> | null
  readonly methods: MethodTexts
  readonly frame: GammaFrame
  readonly theme: string
  readonly nowMs: number
  readonly onScreen: (isOnScreen: boolean) => void
}

export function WindowCard(props: WindowCardProps) {
  const { family, title, meaning, figures, views, width, areTiles } = props.definition
  const [host, setHost] = createSignal<HTMLElement>()
  const [view, setView] = createSignal(views[0])
  const [asTable, setAsTable] = createSignal(false)
  const explain = useExplain()
  createEffect(on(createOnScreen(host), (isSeen) => props.onScreen(isSeen)))
  onCleanup(() => props.onScreen(false))

  // The same object until its family is read again: answers about other windows redraw nothing here.
  const readings = createMemo(() => props.readings)
  const idOf = (name: string) => `${family}.${name}`
  const shown = createMemo(() => figures.flatMap(({ name }) => readings()?.[name] ?? []))
  const unit = createMemo(() => commonUnit(shown()))
  const flags = createMemo(() => commonFlags(shown()))
  const picture = createPicture(readings, () => props.frame, view)
  const asOf = () => {
    const [first] = shown()
    if (first === undefined) return '\u00a0'
    return `as of ${dataAge({ ...props.frame, asOfMs: Date.parse(first.asOf) }, props.nowMs).text}`
  }
  return (
    <article
      class={`panel window ${width ?? ''}`}
      classList={{ tiles: areTiles }}
      id={`window-${family}`}
      aria-labelledby={`window-${family}-title`}
      ref={setHost}
    >
      <header class="panel-header">
        <div class="panel-title">
          <h3 id={`window-${family}-title`}>{title}</h3>
        </div>
        <div class="panel-actions">
          <Show when={picture()?.option}>
            <button
              type="button"
              class="button"
              aria-pressed={asTable()}
              onClick={() => setAsTable(!asTable())}
            >
              {asTable() ? 'View as chart' : 'View as table'}
            </button>
          </Show>
          <button
            type="button"
            class="button"
            aria-label={`Explain ${title}`}
            onClick={() => explain(idOf(view().metric))}
          >
            Explain
          </button>
        </div>
        <p class="window-meaning">
          {meaning} {unit() === null ? '' : `In ${unit()}.`}
        </p>
      </header>
      <dl class="window-figures">
        <For each={figures}>
          {(figure) => (
            <WindowFigure
              id={idOf(figure.name)}
              figure={figure}
              reading={readings()?.[figure.name] ?? null}
              method={props.methods.get(idOf(figure.name))}
              currency={props.frame.currency}
              unit={unit()}
              flags={flags()}
            />
          )}
        </For>
      </dl>
      <WindowViews
        title={title}
        views={views}
        view={view()}
        onChange={setView}
        method={props.methods.get(idOf(view().metric))}
        legend={picture()?.legend ?? []}
      />
      <WindowPicture
        picture={picture()}
        reading={readings()?.[view().metric] ?? null}
        asTable={asTable()}
        theme={props.theme}
      />
      <footer class="window-footer">
        <For each={flags()}>{(flag) => <span class="flag">{flagText(flag)}</span>}</For>
        <small>{asOf()}</small>
      </footer>
    </article>
  )
}
