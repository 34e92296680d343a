/** The desk's place among its account's open windows, as long as the page is there. `windowLease.ts` decides. */
import { createEffect, createSignal, on, onCleanup, type Accessor } from 'solid-js'
import { ApiProblem } from '#client/rest/apiProblem'
import type { Windows } from '#client/rest/windows'
import type { WindowRequest } from '#schemas/rest/windows'
import { NO_LEASE, stepLease, type LeaseEffect, type LeaseEvent } from './windowLease.ts'

export interface WindowLease {
  /** Null while there is a place, and while nobody can say. */
  readonly refusal: Accessor<ApiProblem | null>
  readonly retry: () => void
}

export function createWindowLease(windows: Windows, wanted: Accessor<WindowRequest | null>): WindowLease {
  const [refusal, setRefusal] = createSignal<ApiProblem | null>(null)
  let state = NO_LEASE
  let timer: ReturnType<typeof setTimeout> | undefined

  function send(event: LeaseEvent): void {
    const step = stepLease(state, event, Date.now(), randomKey)
    state = step.state
    setRefusal(state.refusal)
    clearTimeout(timer)
    if (state.wakeAtMs !== null) {
      timer = setTimeout(() => send({ type: 'wake' }), Math.max(0, state.wakeAtMs - Date.now()))
    }
    for (const effect of step.effects) void perform(windows, effect).then(send)
  }

  createEffect(on(wanted, (window) => send({ type: 'want', window })))
  const leave = () => send({ type: 'leave' })
  const comeBack = ({ persisted }: PageTransitionEvent) => {
    if (persisted) send({ type: 'want', window: wanted() })
  }
  const look = () => {
    if (!document.hidden) send({ type: 'nudge' })
  }
  window.addEventListener('pagehide', leave)
  window.addEventListener('pageshow', comeBack)
  window.addEventListener('online', look)
  document.addEventListener('visibilitychange', look)
  onCleanup(() => {
    window.removeEventListener('pagehide', leave)
    window.removeEventListener('pageshow', comeBack)
    window.removeEventListener('online', look)
    document.removeEventListener('visibilitychange', look)
    leave()
  })
  return { refusal, retry: () => send({ type: 'nudge' }) }
}

/** The event its answer is. */
async function perform(windows: Windows, effect: LeaseEffect): Promise<LeaseEvent> {
  try {
    switch (effect.kind) {
      case 'open': {
        const { data } = await windows.openWindow(effect.window, { idempotencyKey: effect.key })
        return { type: 'opened', id: data.id }
      }
      case 'renew':
        await windows.renewWindow(effect.id)
        return { type: 'renewed' }
      case 'close':
        await windows.closeWindow(effect.id, { keepalive: effect.isLeaving })
        return { type: 'closed' }
    }
  } catch (cause) {
    // The client promises ApiProblems; anything else is a fault of ours and must be seen.
    if (!(cause instanceof ApiProblem)) throw cause
    if (cause.code === 'window_limit') return { type: 'refused', problem: cause }
    return cause.code === 'unknown_window' && effect.kind === 'renew' ? { type: 'lost' } : { type: 'failed' }
  }
}

/** As good as a UUID, which pages without a secure context cannot make. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
