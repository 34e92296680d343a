/** The passkeys of the account, one more, and the end of any. */
import { createResource, For, Show } from 'solid-js'
import type { AccountApi } from './accountApi.ts'
import { createAttempt } from './createAttempt.ts'
import { Failure } from './Failure.tsx'
import { hasPasskeys } from './passkey.ts'
import { problemText } from './problemText.ts'

const DAY = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium' })

export function PasskeyList(props: { readonly api: AccountApi }) {
  const [passkeys, { refetch }] = createResource(() => props.api.passkeys())
  const attempt = createAttempt()
  const change = (work: () => Promise<unknown>) => {
    void attempt.run(async () => {
      await work()
      await refetch()
    })
  }
  const nextName = () => `Passkey ${(passkeys.latest?.length ?? 0) + 1}`
  return (
    <section aria-labelledby="account-passkeys-title">
      <h3 id="account-passkeys-title">Passkeys</h3>
      <Show when={passkeys.error === undefined} fallback={<Failure text={problemText(passkeys.error)} />}>
        <ul class="account-list">
          <For each={passkeys.latest}>
            {({ id, name, createdAt, lastUsedAt }) => (
              <li>
                <span>
                  {name}
                  <small>
                    made {DAY.format(new Date(createdAt))}
                    {lastUsedAt === null ? '' : ` · used ${DAY.format(new Date(lastUsedAt))}`}
                  </small>
                </span>
                <button
                  type="button"
                  class="button"
                  disabled={attempt.isBusy()}
                  aria-label={`Take away ${name}`}
                  onClick={() => change(() => props.api.removePasskey(id))}
                >
                  Take away
                </button>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <Show when={hasPasskeys()} fallback={<small>This browser cannot make passkeys at this address.</small>}>
        <button
          type="button"
          class="button"
          disabled={attempt.isBusy()}
          onClick={() => change(() => props.api.addPasskey(nextName()))}
        >
          Add a passkey
        </button>
      </Show>
      <Failure text={attempt.failure()} />
    </section>
  )
}
