/** The state of the stream in text, shape and colour, never in colour alone. */
import { Show } from 'solid-js'
import type { StreamState } from '#client/stream/streamState'
import type { CaughtUp } from '../desk/createDesk.ts'
import { caughtUpText, connectionLook, nextTrySeconds } from './connectionLook.ts'

export interface ConnectionBadgeProps {
  readonly state: StreamState
  readonly caughtUp: CaughtUp | null
  readonly nowMs: number
  readonly onRetry: () => void
}

export function ConnectionBadge(props: ConnectionBadgeProps) {
  const look = () => connectionLook(props.state)
  const nextTry = () => {
    const seconds = nextTrySeconds(props.state, props.nowMs)
    return seconds === null ? '' : ` · ${seconds} s`
  }
  const canRetry = () => look().tone === 'failed' || look().tone === 'reconnecting'
  return (
    <span class="badge connection" data-state={look().tone}>
      <span class="badge-shape" aria-hidden="true">
        {look().shape}
      </span>
      <span role="status">{look().text}</span>
      <span aria-hidden="true">{nextTry()}</span>
      <span role="status" class="caught-up">
        {caughtUpText(props.caughtUp, props.nowMs)}
      </span>
      <Show when={canRetry()}>
        <button type="button" class="link" onClick={() => props.onRetry()}>
          Retry
        </button>
      </Show>
    </span>
  )
}
