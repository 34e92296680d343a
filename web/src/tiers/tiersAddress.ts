/** `/?upgrade`, where a refusal sends who is refused, opens the table of tiers; once closed it is out of the address. */
import { createSignal, type Accessor } from 'solid-js'

const NAME = 'upgrade'

export function isUpgradeAsked(query: string): boolean {
  return new URLSearchParams(query).has(NAME)
}

export function withoutUpgrade(query: string): string {
  const params = new URLSearchParams(query)
  params.delete(NAME)
  return params.size === 0 ? '' : `?${params}`
}

export function createTiersAddress(): [Accessor<boolean>, () => void, () => void] {
  const [areShown, setShown] = createSignal(isUpgradeAsked(location.search))
  const show = () => void setShown(true)
  const hide = () => {
    setShown(false)
    if (!isUpgradeAsked(location.search)) return
    history.replaceState(null, '', location.pathname + withoutUpgrade(location.search) + location.hash)
  }
  return [areShown, show, hide]
}
