/** The table of tiers, with the reader's own marked. A native modal dialog: Esc closes it, focus stays in it and returns. */
import { createEffect, createResource, createSignal, For, Show } from 'solid-js'
import type { GetToken } from '#client/rest/request'
import { TIERS } from '#schemas/tiers'
import { tierOf } from '../session/callerToken.ts'
import { tierRows } from './tierRows.ts'

export interface TiersDialogProps {
  readonly isOpen: boolean
  readonly getToken: GetToken
  readonly onClose: () => void
}

export function TiersDialog(props: TiersDialogProps) {
  const [dialog, setDialog] = createSignal<HTMLDialogElement>()
  const [own] = createResource(
    () => props.isOpen || null,
    async () => tierOf(await props.getToken()),
  )
  // Without it the table is as good.
  const ownTier = () => (own.error === undefined ? own.latest : null)
  createEffect(() => {
    if (props.isOpen) dialog()?.showModal()
    else dialog()?.close()
  })
  return (
    <dialog
      class="dialog tiers"
      aria-labelledby="tiers-title"
      ref={setDialog}
      onClose={() => props.onClose()}
      onClick={(event) => event.target === dialog() && dialog()?.close()}
    >
      <Show when={props.isOpen}>
        <div class="tiers-content">
          <header class="account-header">
            <h2 id="tiers-title">What each tier has</h2>
            <button type="button" class="icon-button" aria-label="Close" onClick={() => dialog()?.close()}>
              ✕
            </button>
          </header>
          <p>
            Synthetic symbols show everything to everyone; the first rows are about all other markets, the
            limits below them about both. Whoever runs this service gives accounts their tier.
          </p>
          <TierTable own={ownTier() ?? null} />
        </div>
      </Show>
    </dialog>
  )
}

function TierTable(props: { readonly own: string | null }) {
  return (
    // Focusable, so that a keyboard can scroll it where it is wider than the screen.
    <div class="tiers-scroll" tabindex="0" role="region" aria-label="Tiers compared">
      <table class="tiers-table">
        <thead>
          <tr>
            <td />
            <For each={TIERS}>
              {(tier) => (
                <th scope="col" classList={{ own: tier === props.own }}>
                  {tier}
                  <Show when={tier === props.own}>
                    <small>yours</small>
                  </Show>
                </th>
              )}
            </For>
          </tr>
        </thead>
        <tbody>
          <For each={tierRows()}>
            {({ label, values }) => (
              <tr>
                <th scope="row">{label}</th>
                <For each={values}>
                  {(value, i) => (
                    <td classList={{ own: TIERS[i()] === props.own, none: value === null }}>
                      {value ?? 'no'}
                    </td>
                  )}
                </For>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  )
}
