/**
 * The least a read can cost here: Hono on workerd, one route, an answer that is there already. And the least that a read can
 * cost which is written down before its answer leaves: the same, and an object that writes one row of it.
 */
import { DurableObject } from 'cloudflare:workers'
import { Hono } from 'hono'

interface Bindings {
  readonly CALLS: { getByName(name: string): { write(id: string): Promise<void> } }
}

export class Calls extends DurableObject {
  readonly #sql = this.ctx.storage.sql

  constructor(...given: ConstructorParameters<typeof DurableObject>) {
    super(...given)
    this.#sql.exec('CREATE TABLE IF NOT EXISTS calls (id TEXT PRIMARY KEY, atMs INTEGER) WITHOUT ROWID')
  }

  async write(id: string): Promise<void> {
    this.#sql.exec('INSERT INTO calls VALUES (?, ?)', id, Date.now())
  }
}

let constant = ''
const app = new Hono<{ Bindings: Bindings }>()
app.put('/constant', async (c) => {
  constant = await c.req.text()
  return c.body(null, 204)
})
app.get('/constant', (c) => c.body(constant, 200, { 'Content-Type': 'application/json' }))
app.get('/written', async (c) => {
  await c.env.CALLS.getByName(c.req.header('account') ?? '').write(crypto.randomUUID())
  return c.body(constant, 200, { 'Content-Type': 'application/json' })
})

export default app
