import type { FlipStatus } from '#schemas/frame/gamma'

/** Short, beside the flip; the dash's reason says more. */
export const FLIP_STATUS_TEXT: Record<FlipStatus, string> = {
  resolved: '',
  one_signed: 'one sign only',
  edge: 'at the edge',
  noise_floor: 'within noise',
  stale: 'inputs too old',
  no_data: 'no data',
}
