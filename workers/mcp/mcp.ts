/**
 * `POST /mcp`: the API for language models, Model Context Protocol over Streamable HTTP. The official server is not used: it
 * brings ajv, which compiles schemas with eval and so cannot run here, and there are four methods to answer. The official
 * client is, to test this (`test/client/mcpClient.e2e.ts`).
 */
import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { AppEnv } from '../appEnv.ts'
import { AppError, invalidParameter } from '../middleware/errors/AppError.ts'
import { describe } from '../openapi/describe.ts'
import { isAllowedOrigin } from '../routes/allowedOrigin.ts'
import { refused, RPC_ERRORS, type Outcome } from './outcome.ts'
import { answerTo } from './protocol.ts'
import { completed } from './stateless.ts'
import { TOOL_LIST, TOOLS } from './tools.ts'

const MAX_BODY_BYTES = 16_384
/** Of the caller, for the read behind a tool. */
const PASSED_ON = ['Authorization', 'X-API-Key', 'CF-Connecting-IP', 'X-Request-Id']
const INSTRUCTIONS =
  'Dealer-gamma analytics. Start with list_symbols. Every answer says in meta when its data is of and which feed it is from: repeat both, and never present synthetic, delayed or recorded data as live. Not investment advice.'

const about = describe({
  id: 'callMcp',
  tag: 'Document',
  summary: 'Tools for language models, Model Context Protocol over Streamable HTTP',
  description: `JSON-RPC 2.0, one message a request: \`initialize\`, \`ping\`, \`tools/list\`, \`tools/call\`. Tools: ${TOOLS.map(({ name }) => `\`${name}\``).join(', ')}. A tool needs what the route behind it needs: pass the token in \`Authorization\`.`,
  access: 'public',
  body: 'McpRequest',
  answer: { type: 'application/json' },
  problems: ['origin_not_allowed', 'invalid_parameter'],
  others: {
    202: { description: 'A notification was taken: there is nothing to say.' },
    400: {
      description: 'Or not a message, or headers that do not agree with it: a JSON-RPC error.',
      content: { 'application/json': {} },
    },
    404: {
      description: 'A method there is not, asked for by revision 2026-07-28: a JSON-RPC error.',
      content: { 'application/json': {} },
    },
  },
})

const limitBody = bodyLimit({
  maxSize: MAX_BODY_BYTES,
  onError: () => {
    throw invalidParameter('body', `expected at most ${MAX_BODY_BYTES} bytes, was more`)
  },
})

/** `app` answers the reads behind the tools. */
export function mcpOf(app: Hono<AppEnv>): Hono<AppEnv> {
  const routes = new Hono<AppEnv>()
  routes.post('/mcp', about, limitBody, async (c) => {
    checkDoor(c)
    const server = { name: 'flipwire', version: c.env.VERSION, instructions: INSTRUCTIONS, tools: TOOL_LIST }
    const outcome = answerTo(await c.req.text(), server, (name) => c.req.header(name))
    c.header('Cache-Control', 'no-store')
    if (outcome.kind === 'taken') return c.body(null, 202)
    const answered = outcome.kind === 'call' ? await callTool(app, c, outcome) : outcome
    return c.json(rpcAnswer(answered), statusOf(answered))
  })
  return routes
}

function statusOf(answered: Answered): 200 | 400 | 404 {
  if (answered.kind === 'result') return 200
  return answered.status ?? (answered.id === null ? 400 : 200)
}

/** The origin as with sockets: a page elsewhere must not use a visitor's access. */
function checkDoor(c: Context<AppEnv>): void {
  if (!isAllowedOrigin(c.req.header('Origin'), c.req.url, c.env.ALLOWED_ORIGINS)) {
    const detail = 'expected this service or a configured origin, was another'
    throw new AppError('origin_not_allowed', detail, { errors: [{ field: 'Origin', detail }] })
  }
}

async function callTool(
  app: Hono<AppEnv>,
  c: Context<AppEnv>,
  { id, tool, given, isStateless }: Outcome & { kind: 'call' },
): Promise<Answered> {
  const answered = (result: object): Answered => ({
    kind: 'result',
    id,
    result: isStateless ? completed(result) : result,
  })
  const found = TOOLS.find(({ name }) => name === tool)
  if (found === undefined)
    return refused(id, 'params', `expected a tool of tools/list, was ${tool.slice(0, 40)}`)
  const plan = found.plan(given)
  if (!plan.ok) return answered(toolResult(plan.detail, true))
  const headers = new Headers({ 'X-Request-Id': c.get('requestId') })
  for (const name of PASSED_ON) {
    const value = c.req.header(name)
    if (value !== undefined) headers.set(name, value)
  }
  const read = new Request(new URL(plan.path, c.req.url), { headers })
  const response = await app.fetch(read, c.env, c.executionCtx)
  const body: unknown = await response.json()
  return answered(toolResult(response.ok ? plan.shorten(body) : body, !response.ok))
}

type Answered = Exclude<Outcome, { kind: 'call' } | { kind: 'taken' }>

/** Also a refusal is a result: the model reads it and can do something about it. It is not what the tool's schema promises. */
function toolResult(body: unknown, isError: boolean): object {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const structured = isError ? {} : { structuredContent: body }
  return { content: [{ type: 'text', text }], ...structured, isError }
}

function rpcAnswer(outcome: Answered): object {
  const { id } = outcome
  if (outcome.kind === 'result') return { jsonrpc: '2.0', id, result: outcome.result }
  const [code, message] = RPC_ERRORS[outcome.error]
  const { detail, data } = outcome
  return { jsonrpc: '2.0', id, error: { code, message: `${message}: ${detail}`, ...(data ? { data } : {}) } }
}
