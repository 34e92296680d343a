/** Where the figure lies given what its inputs leave open, source by source. */
import { For, Show } from 'solid-js'
import { exactNumber } from '../format/numbers.ts'
import { reasonText } from '../format/reasonText.ts'
import type { Explained } from './explanationText.ts'

type Band = NonNullable<Explained['band']>

const SOURCES: Readonly<Record<Band['sources'][number]['source'], string>> = {
  quotes: 'Quotes at bid or ask',
  open_interest: 'Open interest as old as it may be',
  sign_model: 'Other sign models',
}

export function BandOf(props: { readonly band: Band; readonly unit: string }) {
  const range = ({ low, high }: { readonly low: number; readonly high: number }) =>
    `${exactNumber(low)} to ${exactNumber(high)}`
  return (
    <section>
      <h3>
        Band <small>{props.unit}</small>
      </h3>
      <p class="drawer-band">{range(props.band)}</p>
      <dl class="drawer-facts">
        <For each={props.band.sources}>
          {(source) => (
            <>
              <dt>{SOURCES[source.source]}</dt>
              <dd>
                {range(source)} <small>{source.method}</small>
                <Show when={source.vanishes}>
                  <small> · under some of them there is no such figure</small>
                </Show>
              </dd>
            </>
          )}
        </For>
        <For each={props.band.missing}>
          {({ source, reason }) => (
            <>
              <dt>{SOURCES[source]}</dt>
              <dd>left out: {reasonText(reason).toLowerCase()}</dd>
            </>
          )}
        </For>
      </dl>
    </section>
  )
}
