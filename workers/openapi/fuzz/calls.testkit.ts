/** Calls of one operation of the document: each parameter, header and field of its body by itself, then some at once. */
import { seededRandom } from '#quant/reference/random'
import { NAUGHTY_BODIES, NAUGHTY_HEADERS, NAUGHTY_SPELLINGS, NAUGHTY_TEXTS } from './naughty.testkit.ts'
import type { Operation } from './operations.testkit.ts'
import { jsonText, type Samples, type Schema, type Verdict } from './samples.testkit.ts'

type Body = string | Uint8Array<ArrayBuffer>

export interface Call {
  readonly what: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Body
  readonly verdict: Verdict
}

/** Good values of what the document cannot make up. */
export interface Known {
  readonly parameters: Readonly<Record<string, string>>
  readonly batch: Uint8Array<ArrayBuffer>
}

const COMBINATIONS = 10
/** Every parameter gets one text in so many, others each, so that each text is tried in many places. */
const TEXT_SHARE = 6
const MEANINGLESS = [
  '__proto__=1',
  'constructor=1',
  '=',
  '&&&',
  'a[b]=1',
  'token=x',
  `x=${'y'.repeat(100_000)}`,
]

/** `turn` says which of the many texts and headers are this operation's. */
export function callsOf(operation: Operation, turn: number, samples: Samples, known: Known): Call[] {
  const good = goodCall(operation, samples, known)
  const parts = [
    [good],
    ...inPath(operation, turn, samples, good, known),
    ...inQuery(operation, turn, samples, good),
    inHeaders(turn, good),
    inBody(operation, turn, samples, good, known),
  ]
  return [...parts.flat(), ...combined(parts, turn)]
}

export function goodCall(operation: Operation, samples: Samples, known: Known): Call {
  const body = goodBody(operation, samples, known)
  return {
    what: 'all as it should be',
    path: pathOf(operation, known, {}),
    headers: {},
    ...(body === undefined ? {} : { body }),
    verdict: body === undefined || exampleOf(operation) !== undefined ? 'good' : 'open',
  }
}

/** `given` are spelled as they are to stand in the address. */
export function pathOf(
  { pattern, parameters }: Operation,
  known: Known,
  given: Readonly<Record<string, string>>,
): string {
  return pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const example = parameters.find((parameter) => parameter.name === name)?.example
    return given[name] ?? encode(known.parameters[name] ?? example ?? name)
  })
}

function inPath(operation: Operation, turn: number, samples: Samples, good: Call, known: Known): Call[][] {
  const parameters = operation.parameters.filter((parameter) => parameter.in === 'path')
  return parameters.map(({ name, schema }, i) => {
    // A symbol is read in one place for all.
    const texts = name === 'symbol' ? share(NAUGHTY_TEXTS, turn + i) : NAUGHTY_TEXTS
    const call = (spelling: string, verdict: Verdict): Call => ({
      ...good,
      what: name,
      path: pathOf(operation, known, { [name]: spelling }),
      verdict,
    })
    return [
      // A good name may still be of nothing.
      ...samples
        .ofText(schemaOf(schema), texts)
        .map(({ value, verdict }) => call(encode(value), verdict === 'good' ? 'open' : verdict)),
      ...share(NAUGHTY_SPELLINGS, turn).map((spelling) => call(spelling, 'open')),
    ]
  })
}

function inQuery({ parameters }: Operation, turn: number, samples: Samples, good: Call): Call[][] {
  const call = (what: string, query: string, verdict: Verdict = 'open'): Call => ({
    ...good,
    what,
    path: `${good.path}?${query}`,
    verdict,
  })
  const named = parameters.filter((parameter) => parameter.in === 'query')
  return [
    ...named.map(({ name, schema }, i) => [
      ...samples
        .ofText(schemaOf(schema), share(NAUGHTY_TEXTS, turn + i))
        .map(({ value, verdict }) => call(name, `${name}=${encode(value)}`, verdict)),
      ...share(NAUGHTY_SPELLINGS, turn + i).map((spelling) => call(name, `${name}=${spelling}`)),
      call(name, `${name}=1&${name}=2`),
    ]),
    share(MEANINGLESS, turn).map((query) => call('a query of no meaning', query)),
  ]
}

function inHeaders(turn: number, good: Call): Call[] {
  return Object.entries(NAUGHTY_HEADERS).map(([name, values], i) => ({
    ...good,
    what: name,
    headers: { [name]: values[(turn + i) % values.length] ?? '' },
    verdict: 'open',
  }))
}

function inBody(operation: Operation, turn: number, samples: Samples, good: Call, { batch }: Known): Call[] {
  if (operation.method === 'GET') return []
  const schema = bodySchema(operation)
  const written =
    schema === undefined
      ? []
      : samples.ofBody(
          schema,
          exampleOf(operation) ?? (samples.good(schema) as object),
          share(NAUGHTY_TEXTS, turn),
        )
  const bodies = [...share(NAUGHTY_BODIES, turn), ...(good.body instanceof Uint8Array ? spoilt(batch) : [])]
  return [
    ...written.map(({ value, verdict }) => ({ ...good, what: 'body', body: jsonText(value), verdict })),
    ...bodies.map((body) => ({ ...good, what: 'body', body, verdict: 'open' as const })),
  ]
}

/** Cut short, and with a byte changed. */
function spoilt(batch: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
  const places = Array.from({ length: 24 }, (_, i) => Math.floor((i / 24) * batch.length))
  return places.flatMap((place) => {
    const changed = batch.slice()
    changed[place] = (changed[place] ?? 0) ^ (1 << (place % 8))
    return [batch.slice(0, place), changed]
  })
}

/** Of half of the parts one call each, laid over one another. */
function combined(parts: readonly (readonly Call[])[], seed: number): Call[] {
  const random = seededRandom(seed)
  return Array.from({ length: COMBINATIONS }, () => {
    const picked = parts
      .filter((calls) => calls.length > 0 && random() < 0.5)
      .flatMap((calls) => calls[Math.floor(random() * calls.length)] ?? [])
    const [all] = parts.flat()
    const [path] = (picked.find((call) => !call.path.includes('?')) ?? all)?.path.split('?') ?? []
    const query = picked.flatMap((call) => call.path.split('?')[1] ?? []).join('&')
    const body = picked.findLast((call) => call.body !== undefined)?.body ?? all?.body
    return {
      what: picked.map(({ what }) => what).join(' and '),
      path: query === '' ? (path ?? '') : `${path}?${query}`,
      headers: Object.assign({}, ...picked.map(({ headers }) => headers)) as Call['headers'],
      ...(body === undefined ? {} : { body }),
      verdict: 'open',
    }
  })
}

function goodBody(operation: Operation, samples: Samples, { batch }: Known): Body | undefined {
  if (operation.about.requestBody === undefined) return undefined
  const schema = bodySchema(operation)
  return schema === undefined ? batch : jsonText(exampleOf(operation) ?? samples.good(schema))
}

function exampleOf({ about: { requestBody } }: Operation): object | undefined {
  if (requestBody === undefined || '$ref' in requestBody) return undefined
  return requestBody.content['application/json']?.example as object | undefined
}

function bodySchema({ about: { requestBody } }: Operation): Schema | undefined {
  if (requestBody === undefined || '$ref' in requestBody) return undefined
  const schema = requestBody.content['application/json']?.schema
  return schema === undefined ? undefined : schemaOf(schema)
}

function schemaOf(schema: unknown): Schema {
  return schema as Schema
}

function share<T>(values: readonly T[], turn: number): T[] {
  return values.filter((_, i) => i % TEXT_SHARE === turn % TEXT_SHARE)
}

function encode(value: unknown): string {
  return encodeURIComponent(String(value).toWellFormed())
}
