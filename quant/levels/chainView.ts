import type { Chain } from '../chain/chain.ts'
import type { ExpirySections } from './expirySets.ts'

/** A priced chain at one instant, to be read only: what level variants and conventions work on. An `Engine` is one. */
export interface ChainView {
  readonly chain: Chain
  readonly spot: number
  readonly asOfMs: number
  readonly sections: ExpirySections
}
