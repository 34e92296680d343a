/** Opens the account card. A native modal dialog: Esc closes it, focus stays in it and returns to the button. */
import { createSignal, onCleanup, Show } from 'solid-js'
import type { AccountApi } from './accountApi.ts'
import { AccountDetails } from './AccountDetails.tsx'
import type { BrowserSession } from './session.ts'
import { SignIn } from './SignIn.tsx'

export interface AccountButtonProps {
  readonly session: BrowserSession
  readonly api: AccountApi
  /** Somebody has signed in: what was refused may be allowed now. */
  readonly onSignedIn: () => void
}

export function AccountButton(props: AccountButtonProps) {
  const [dialog, setDialog] = createSignal<HTMLDialogElement>()
  const [isOpen, setOpen] = createSignal(false)
  const [isSignedIn, setSignedIn] = createSignal(props.session.isSignedIn())
  const follow = () => setSignedIn(props.session.isSignedIn())
  props.session.onChange(follow)
  // Of another tab.
  window.addEventListener('storage', follow)
  onCleanup(() => window.removeEventListener('storage', follow))

  const open = () => {
    setOpen(true)
    dialog()?.showModal()
  }
  const closeOutside = (event: MouseEvent) => {
    if (event.target === dialog()) dialog()?.close()
  }
  const label = () => (isSignedIn() ? 'Your account' : 'Sign in')
  return (
    <>
      <button type="button" class="icon-button" aria-label={label()} title={label()} onClick={open}>
        <svg class="account-icon" viewBox="0 0 24 24" aria-hidden="true" classList={{ known: isSignedIn() }}>
          <circle cx="12" cy="8.5" r="4" />
          <path d="M4.5 20.5c.8-4 3.8-6 7.5-6s6.7 2 7.5 6" />
        </svg>
      </button>
      <dialog
        class="dialog account"
        aria-labelledby="account-title"
        ref={setDialog}
        onClose={() => setOpen(false)}
        onClick={closeOutside}
      >
        <Show when={isOpen()}>
          <div class="account-content">
            <header class="account-header">
              <h2 id="account-title">{label()}</h2>
              <button type="button" class="icon-button" aria-label="Close" onClick={() => dialog()?.close()}>
                ✕
              </button>
            </header>
            <Show when={isSignedIn()} fallback={<SignIn api={props.api} onSignedIn={props.onSignedIn} />}>
              <AccountDetails api={props.api} />
            </Show>
          </div>
        </Show>
      </dialog>
    </>
  )
}
