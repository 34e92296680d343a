/**
 * Events the Worker has to tell an account's webhooks. Each is written with the change it is about, told at once, and by
 * the cron until the account's object has stored it. Telling one twice changes nothing.
 */
import * as v from 'valibot'
import type { Env } from '#durable-objects/env'
import { WebhookEventSchema, type NamedEvent } from '#schemas/webhookEvents'

const MAX_OWNERS = 1_000
const EVENTS_PER_CALL = 100

const OwnersSchema = v.array(v.object({ owner: v.string() }))
const RowsSchema = v.array(
  v.object({ id: v.string(), event: v.pipe(v.string(), v.parseJson(), WebhookEventSchema) }),
)

type OutboxEnv = Pick<Env, 'DB' | 'WEBHOOKS'>

/** Part of the batch that makes the key `successor`: without that, nothing. */
export function outboxStatement(
  db: D1Database,
  owner: string,
  { id, event }: NamedEvent,
  successor: string,
  nowMs: number,
): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO webhook_outbox (id, owner, event, created_ms)
       SELECT ?1, ?2, ?3, ?4 WHERE EXISTS (SELECT 1 FROM api_keys WHERE id = ?5)`,
    )
    .bind(id, owner, JSON.stringify(event), nowMs, successor)
}

/** Right after the change. Never rejects: the cron tells it too. */
export async function tellNow(env: OutboxEnv, owner: string, named: NamedEvent): Promise<void> {
  await logged(() => tell(env, owner, [named]))
}

/** Everything that is not taken yet. One account that fails keeps no other waiting. */
export async function tellUntold(env: OutboxEnv): Promise<void> {
  const statement = env.DB.prepare(`SELECT DISTINCT owner FROM webhook_outbox LIMIT ${MAX_OWNERS}`)
  const { results } = await statement.all()
  for (const { owner } of v.parse(OwnersSchema, results)) {
    // oxlint-disable-next-line no-await-in-loop
    await logged(() => tellOwner(env, owner))
  }
}

async function tellOwner(env: OutboxEnv, owner: string): Promise<void> {
  for (;;) {
    const { results } = await env.DB.prepare(
      `SELECT id, event FROM webhook_outbox WHERE owner = ? ORDER BY created_ms, id LIMIT ${EVENTS_PER_CALL}`,
    )
      .bind(owner)
      .all()
    const events = v.parse(RowsSchema, results)
    if (events.length > 0) await tell(env, owner, events)
    if (events.length < EVENTS_PER_CALL) return
  }
}

async function tell({ DB, WEBHOOKS }: OutboxEnv, owner: string, events: readonly NamedEvent[]) {
  await WEBHOOKS.getByName(owner).tell(events)
  const ids = JSON.stringify(events.map(({ id }) => id))
  await DB.prepare('DELETE FROM webhook_outbox WHERE id IN (SELECT value FROM json_each(?))').bind(ids).run()
}

async function logged(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (cause) {
    console.error(JSON.stringify({ level: 'error', message: 'event not told yet', cause: String(cause) }))
  }
}
