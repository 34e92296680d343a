import { createContext, useContext } from 'solid-js'

/** Opens the explanation of a metric, such as `gammaPulse.netGex`. */
export type Explain = (metricId: string) => void

export const ExplainContext = createContext<Explain>(() => undefined)

export function useExplain(): Explain {
  return useContext(ExplainContext)
}
