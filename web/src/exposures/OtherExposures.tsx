import { For, Show } from 'solid-js'
import type { Exposure } from '#schemas/rest/models'
import { count, fullMoney, percent, signedCompactMoney } from '../format/numbers.ts'
import { Info } from '../notices/Info.tsx'
import { Missing } from '../notices/Missing.tsx'
import { GREEK_GLOSSARY, ZERO_DTE_ENTRY, type OtherGreek } from './glossary.ts'

const GREEKS: readonly OtherGreek[] = ['delta', 'vanna', 'charm', 'vega', 'theta']

/** Totals of delta, vanna, charm, vega and theta, what of them settles today, and the same by today's volume. */
export function OtherExposures(props: { readonly exposure: Exposure }) {
  const data = () => props.exposure.data
  const currency = () => props.exposure.meta.currency
  return (
    <>
      <table class="greeks">
        <caption class="visually-hidden">Net exposures in {currency()}</caption>
        <thead>
          <tr>
            <th scope="col">Exposure</th>
            <th scope="col">Open interest</th>
            <th scope="col">of it 0DTE</th>
            <th scope="col">Volume</th>
          </tr>
        </thead>
        <tbody>
          <For each={GREEKS}>
            {(greek) => (
              <tr>
                <th scope="row">
                  {GREEK_GLOSSARY[greek].label}
                  <Info entry={GREEK_GLOSSARY[greek]} />
                  <small>{data().greeks?.units[greek]}</small>
                </th>
                <td>
                  <Money
                    value={data().greeks?.openInterest[greek].net}
                    currency={currency()}
                    reason={data().reasons['greeks']}
                  />
                </td>
                <td>
                  <Money
                    value={data().zeroDte?.openInterest[greek].net}
                    currency={currency()}
                    reason={data().reasons['zeroDte']}
                  />
                </td>
                <td>
                  <Money
                    value={data().greeks?.volume[greek].net}
                    currency={currency()}
                    reason={data().reasons['greeks']}
                  />
                </td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
      <ZeroDte exposure={props.exposure} />
    </>
  )
}

function ZeroDte(props: { readonly exposure: Exposure }) {
  const zeroDte = () => props.exposure.data.zeroDte
  const share = () => zeroDte()?.shareOfGamma ?? null
  return (
    <div class="zero-dte">
      <strong>
        0DTE share of gamma{' '}
        <Show
          when={share() !== null}
          fallback={<Missing reason={props.exposure.data.reasons['zeroDte'] ?? 'no gamma'} />}
        >
          {percent(Math.round(1000 * (share() ?? 0)) / 1000)}
        </Show>
      </strong>
      <Info entry={ZERO_DTE_ENTRY} signed={false} />
      <span>
        {zeroDte() === null
          ? 'Nothing settles today.'
          : `${count(zeroDte()?.contracts ?? 0)} contracts settle today.`}
      </span>
    </div>
  )
}

function Money(props: {
  readonly value: number | undefined
  readonly currency: string
  readonly reason: string | undefined
}) {
  return (
    <Show when={props.value !== undefined} fallback={<Missing reason={props.reason} />}>
      <span title={fullMoney(props.value ?? 0, props.currency)}>
        {signedCompactMoney(props.value ?? 0, props.currency)}
      </span>
    </Show>
  )
}
