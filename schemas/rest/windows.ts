/** Leases of windows: how many an account may have open at once, over all its tabs and devices. */
import * as v from 'valibot'
import { SymbolSchema } from '../symbol.ts'

/** A window that is not heard of for this long is taken for closed. */
export const WINDOW_LIFE_MS = 60_000
/** How often a window should be renewed. */
export const WINDOW_RENEW_MS = 30_000

export const WindowRequestSchema = v.strictObject({
  /** What the window shows, e.g. `exposure`. */
  kind: v.pipe(v.string(), v.regex(/^[A-Za-z][A-Za-z0-9-]{0,31}$/, 'expected 1-32 letters, digits or "-"')),
  symbol: SymbolSchema,
})
export type WindowRequest = v.InferOutput<typeof WindowRequestSchema>

export const OpenWindowSchema = v.object({
  id: v.string(),
  kind: v.string(),
  symbol: v.string(),
  /** ISO 8601 UTC. */
  openedAt: v.string(),
  expiresAt: v.string(),
})
export type OpenWindow = v.InferOutput<typeof OpenWindowSchema>

export const WindowAnswerSchema = v.object({ data: OpenWindowSchema })
export type WindowAnswer = v.InferOutput<typeof WindowAnswerSchema>

export const WindowListSchema = v.object({
  data: v.array(OpenWindowSchema),
  /** How many may be open at once. */
  limit: v.number(),
  renewEveryMs: v.number(),
})
export type WindowList = v.InferOutput<typeof WindowListSchema>
