/** Values for a schema of the document: such as it takes, such as it refuses, and such as it does not judge. */
import fc from 'fast-check'

/** The part of JSON Schema that the document uses. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly pattern?: string
  readonly format?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly examples?: readonly unknown[]
}

/** `open`: whether it is taken is for the code to say; it must not break. */
export type Verdict = 'good' | 'bad' | 'open'
export interface Sample {
  readonly value: unknown
  readonly verdict: Verdict
}

const FORMATS: Readonly<Record<string, { readonly good: string; readonly pattern: RegExp }>> = {
  date: { good: '2026-11-20', pattern: /^\d{4}-\d\d-\d\d$/ },
  'date-time': { good: '2026-11-20T14:30:00Z', pattern: /^\d{4}-\d\d-\d\dT/ },
  email: { good: 'someone@example.com', pattern: /@/ },
  uri: { good: 'https://example.com/', pattern: /^\w+:/ },
}
const SEED = 20_261_121

/** A number as it stands in JSON text, which `JSON.stringify` would not write. */
const RAW = '@raw:'
const RAW_NUMBERS = ['1e309', '-1e309', '-0', '9'.repeat(400)]

export function jsonText(value: unknown): string {
  return JSON.stringify(value).replaceAll(/"@raw:([^"]+)"/g, '$1')
}

const refuse = (value: unknown): Sample => ({ value, verdict: 'bad' })
const take = (value: unknown): Sample => ({ value, verdict: 'good' })
const leaveOpen = (value: unknown): Sample => ({ value, verdict: 'open' })

export class Samples {
  readonly #named: Readonly<Record<string, Schema>>

  constructor(named: Readonly<Record<string, Schema>>) {
    this.#named = named
  }

  /** As it stands in an address, where everything is text. */
  ofText(given: Schema, texts: readonly string[]): Sample[] {
    const schema = this.#resolved(given)
    const { minimum, maximum, maxLength } = schema
    return [
      ...takenBy(schema).map(isSure(schema) ? take : leaveOpen),
      ...texts.map((value) => ({ value, verdict: judgedText(schema, value) })),
      ...(minimum === undefined ? [] : [take(minimum), refuse(minimum - 1)]),
      ...(maximum === undefined ? [] : [take(maximum), refuse(maximum + 1)]),
      ...(maxLength === undefined ? [] : [refuse('x'.repeat(maxLength + 1))]),
    ]
  }

  /**
   * Bodies: the whole, then each property in turn. Of a property only what is refused is certain: it may have to fit the others,
   * which no schema says.
   */
  ofBody(given: Schema, whole: object, texts: readonly string[]): Sample[] {
    const schema = this.#resolved(given)
    const choices = schema.oneOf ?? schema.anyOf
    if (choices !== undefined)
      return choices.flatMap((choice) => this.ofBody(choice, this.good(choice) as object, texts))
    const { properties = {}, required = [] } = schema
    const varied = Object.entries(properties).flatMap(([name, property]) => [
      ...this.#ofProperty(property, texts).map(({ value, verdict }) => ({
        value: { ...whole, [name]: value },
        verdict,
      })),
      {
        value: without(whole, name),
        verdict: required.includes(name) ? ('bad' as const) : ('open' as const),
      },
    ])
    const extra = { ...whole, subject: 'somebody', tier: 'partner', units: 0 }
    const isClosed = schema.additionalProperties === false
    return [...varied, { value: extra, verdict: isClosed ? 'bad' : 'open' }, refuse([whole]), refuse(null)]
  }

  /** One value it takes; of an object only what is required. */
  good(given: Schema): unknown {
    const schema = this.#resolved(given)
    const choice = schema.oneOf?.[0] ?? schema.anyOf?.[0]
    if (choice !== undefined) return this.good(choice)
    const [taken] = takenBy(schema)
    if (taken !== undefined) return taken
    switch (schema.type) {
      case 'integer':
      case 'number':
        return schema.minimum ?? 1
      case 'boolean':
        return true
      case 'array':
        return Array.from({ length: schema.minItems ?? 0 }, () => this.good(schema.items ?? {}))
      case 'object': {
        const { properties = {}, required = [] } = schema
        return Object.fromEntries(required.map((name) => [name, this.good(properties[name] ?? {})]))
      }
      default:
        return 'x'.repeat(Math.max(1, schema.minLength ?? 1))
    }
  }

  #ofProperty(given: Schema, texts: readonly string[]): Sample[] {
    const schema = this.#resolved(given)
    const choices = schema.oneOf ?? schema.anyOf
    // What one choice refuses another may take.
    if (choices !== undefined)
      return choices.flatMap((choice) =>
        this.#ofProperty(choice, texts).map(({ value, verdict }) => ({
          value,
          verdict: verdict === 'bad' ? 'open' : verdict,
        })),
      )
    return [
      leaveOpen(this.good(schema)),
      ...otherTypes(schema).map(refuse),
      ...this.#ofOwnType(schema, texts),
    ]
  }

  #ofOwnType(schema: Schema, texts: readonly string[]): Sample[] {
    const { minimum = -1e15, maximum = 1e15, items = {} } = schema
    switch (schema.type) {
      case 'string':
        return texts.map((value) => ({ value, verdict: judgedText(schema, value) }))
      case 'integer':
      case 'number':
        return [
          ...[minimum, maximum].map(leaveOpen),
          ...(schema.minimum === undefined ? [] : [refuse(minimum - 1)]),
          ...(schema.maximum === undefined ? [] : [refuse(maximum + 1), refuse(`${RAW}1e309`)]),
          ...(schema.type === 'integer' ? [refuse(minimum + 0.5)] : []),
          ...RAW_NUMBERS.map((text) => ({ value: RAW + text, verdict: 'open' as const })),
        ]
      case 'array':
        return [
          leaveOpen([this.good(items)]),
          ...(schema.minItems ? [refuse([])] : []),
          ...otherTypes(this.#resolved(items)).map((value) => refuse([value])),
          { value: Array.from({ length: 2_000 }, () => this.good(items)), verdict: 'open' },
        ]
      default:
        return []
    }
  }

  #resolved(schema: Schema): Schema {
    if (schema.$ref === undefined) return schema
    const name = schema.$ref.split('/').at(-1) ?? ''
    const found = this.#named[name]
    if (found === undefined) throw new Error(`expected a schema of the document, was ${schema.$ref}`)
    return found
  }
}

/** A pattern may say less than the code asks for. */
function isSure({ pattern, examples }: Schema): boolean {
  return pattern === undefined || examples !== undefined
}

function takenBy({ enum: listed, const: constant, examples, pattern, format }: Schema): unknown[] {
  if (listed !== undefined) return [...listed]
  if (constant !== undefined) return [constant]
  if (examples !== undefined) return [...examples]
  if (pattern !== undefined)
    return fc.sample(fc.stringMatching(new RegExp(pattern)), { numRuns: 3, seed: SEED })
  const known = format === undefined ? undefined : FORMATS[format]
  return known === undefined ? [] : [known.good]
}

function judgedText(schema: Schema, text: string): Verdict {
  const { enum: listed, const: constant, type, minimum = -Infinity, maximum = Infinity } = schema
  const { pattern, format = '', minLength = 0, maxLength = Infinity } = schema
  const number = text.trim() === '' ? NaN : Number(text)
  const isBad =
    (listed !== undefined && !listed.includes(text)) ||
    (constant !== undefined && constant !== text) ||
    (type === 'integer' && !(Number.isInteger(number) && number >= minimum && number <= maximum)) ||
    (pattern !== undefined && !new RegExp(pattern).test(text)) ||
    FORMATS[format]?.pattern.test(text) === false ||
    text.length < minLength ||
    text.length > maxLength
  return isBad ? 'bad' : 'open'
}

function otherTypes({ type, enum: listed, const: constant }: Schema): unknown[] {
  const isText = type === 'string' || typeof constant === 'string' || listed !== undefined
  const own = isText ? 'string' : type === 'integer' ? 'number' : type
  if (own === undefined) return []
  const values: readonly (readonly [string, unknown])[] = [
    ['null', null],
    ['boolean', true],
    ['number', 7],
    ['string', '7'],
    ['array', [[]]],
    ['object', { length: 1, toString: 'x' }],
  ]
  return values.filter(([name]) => name !== own).map(([, value]) => value)
}

function without(whole: object, name: string): object {
  return Object.fromEntries(Object.entries(whole).filter(([key]) => key !== name))
}
