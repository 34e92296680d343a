/** Where the account is signed in, and the end of any of it. */
import { createResource, For, Show } from 'solid-js'
import type { AccountApi } from './accountApi.ts'
import { createAttempt } from './createAttempt.ts'
import { Failure } from './Failure.tsx'
import { problemText } from './problemText.ts'

const DAY = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeStyle: 'short' })

export function SessionList(props: { readonly api: AccountApi }) {
  const [sessions, { refetch }] = createResource(() => props.api.sessions())
  const attempt = createAttempt()
  const end = (id: string) => {
    void attempt.run(async () => {
      await props.api.endSession(id)
      await refetch()
    })
  }
  return (
    <section aria-labelledby="account-sessions-title">
      <h3 id="account-sessions-title">Signed in on</h3>
      <Show when={sessions.error === undefined} fallback={<Failure text={problemText(sessions.error)} />}>
        <ul class="account-list">
          <For each={sessions.latest}>
            {({ id, device, network, current, lastUsedAt }) => (
              <li>
                <span>
                  {device}
                  <Show when={current}>
                    <b> · here</b>
                  </Show>
                  <small>
                    {DAY.format(new Date(lastUsedAt))}
                    {network === null ? '' : ` · ${network}`}
                  </small>
                </span>
                <Show when={!current}>
                  <button
                    type="button"
                    class="button"
                    disabled={attempt.isBusy()}
                    aria-label={`End the session on ${device}`}
                    onClick={() => end(id)}
                  >
                    End
                  </button>
                </Show>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <Failure text={attempt.failure()} />
    </section>
  )
}
