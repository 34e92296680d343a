/** A market memory as JSON text, and back. */
import * as v from 'valibot'
import { restoredNodeHistory, storedNodeRows } from '#quant/eigen/nodeHistory'
import { REGIMES } from '#quant/regime/regimeMachine'
import { NO_MEMORY, type MarketMemory } from './marketMemory.ts'
import { SessionBarSchema } from './sessionBars.ts'

const VERSION = 1
const values = v.array(v.nullable(v.number()))

const StoredSchema = v.object({
  version: v.literal(VERSION),
  origin: v.string(),
  bars: v.array(SessionBarSchema),
  skew: v.array(v.object({ openMs: v.number(), byBucket: values })),
  nodes: v.array(v.object({ asOfMs: v.number(), lnVol: values })),
  components: v.array(values),
  regime: v.object({
    regime: v.nullable(v.picklist(REGIMES)),
    cycles: v.number(),
    sinceMs: v.nullable(v.number()),
  }),
})

export function storedMemory({ nodes, ...memory }: MarketMemory): unknown {
  return { version: VERSION, ...memory, nodes: storedNodeRows(nodes) }
}

/** What cannot be read is forgotten: windows then say that there is no history. */
export function restoredMemory(stored: unknown): MarketMemory {
  const parsed = v.safeParse(StoredSchema, stored)
  if (!parsed.success) return NO_MEMORY
  const { nodes, version: _, ...memory } = parsed.output
  return { ...memory, nodes: restoredNodeHistory(nodes) }
}
