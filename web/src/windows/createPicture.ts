/** What the chosen view makes of its metric's newest reading. */
import { createMemo, untrack, type Accessor } from 'solid-js'
import type { GammaFrame } from '#schemas/frame/gamma'
import { marketZone } from '../format/time.ts'
import type { WindowCardProps } from './WindowCard.tsx'
import type { Picture, ViewDefinition } from './windowDefinition.ts'

/** Null until the first answer, and for a value that is null or of an unknown shape. */
export function createPicture(
  readings: Accessor<WindowCardProps['readings']>,
  frame: Accessor<GammaFrame>,
  view: Accessor<ViewDefinition>,
): Accessor<Picture | null> {
  return createMemo(() => {
    const { metric, draw } = view()
    const reading = readings()?.[metric]
    if (reading === undefined) return null
    // The frame moves twice a second; a picture is of the instant of its own reading.
    const surroundings = untrack(frame)
    return draw(reading.value, {
      frame: surroundings,
      zone: marketZone(surroundings.currency),
      asOfMs: Date.parse(reading.asOf),
      unit: reading.unit,
      others: readings() ?? {},
    })
  })
}
