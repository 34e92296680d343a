/** The drawer that explains one metric. A native modal dialog: Esc closes it, focus stays in it and returns to the figure. */
import { createEffect, createResource, createSignal, Match, Show, Switch } from 'solid-js'
import type { Client } from '#client/createClient'
import { ApiProblem } from '#client/rest/apiProblem'
import { UpgradeCard } from '../notices/UpgradeCard.tsx'
import { ExplanationBody } from './ExplanationBody.tsx'

export interface ExplainDrawerProps {
  readonly client: Client
  readonly symbol: string
  /** Null: closed. */
  readonly metric: string | null
  readonly onClose: () => void
}

export function ExplainDrawer(props: ExplainDrawerProps) {
  const [dialog, setDialog] = createSignal<HTMLDialogElement>()
  const subject = () => (props.metric === null ? null : { symbol: props.symbol, metric: props.metric })
  const [explanation, { refetch }] = createResource(subject, ({ symbol, metric }) =>
    props.client.explain(symbol, metric),
  )
  // Read only when it did not fail: a failed resource throws when it is read.
  const answer = () => (explanation.error === undefined ? explanation.latest : undefined)
  const problem = () => {
    const failure: unknown = explanation.error
    return failure instanceof ApiProblem ? failure : null
  }
  createEffect(() => {
    const element = dialog()
    if (!element || props.metric === null || element.open) return
    element.showModal()
  })
  createEffect(() => {
    if (props.metric === null) dialog()?.close()
  })
  const closeOutside = (event: MouseEvent) => {
    if (event.target === dialog()) dialog()?.close()
  }
  return (
    <dialog
      class="drawer"
      aria-labelledby="drawer-title"
      ref={setDialog}
      onClose={() => props.onClose()}
      onClick={closeOutside}
    >
      <Show when={props.metric}>
        {(metric) => (
          <div class="drawer-content">
            <header class="drawer-header">
              <h2 id="drawer-title">{answer()?.data.title ?? 'Explanation'}</h2>
              <button
                type="button"
                class="button"
                disabled={explanation.loading}
                onClick={() => void refetch()}
              >
                Refresh
              </button>
              <button type="button" class="icon-button" aria-label="Close" onClick={() => dialog()?.close()}>
                ✕
              </button>
            </header>
            <div class="drawer-body" aria-busy={explanation.loading}>
              <Switch fallback={<p class="drawer-waiting">Loading the explanation of {metric()} …</p>}>
                <Match when={problem()?.code === 'upgrade_required' && problem()}>
                  {(refusal) => <UpgradeCard problem={refusal()} what="An explanation" brief={false} />}
                </Match>
                <Match when={problem()}>
                  {(failure) => (
                    <p role="alert">
                      {failure().problem.title}. {failure().problem.detail}
                    </p>
                  )}
                </Match>
                <Match when={answer()}>{(known) => <ExplanationBody explanation={known()} />}</Match>
              </Switch>
            </div>
          </div>
        )}
      </Show>
    </dialog>
  )
}
