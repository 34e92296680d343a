/** A load that failed: what was said, the request to quote, and a way to try again. */
import { Show } from 'solid-js'
import type { ApiProblem } from '#client/rest/apiProblem'

export function ProblemCard(props: { readonly problem: ApiProblem; readonly onRetry: () => void }) {
  const title = () =>
    props.problem.status === 0 ? 'The service cannot be reached' : props.problem.problem.title
  const detail = () =>
    props.problem.status === 0
      ? 'Check the connection. The desk tries again by itself.'
      : props.problem.problem.detail
  return (
    <div class="notice" role="alert">
      <span class="notice-icon" aria-hidden="true">
        ⚠
      </span>
      <strong>{title()}</strong>
      <p>{detail()}</p>
      <Show when={props.problem.requestId !== ''}>
        <p class="request-id">
          Request <code>{props.problem.requestId}</code>
        </p>
      </Show>
      <button type="button" class="button primary" onClick={() => props.onRetry()}>
        Retry
      </button>
    </div>
  )
}
