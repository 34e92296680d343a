/** Says that what is shown was kept by this browser, and from when it is. */
import type { GammaFrame } from '#schemas/frame/gamma'
import { clock, date, marketZone } from '../format/time.ts'

export function OfflineBanner(props: { readonly frame: GammaFrame; readonly onRetry: () => void }) {
  const zone = () => marketZone(props.frame.currency)
  const at = () => props.frame.asOfMs
  return (
    <div class="banner" role="status">
      <span>
        Offline. This is the last picture this browser kept, as of {clock(at(), zone())} {zone().label},{' '}
        {date(at(), zone())}.
      </span>
      <button type="button" class="button" onClick={() => props.onRetry()}>
        Retry
      </button>
    </div>
  )
}
