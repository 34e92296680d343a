/** One headline figure: label, value or the reason there is none, unit, quality and its own flags. Pressed, it explains itself. */
import { For, Show } from 'solid-js'
import type { Methods, MetricReading } from '#schemas/rest/metrics'
import { ExplainButton } from '../explain/ExplainButton.tsx'
import { exactNumber } from '../format/numbers.ts'
import { reasonText } from '../format/reasonText.ts'
import { Info } from '../notices/Info.tsx'
import { figureText } from './figureFormat.ts'
import { QualityMark } from './QualityMark.tsx'
import { flagText } from './readingMarks.ts'
import type { FigureDefinition } from './windowDefinition.ts'

export interface WindowFigureProps {
  readonly id: string
  readonly figure: FigureDefinition
  /** Null until the first answer. */
  readonly reading: MetricReading | null
  readonly method: Methods['data'][number] | undefined
  readonly currency: string
  /** Said for the whole window, and not repeated here. */
  readonly unit: string | null
  readonly flags: readonly string[]
}

export function WindowFigure(props: WindowFigureProps) {
  const label = () => props.figure.label
  const text = (reading: MetricReading) => figureText(reading.value, props.figure.format, props.currency)
  const ownUnit = () => {
    const unit = props.reading?.unit
    const isSaid = unit === props.unit || props.figure.format === 'words' || props.figure.format === 'minutes'
    return unit === undefined || isSaid || props.reading?.value === null ? null : unit
  }
  const ownFlags = () => props.reading?.flags.filter((flag) => !props.flags.includes(flag)) ?? []
  return (
    <div class="window-figure">
      <dt>
        {label()}
        <Show when={props.method}>
          {(method) => (
            <Info
              entry={{ label: method().title, meaning: method().meaning, formula: method().formula }}
              signed={method().usesSignModel}
            />
          )}
        </Show>
      </dt>
      <dd>
        <Show when={props.reading} fallback={<span class="figure-waiting" aria-hidden="true" />}>
          {(reading) => (
            <Show
              when={reading().value !== null}
              fallback={
                <ExplainButton metric={props.id} label={label()} class="figure-reason">
                  {reasonText(reading().reason ?? undefined)}
                </ExplainButton>
              }
            >
              <ExplainButton metric={props.id} label={label()} full={allDigits(reading().value)}>
                {text(reading()) ?? '—'}
              </ExplainButton>
              <QualityMark quality={reading().quality} />
            </Show>
          )}
        </Show>
      </dd>
      <Show when={ownUnit() ?? ownFlags()[0]}>
        <dd class="figure-note">
          {ownUnit()}
          <For each={ownFlags()}>{(flag) => <span class="figure-flag">{flagText(flag)}</span>}</For>
        </dd>
      </Show>
    </div>
  )
}

function allDigits(value: unknown): string | undefined {
  return typeof value === 'number' ? exactNumber(value) : undefined
}
