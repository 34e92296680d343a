/** Said in place of a chart the caller's tier does not include. Never blanks the desk. */
import { Show } from 'solid-js'
import type { ApiProblem } from '#client/rest/apiProblem'
import { SeeTiers } from '../tiers/SeeTiers.tsx'

export interface UpgradeCardProps {
  readonly problem: ApiProblem
  /** What is not shown. */
  readonly what: string
  /** Says it shortly, where another card already says the rest. */
  readonly brief: boolean
}

export function UpgradeCard(props: UpgradeCardProps) {
  const tier = () => props.problem.problem.requiredTier ?? 'higher'
  return (
    <div class="notice">
      <span class="notice-icon" aria-hidden="true">
        ◆
      </span>
      <strong>
        {props.what} needs the {tier()} tier
      </strong>
      <Show when={!props.brief}>
        <p>
          This symbol’s exposures are not part of your tier. Its key levels are, and synthetic symbols show
          everything. With a token of that tier, open this page as <code>/#token=…</code>
        </p>
        <SeeTiers problem={props.problem.problem} />
      </Show>
    </div>
  )
}
