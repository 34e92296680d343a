/** Everything one figure rests on, in the order a sceptic asks. */
import { For, Show } from 'solid-js'
import type { Explanation } from '#schemas/rest/metrics'
import { exactNumber } from '../format/numbers.ts'
import { reasonText } from '../format/reasonText.ts'
import { clock, date, marketZone } from '../format/time.ts'
import { SIGN_CONVENTION } from '../levels/glossary.ts'
import { flagText } from '../windows/readingMarks.ts'
import { QualityMark } from '../windows/QualityMark.tsx'
import { BandOf } from './BandOf.tsx'
import { Contributions } from './Contributions.tsx'
import { inputAge, inputText, valueText } from './explanationText.ts'

export function ExplanationBody(props: { readonly explanation: Explanation }) {
  const data = () => props.explanation.data
  const total = () => {
    const sum = data().contributions?.total ?? null
    return sum === null ? null : `${exactNumber(sum)} in total`
  }
  const asOf = () => {
    const zone = marketZone(props.explanation.meta.currency)
    const ms = Date.parse(data().asOf)
    return `${clock(ms, zone)} ${zone.label}, ${date(ms, zone)}`
  }
  return (
    <>
      <section>
        <p class="drawer-value">
          <Show
            when={data().value !== null}
            fallback={<span class="drawer-reason">{reasonText(data().reason ?? undefined)}</span>}
          >
            {valueText(data().value) ?? total() ?? 'Columns of figures'}
          </Show>
        </p>
        <p class="drawer-unit">
          {data().unit} · {props.explanation.meta.symbol}, {asOf()}
        </p>
        <p class="flags">
          <QualityMark quality={data().quality} />
          <span>quality {data().quality} of 100</span>
          <For each={data().flags}>{(flag) => <span class="flag">{flagText(flag)}</span>}</For>
        </p>
      </section>
      <section>
        <p>{data().meaning}</p>
        <p class="formula">{data().formula}</p>
        <dl class="drawer-facts">
          <dt>Method</dt>
          <dd>{data().method}</dd>
          <dt>Sign model</dt>
          <dd>
            <Show when={data().model} fallback="none: what dealers hold does not enter it">
              {(model) => `${model()}. ${SIGN_CONVENTION}`}
            </Show>
          </dd>
          <dt>Source</dt>
          <dd>{data().source}</dd>
        </dl>
      </section>
      <Show when={data().band}>{(band) => <BandOf band={band()} unit={data().unit} />}</Show>
      <section>
        <h3>Inputs</h3>
        <table>
          <thead>
            <tr>
              <th scope="col">Input</th>
              <th scope="col">Value</th>
              <th scope="col">Age</th>
            </tr>
          </thead>
          <tbody>
            <For each={data().inputs}>
              {(input) => (
                <tr>
                  <th scope="row">{input.name}</th>
                  <td>
                    {inputText(input.value)} <small>{input.unit}</small>
                  </td>
                  <td>{inputAge(input, data().asOf) ?? '—'}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </section>
      <Show when={data().contributions}>{(contributions) => <Contributions of={contributions()} />}</Show>
      <section>
        <h3>Rejected</h3>
        <Show when={data().rejected.length > 0} fallback={<p>Nothing was left out.</p>}>
          <ul>
            <For each={data().rejected}>
              {({ reason, count }) => (
                <li>
                  {count} × {reasonText(reason)}
                </li>
              )}
            </For>
          </ul>
        </Show>
      </section>
      <Show when={data().notes.length > 0}>
        <section>
          <h3>Notes</h3>
          <ul>
            <For each={data().notes}>{(note) => <li>{note}</li>}</For>
          </ul>
        </section>
      </Show>
    </>
  )
}
