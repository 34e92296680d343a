/** `{data, meta}`: every REST answer about a symbol says which instant, feed and method it is. */
import * as v from 'valibot'
import { FEED_KINDS } from '../feed.ts'
import { FrameQualitySchema } from '../frame/gamma.ts'

export const MetaSchema = v.object({
  symbol: v.string(),
  /** Market time of the newest input, ISO 8601 UTC; null before the first tick. */
  asOf: v.nullable(v.string()),
  epoch: v.number(),
  sequence: v.number(),
  feed: v.picklist(FEED_KINDS),
  source: v.string(),
  currency: v.string(),
  model: v.string(),
  method: v.string(),
  quality: FrameQualitySchema,
})
export type Meta = v.InferOutput<typeof MetaSchema>

export function envelope<T extends v.GenericSchema>(data: T) {
  return v.object({ data, meta: MetaSchema })
}
