/** Where a refusal is said: on to who may. */
import { Show } from 'solid-js'
import type { Problem } from '#schemas/problem'
import { offerOf } from './offer.ts'
import { useTiers } from './tiersContext.ts'

export function SeeTiers(props: { readonly problem: Problem }) {
  const showTiers = useTiers()
  return (
    <Show
      when={offerOf(props.problem)}
      fallback={
        <button type="button" class="button primary" onClick={() => showTiers()}>
          Compare tiers
        </button>
      }
    >
      {(address) => (
        <a class="button primary" href={address()}>
          See the {props.problem.requiredTier} tier
        </a>
      )}
    </Show>
  )
}
