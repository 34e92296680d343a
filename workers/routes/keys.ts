/**
 * `/v1/keys`: a partner's API keys. By token only: a key that could make keys would outlive its revocation. A key is shown
 * in the answer that makes it and nowhere else.
 */
import { Hono, type Context } from 'hono'
import {
  KeyRequestSchema,
  KEY_SCOPES,
  type ApiKey,
  type KeyList,
  type NewKeyAnswer,
} from '#schemas/rest/keys'
import type { AppEnv } from '../appEnv.ts'
import { revokeCredential } from '../auth/revocation.ts'
import { AppError, orUnavailable } from '../middleware/errors/AppError.ts'
import { idempotent } from '../middleware/idempotency/idempotent.ts'
import {
  findOwnKey,
  insertKey,
  listKeys,
  MAX_ACTIVE_KEYS,
  revokeKey,
  rotateKey,
  type KeyRecord,
} from '../partner/keyStore.ts'
import { describe } from '../openapi/describe.ts'
import { accountOf } from '../partner/keyCaller.ts'
import { makeKey } from '../partner/makeKey.ts'
import { tellNow } from '../partner/outbox.ts'
import { keyRotated } from '../partner/webhooks.ts'
import { invalidBody, limitBody, readBody } from './body.ts'
import { guardUncounted } from './guard.ts'

const DAY_MS = 86_400_000
/** How long a key stays good after it was rotated. */
const OVERLAP_MS = DAY_MS

export const keys = new Hono<AppEnv>()

const aboutList = describe({
  id: 'listKeys',
  tag: 'Access',
  summary: 'The API keys of this account, newest first; of each only its first characters',
  access: 'keys',
  answer: 'KeyList',
})

keys.get('/v1/keys', aboutList, guardUncounted('keys'), async (c) => {
  const records = await orUnavailable('the list of keys', () => listKeys(c.env.DB, c.get('caller').subject))
  const nowMs = Date.now()
  const answer: KeyList = { data: records.map((record) => shownKey(record, nowMs)) }
  c.header('Cache-Control', 'no-store')
  return c.json(answer)
})

const aboutMake = describe({
  id: 'makeKey',
  tag: 'Access',
  summary: 'Makes an API key; this answer alone holds it',
  description: 'Mode `test` makes a key of the sandbox: the synthetic market, never billed.',
  access: 'keys',
  body: 'KeyRequest',
  answer: 'NewKey',
  status: 201,
  idempotent: true,
  problems: ['key_limit'],
})

keys.post('/v1/keys', aboutMake, guardUncounted('keys'), limitBody, idempotent, async (c) => {
  const request = await readBody(c, KeyRequestSchema)
  const { name, mode, scopes = KEY_SCOPES, expiresInDays, unitsPerDay = null } = request
  if (mode === 'test' && unitsPerDay !== null)
    throw invalidBody('unitsPerDay', 'expected none: a key of the sandbox has the quota of a guest')
  const nowMs = Date.now()
  const owner = c.get('caller').subject
  const expiresMs = nowMs + expiresInDays * DAY_MS
  const { text, record } = await makeKey({ owner, name, mode, scopes, expiresMs, unitsPerDay }, nowMs)
  const isMade = await orUnavailable('the list of keys', () => insertKey(c.env.DB, record))
  if (!isMade)
    throw new AppError('key_limit', `expected at most ${MAX_ACTIVE_KEYS} active keys: revoke one first`)
  return created(c, { ...record, lastUsedMs: null, ownerTier: null }, text)
})

const aboutRotate = describe({
  id: 'rotateKey',
  tag: 'Access',
  summary: 'Makes the successor of a key, which stays good for 24 hours more',
  access: 'keys',
  answer: 'NewKey',
  status: 201,
  idempotent: true,
  problems: ['unknown_api_key', 'key_limit'],
})

keys.post('/v1/keys/:id/rotate', aboutRotate, guardUncounted('keys'), limitBody, idempotent, async (c) => {
  const nowMs = Date.now()
  const old = await activeKey(c, nowMs)
  const { owner, name, mode, scopes, lineage, unitsPerDay } = old
  // As long a term as the old one had.
  const expiresMs = nowMs + (old.expiresMs - old.createdMs)
  const { text, record } = await makeKey(
    { owner, name, mode, scopes, expiresMs, lineage, unitsPerDay },
    nowMs,
  )
  const endsMs = Math.min(old.expiresMs, nowMs + OVERLAP_MS)
  const told = keyRotated(old, record.id, endsMs, nowMs)
  const rotate = () => rotateKey(c.env.DB, old.id, record, endsMs, told)
  if (!(await orUnavailable('the list of keys', rotate)))
    throw new AppError('key_limit', 'this key has been rotated: its successor has to take over first')
  c.executionCtx.waitUntil(tellNow(c.env, owner, told))
  return created(c, { ...record, lastUsedMs: null, ownerTier: null }, text)
})

const aboutRevoke = describe({
  id: 'revokeKey',
  tag: 'Access',
  summary: 'Ends a key, within a minute everywhere',
  access: 'keys',
  answer: 'none',
  problems: ['unknown_api_key'],
})

keys.delete('/v1/keys/:id', aboutRevoke, guardUncounted('keys'), async (c) => {
  const nowMs = Date.now()
  const key = await activeKey(c, nowMs)
  await orUnavailable('the list of keys', () => revokeKey(c.env.DB, key.owner, key.id, nowMs))
  await endNow(c, key, nowMs)
  return c.body(null, 204)
})

/** Also where it is remembered, and what it has open. The list is what counts: by it the key ends within a minute. */
async function endNow(c: Context<AppEnv>, key: KeyRecord, nowMs: number): Promise<void> {
  try {
    await revokeCredential(c.env, accountOf(key), key.id, nowMs)
  } catch (cause) {
    console.error(JSON.stringify({ level: 'error', message: 'key not ended at once', cause: String(cause) }))
  }
}

/** Of the caller; somebody else's is as good as none. */
async function activeKey(c: Context<AppEnv>, nowMs: number): Promise<KeyRecord> {
  const id = c.req.param('id') ?? ''
  const find = () => findOwnKey(c.env.DB, c.get('caller').subject, id)
  const key = await orUnavailable('the list of keys', find)
  if (key === null || key.expiresMs <= nowMs)
    throw new AppError('unknown_api_key', 'expected the id of an active key of yours, was another')
  return key
}

function created(c: Context<AppEnv>, record: KeyRecord, key: string): Response {
  const answer: NewKeyAnswer = { data: { ...shownKey(record, record.createdMs), key } }
  c.header('Cache-Control', 'no-store')
  return c.json(answer, 201)
}

export function shownKey(record: KeyRecord, nowMs: number): ApiKey {
  const { id, name, mode, prefix, scopes, lineage, createdMs, expiresMs, lastUsedMs, unitsPerDay } = record
  return {
    id,
    name,
    mode,
    prefix,
    scopes: [...scopes],
    lineage,
    active: expiresMs > nowMs,
    createdAt: new Date(createdMs).toISOString(),
    expiresAt: new Date(expiresMs).toISOString(),
    lastUsedAt: lastUsedMs === null ? null : new Date(lastUsedMs).toISOString(),
    unitsPerDay,
  }
}
