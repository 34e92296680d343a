/** Signing in by a code that is sent to one's address; whoever has no account gets one. */
import { createSignal, Show } from 'solid-js'
import { CODE_DIGITS, CODE_LIFE_MS } from '#schemas/rest/accounts'
import type { AccountApi } from './accountApi.ts'
import { createAttempt } from './createAttempt.ts'
import { Failure } from './Failure.tsx'
import { hasPasskeys } from './passkey.ts'

export interface SignInProps {
  readonly api: AccountApi
  readonly onSignedIn: () => void
}

export function SignIn(props: SignInProps) {
  const [email, setEmail] = createSignal('')
  const [isSent, setSent] = createSignal(false)
  const attempt = createAttempt()
  const send = (event: Event) => {
    event.preventDefault()
    void attempt.run(async () => {
      await props.api.sendCode(email())
      setSent(true)
    })
  }
  const showPasskey = () => {
    void attempt.run(async () => {
      if (await props.api.signInByPasskey()) props.onSignedIn()
    })
  }
  return (
    <Show
      when={isSent()}
      fallback={
        <form class="account-form" onSubmit={send}>
          <p>
            No password: we send a code to your address. Without an account you see everything of the
            synthetic market; with one your tier is yours on every device.
          </p>
          <label for="account-email">E-mail address</label>
          <input
            id="account-email"
            type="email"
            autocomplete="username email"
            required
            autofocus
            value={email()}
            onInput={(event) => setEmail(event.currentTarget.value)}
          />
          <button type="submit" class="button primary" disabled={attempt.isBusy()}>
            Send a code
          </button>
          <Show when={hasPasskeys()}>
            <button type="button" class="button" disabled={attempt.isBusy()} onClick={showPasskey}>
              Sign in with a passkey
            </button>
          </Show>
          <Failure text={attempt.failure()} />
        </form>
      }
    >
      <EnterCode {...props} email={email()} onBack={() => setSent(false)} />
    </Show>
  )
}

function EnterCode(props: SignInProps & { readonly email: string; readonly onBack: () => void }) {
  const [code, setCode] = createSignal('')
  const attempt = createAttempt()
  const verify = (event: Event) => {
    event.preventDefault()
    void attempt.run(async () => {
      // As people paste it: with spaces, or with what stood beside it.
      await props.api.signInByCode(props.email, code().replaceAll(/\D/g, ''))
      props.onSignedIn()
    })
  }
  return (
    <form class="account-form" onSubmit={verify}>
      <p>
        A code of {CODE_DIGITS} digits is on its way to <strong>{props.email}</strong>. It is good for{' '}
        {CODE_LIFE_MS / 60_000} minutes, in this page.
      </p>
      <label for="account-code">Code</label>
      <input
        id="account-code"
        class="account-code"
        inputmode="numeric"
        autocomplete="one-time-code"
        required
        // Alone it would stay where the button was.
        ref={(input) => queueMicrotask(() => input.focus())}
        value={code()}
        onInput={(event) => setCode(event.currentTarget.value)}
      />
      <button type="submit" class="button primary" disabled={attempt.isBusy()}>
        Sign in
      </button>
      <button type="button" class="link" onClick={() => props.onBack()}>
        Another address, or another code
      </button>
      <Failure text={attempt.failure()} />
    </form>
  )
}
