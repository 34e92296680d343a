/** A value that explains itself when pressed or, when there is none, the dash with its reason. */
import { Show } from 'solid-js'
import type { GammaFrame } from '#schemas/frame/gamma'
import { ExplainButton } from '../explain/ExplainButton.tsx'
import { METRIC_OF_FIELD } from '../explain/metricOfField.ts'
import { Missing } from '../notices/Missing.tsx'
import { GLOSSARY, type GlossaryKey } from './glossary.ts'

export interface FigureProps {
  readonly frame: GammaFrame
  readonly field: GlossaryKey
  readonly format: (value: number) => string
  /** All digits, shown on hover. */
  readonly full?: (value: number) => string
}

export function Figure(props: FigureProps) {
  const value = () => props.frame[props.field]
  const reason = () =>
    props.frame.reasons[props.field] ?? (props.field === 'nearestFlip' ? props.frame.flipStatus : undefined)
  return (
    <Show when={value() !== null} fallback={<Missing reason={reason()} />}>
      <ExplainButton
        metric={METRIC_OF_FIELD[props.field]}
        label={GLOSSARY[props.field].label}
        full={props.full?.(value() ?? 0)}
      >
        {props.format(value() ?? 0)}
      </ExplainButton>
    </Show>
  )
}
