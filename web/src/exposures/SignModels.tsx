import { createMemo, For, Index, Show } from 'solid-js'
import type { Exposure } from '#schemas/rest/models'
import { fullMoney, percent, signedCompactMoney, compactMoney } from '../format/numbers.ts'
import { reasonText } from '../format/reasonText.ts'
import { Info } from '../notices/Info.tsx'
import { Missing } from '../notices/Missing.tsx'
import { AGREEMENT_ENTRY, SIGN_MODEL_GLOSSARY } from './glossary.ts'
import { agreementText, signBars, type SignBar } from './signBars.ts'

/** Net gamma under every assumption of what dealers hold, and how far the assumptions agree. */
export function SignModels(props: { readonly exposure: Exposure }) {
  const list = createMemo(() => signBars(props.exposure.data.signModels))
  const agreement = () => props.exposure.data.signAgreement
  const currency = () => props.exposure.meta.currency
  return (
    <>
      <ul class="sign-bars" aria-label="Net gamma exposure under each assumption">
        <Index each={list().bars}>{(bar) => <BarRow bar={bar()} currency={currency()} />}</Index>
        <For each={list().inapplicable}>
          {({ id, reason }) => (
            <li class="sign-row inapplicable">
              <div class="sign-name">
                {SIGN_MODEL_GLOSSARY[id].label} <small>{id}</small>
                <Info entry={SIGN_MODEL_GLOSSARY[id]} signed={false} />
              </div>
              <span class="sign-reason">Not applicable. {reasonText(reason)}.</span>
            </li>
          )}
        </For>
      </ul>
      <div class="agreement">
        <strong>
          Agreement{' '}
          <Show
            when={agreement() !== null}
            fallback={<Missing reason={props.exposure.data.reasons['signAgreement']} />}
          >
            {percent(Math.round(100 * (agreement() ?? 0)) / 100)}
          </Show>
        </strong>
        <Info entry={AGREEMENT_ENTRY} signed={false} />
        <span>{agreement() === null ? '' : agreementText(agreement() ?? 0)}</span>
      </div>
    </>
  )
}

function BarRow(props: { readonly bar: SignBar; readonly currency: string }) {
  const entry = () => SIGN_MODEL_GLOSSARY[props.bar.id]
  const money = () =>
    props.bar.tone === 'none'
      ? compactMoney(props.bar.netGex, props.currency)
      : signedCompactMoney(props.bar.netGex, props.currency)
  return (
    <li class="sign-row">
      <div class="sign-name">
        {entry().label} <small>{props.bar.id}</small>
        <Info entry={entry()} signed={false} />
      </div>
      <span class="sign-track" aria-hidden="true">
        <span class="sign-bar" data-tone={props.bar.tone} style={{ width: `${50 * props.bar.length}%` }} />
      </span>
      <span class="sign-value" title={fullMoney(props.bar.netGex, props.currency)}>
        {money()}
      </span>
    </li>
  )
}
