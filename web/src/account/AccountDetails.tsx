/** The account of whoever is signed in: where else they are, what is held of them, and the ways out. */
import { createResource, createSignal, Show } from 'solid-js'
import { useTiers } from '../tiers/tiersContext.ts'
import type { AccountApi } from './accountApi.ts'
import { createAttempt } from './createAttempt.ts'
import { Failure } from './Failure.tsx'
import { PasskeyList } from './PasskeyList.tsx'
import { problemText } from './problemText.ts'
import { saveJson } from './saveJson.ts'
import { SessionList } from './SessionList.tsx'

export function AccountDetails(props: { readonly api: AccountApi }) {
  const [account] = createResource(() => props.api.account())
  const attempt = createAttempt()
  const showTiers = useTiers()
  // What the page shows and the sockets it holds are the account's: begin anew as a guest.
  const leave = (work: () => Promise<unknown>) => {
    void attempt.run(async () => {
      await work()
      location.reload()
    })
  }
  const save = () => {
    void attempt.run(async () => saveJson('flipwire-account.json', await props.api.everything()))
  }
  return (
    <div class="account-details">
      <Show when={account.error === undefined} fallback={<Failure text={problemText(account.error)} />}>
        <Show when={account()} fallback={<p aria-busy="true">Loading your account …</p>}>
          {(known) => (
            <p class="account-who">
              <strong>{known().email}</strong>
              <span class="account-tier">{known().tier}</span>
              <button type="button" class="link" onClick={showTiers}>
                What each tier has
              </button>
            </p>
          )}
        </Show>
      </Show>
      <SessionList api={props.api} />
      <PasskeyList api={props.api} />
      <section aria-labelledby="account-data-title">
        <h3 id="account-data-title">Your data</h3>
        <div class="account-actions">
          <button type="button" class="button" disabled={attempt.isBusy()} onClick={save}>
            Download everything
          </button>
          <Erase isBusy={attempt.isBusy()} onErase={() => leave(props.api.erase)} />
        </div>
      </section>
      <Failure text={attempt.failure()} />
      <button
        type="button"
        class="button primary"
        disabled={attempt.isBusy()}
        onClick={() => leave(props.api.signOut)}
      >
        Sign out
      </button>
    </div>
  )
}

/** Asked twice, as there is no way back. */
function Erase(props: { readonly isBusy: boolean; readonly onErase: () => void }) {
  const [isAsked, setAsked] = createSignal(false)
  return (
    <Show
      when={isAsked()}
      fallback={
        <button type="button" class="button" onClick={() => setAsked(true)}>
          Erase the account …
        </button>
      }
    >
      <div class="account-erase" role="group" aria-label="Erase the account">
        <p>Your sessions, API keys and usage go with it, at once and for good.</p>
        <button type="button" class="button danger" disabled={props.isBusy} onClick={() => props.onErase()}>
          Erase for good
        </button>
        <button
          type="button"
          class="button"
          ref={(keep) => queueMicrotask(() => keep.focus())}
          onClick={() => setAsked(false)}
        >
          Keep it
        </button>
      </div>
    </Show>
  )
}
