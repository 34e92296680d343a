/**
 * The twelve live windows. Each asks for its family of metrics while it can be seen, and none does while the account has
 * no place for them.
 */
import { createMemo, For, Show } from 'solid-js'
import type { Client } from '#client/createClient'
import type { ApiProblem } from '#client/rest/apiProblem'
import type { GammaFrame } from '#schemas/frame/gamma'
import { UpgradeCard } from '../notices/UpgradeCard.tsx'
import { WindowLimitCard } from '../notices/WindowLimitCard.tsx'
import { createReadings } from './createReadings.ts'
import { WindowCard } from './WindowCard.tsx'
import { WINDOWS } from './windowList.ts'

export interface WindowsProps {
  readonly client: Client
  readonly frame: GammaFrame
  readonly theme: string
  readonly nowMs: number
  readonly upgrade: ApiProblem | null
  /** Why there is no place for them. */
  readonly limit: ApiProblem | null
  readonly onRetry: () => void
}

export function Windows(props: WindowsProps) {
  const symbol = createMemo(() => props.frame.symbol)
  // A refusal is known from the desk's own reads; asking again would be refused again.
  const readings = createReadings(props.client, symbol, () => props.upgrade === null && props.limit === null)
  const refusal = () => {
    const problem = readings.problem()
    return props.upgrade ?? (problem?.code === 'upgrade_required' ? problem : null)
  }
  return (
    <section class="windows" id="windows" aria-labelledby="windows-title">
      <header class="windows-header">
        <h2 id="windows-title">Windows</h2>
        <Show when={refusal() === null && readings.problem()}>
          {(problem) => (
            <p class="windows-problem" role="status">
              Not refreshed: {problem().problem.title.toLowerCase()}. What is shown is the last answer; it is
              tried again by itself.
            </p>
          )}
        </Show>
      </header>
      <Show
        when={refusal() === null && props.limit === null}
        fallback={
          <div class="panel">
            <Show
              when={refusal()}
              fallback={
                <Show when={props.limit}>
                  {(problem) => (
                    <WindowLimitCard problem={problem()} nowMs={props.nowMs} onRetry={props.onRetry} />
                  )}
                </Show>
              }
            >
              {(problem) => <UpgradeCard problem={problem()} what="Every live window" brief />}
            </Show>
          </div>
        }
      >
        <div class="window-grid">
          <For each={WINDOWS}>
            {(definition) => (
              <WindowCard
                definition={definition}
                readings={readings.data()[definition.family] ?? null}
                methods={readings.methods()}
                frame={props.frame}
                theme={props.theme}
                nowMs={props.nowMs}
                onScreen={(isOnScreen) => readings.setOnScreen(definition.family, isOnScreen)}
              />
            )}
          </For>
        </div>
      </Show>
    </section>
  )
}
