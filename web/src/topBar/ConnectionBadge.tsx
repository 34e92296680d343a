/** The state of the stream in text, shape and colour, never in colour alone. */
import { Show } from 'solid-js'
import type { ConnectionStatus } from '#client/stream/reconnect'

export interface ConnectionBadgeProps {
  readonly status: ConnectionStatus
  readonly nowMs: number
  readonly onRetry: () => void
}

export function ConnectionBadge(props: ConnectionBadgeProps) {
  const look = () => badge(props.status)
  const nextTry = () => {
    const { status } = props
    if (status.kind !== 'reconnecting' || status.nextTryAtMs === null) return ''
    return ` · ${Math.max(0, Math.ceil((status.nextTryAtMs - props.nowMs) / 1000))} s`
  }
  const canRetry = () => props.status.kind === 'failed' || props.status.kind === 'reconnecting'
  return (
    <span class="badge connection" data-state={props.status.kind}>
      <span class="badge-shape" aria-hidden="true">
        {look().shape}
      </span>
      <span role="status">{look().text}</span>
      <span aria-hidden="true">{nextTry()}</span>
      <Show when={canRetry()}>
        <button type="button" class="link" onClick={() => props.onRetry()}>
          Retry
        </button>
      </Show>
    </span>
  )
}

function badge(status: ConnectionStatus): { shape: string; text: string } {
  switch (status.kind) {
    case 'connected':
      return { shape: '●', text: 'Connected' }
    case 'reconnecting':
      return { shape: '◐', text: `Reconnecting ${status.attempt}/${status.of}` }
    case 'failed':
      return { shape: '○', text: 'Disconnected' }
    case 'upgradeRequired':
      return { shape: '◇', text: 'Not streamed' }
    case 'idle':
    case 'connecting':
      return { shape: '◌', text: 'Connecting' }
  }
}
