/** A network address cut short, to /24 or /48, before it is kept: it tells a place and not a household. */
import { networkOf } from '../middleware/abuse/abuseLimit.ts'

export function shortNetwork(address: string | undefined): string | null {
  if (address === undefined) return null
  if (!address.includes(':')) return `${address.split('.').slice(0, 3).join('.')}.0/24`
  return `${networkOf(address).split(':').slice(0, 3).join(':')}::/48`
}
