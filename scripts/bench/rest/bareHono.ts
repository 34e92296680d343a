/** The least a read can cost here: Hono on workerd, one route, an answer that is there already. */
import { Hono } from 'hono'

let constant = ''
const app = new Hono()
app.put('/constant', async (c) => {
  constant = await c.req.text()
  return c.body(null, 204)
})
app.get('/constant', (c) => c.body(constant, 200, { 'Content-Type': 'application/json' }))

export default app
