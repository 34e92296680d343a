/** A figure that explains itself when pressed. */
import type { JSX } from 'solid-js'
import { useExplain } from './explainContext.ts'

export interface ExplainButtonProps {
  readonly metric: string
  /** What the figure is. */
  readonly label: string
  readonly class?: string
  /** All digits, shown on hover. */
  readonly full?: string | undefined
  readonly children: JSX.Element
}

export function ExplainButton(props: ExplainButtonProps) {
  const explain = useExplain()
  return (
    <button
      type="button"
      class={`explainable ${props.class ?? ''}`}
      title={`${props.full === undefined ? '' : `${props.full} · `}Explain ${props.label}`}
      onClick={() => explain(props.metric)}
    >
      {props.children}
    </button>
  )
}
