/** A newer version waits; the person decides when to reload. */
import { createSignal, Show } from 'solid-js'
import { registerSW } from 'virtual:pwa-register'

export function UpdateToast() {
  const [isWaiting, setWaiting] = createSignal(false)
  const reload = registerSW({ onNeedRefresh: () => setWaiting(true) })
  return (
    <Show when={isWaiting()}>
      <div class="toast" role="status">
        <span>A new version is ready.</span>
        <button type="button" class="button primary" onClick={() => void reload()}>
          Reload
        </button>
        <button type="button" class="button" onClick={() => setWaiting(false)}>
          Later
        </button>
      </div>
    </Show>
  )
}
