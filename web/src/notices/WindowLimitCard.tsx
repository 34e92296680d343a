/** Said in place of the live windows when the account has them open in as many places as its tier may. */
import { For, Show } from 'solid-js'
import type { ApiProblem } from '#client/rest/apiProblem'
import { age } from '../format/time.ts'
import { SeeTiers } from '../tiers/SeeTiers.tsx'

export interface WindowLimitCardProps {
  readonly problem: ApiProblem
  readonly nowMs: number
  readonly onRetry: () => void
}

export function WindowLimitCard(props: WindowLimitCardProps) {
  const open = () => props.problem.problem.openWindows ?? []
  const tier = () => props.problem.problem.requiredTier
  return (
    <div class="notice">
      <span class="notice-icon" aria-hidden="true">
        ◫
      </span>
      {/* Not the whole card, whose ages change every second. */}
      <strong role="status">
        Your live windows are open in {open().length} places, as many as your tier has
      </strong>
      <p>
        Close one of these, in another tab or on another device, and they open here by themselves.
        {tier() === undefined ? '' : ` The ${tier()} tier has more.`}
      </p>
      <ul class="open-windows">
        <For each={open()}>
          {({ symbol, openedAt }) => (
            <li>
              <b>{symbol}</b> for {age(props.nowMs - Date.parse(openedAt))}
            </li>
          )}
        </For>
      </ul>
      <button type="button" class="button primary" onClick={() => props.onRetry()}>
        Try again
      </button>
      <Show when={tier()}>
        <SeeTiers problem={props.problem.problem} />
      </Show>
    </div>
  )
}
