/** A number that is not there, with its reason on hover and focus. */
import { reasonText } from '../format/reasonText.ts'

export function Missing(props: { readonly reason: string | undefined }) {
  const text = () => reasonText(props.reason)
  return (
    <button type="button" class="missing" data-reason={text()} aria-label={`Not available: ${text()}`}>
      —
    </button>
  )
}
