/**
 * A receiver of webhooks with Hono, on Workers, Deno or Bun: `wrangler secret put FLIPWIRE_WEBHOOK_SECRET`. Prints each event
 * and answers 204; 400 to what is not ours.
 */
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { verifyWebhook } from '@flipwire/client'

const app = new Hono<{ Bindings: { readonly FLIPWIRE_WEBHOOK_SECRET: string } }>()

app.post('/flipwire', bodyLimit({ maxSize: 100_000 }), async (c) => {
  const message = await verifyWebhook({
    secret: c.env.FLIPWIRE_WEBHOOK_SECRET,
    headers: c.req.raw.headers,
    // As it came: parsed and written again it would not be the same bytes.
    body: await c.req.arrayBuffer(),
  })
  if (!message.ok) return c.text(message.detail, 400)
  // Null: of a type that this version of the client does not know. Tell repeats by `message.id`, e.g. in KV.
  const { event } = message
  if (event?.type === 'level.crossed') console.log(event.data.symbol, 'is', event.data.side, event.data.level)
  else if (event) console.log(event.type, JSON.stringify(event.data))
  return c.body(null, 204)
})

export default app
