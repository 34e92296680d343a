import { createContext, useContext } from 'solid-js'

/** Opens the table of tiers. */
export type ShowTiers = () => void

export const TiersContext = createContext<ShowTiers>(() => undefined)

export function useTiers(): ShowTiers {
  return useContext(TiersContext)
}
