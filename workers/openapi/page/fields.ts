/** A JSON Schema as lines of a table: what is nested is one line each, under its whole name. */
import type { JsonSchema } from '@valibot/to-json-schema'

export interface Field {
  /** E.g. `data.flips[].price`. */
  readonly name: string
  readonly type: FieldType
  readonly isOptional: boolean
  readonly description: string
}

export interface FieldType {
  /** The model it is, when it is one with a name. */
  readonly model: string | null
  readonly text: string
}

export function fieldsOf(schema: JsonSchema, prefix = ''): Field[] {
  const { shape, suffix } = unwrapped(schema)
  const { properties = {}, required = [] } = shape
  return Object.entries(properties).flatMap(([name, property]) => {
    if (typeof property === 'boolean') return []
    const path = `${prefix}${suffix}${prefix === '' && suffix === '' ? '' : '.'}${name}`.replace(/^\./, '')
    const field: Field = {
      name: path,
      type: typeOf(property),
      isOptional: !required.includes(name),
      description: property.description ?? '',
    }
    return [field, ...fieldsOf(property, path)]
  })
}

/** The object within lists and nulls, and how it is reached. */
function unwrapped(schema: JsonSchema): { readonly shape: JsonSchema; readonly suffix: string } {
  const some = notNull(schema)
  const { items, additionalProperties: values } = some
  if (some.type === 'array' && isSchema(items)) {
    const inner = unwrapped(items)
    return { shape: inner.shape, suffix: `[]${inner.suffix}` }
  }
  if (some.type === 'object' && isSchema(values)) {
    const inner = unwrapped(values)
    return { shape: inner.shape, suffix: `.*${inner.suffix}` }
  }
  return { shape: some, suffix: '' }
}

export function typeOf(schema: JsonSchema): FieldType {
  const { $ref, items, additionalProperties: values } = schema
  if ($ref !== undefined) {
    const model = $ref.split('/').at(-1) ?? ''
    return { model, text: model }
  }
  const isNullable = schema.anyOf?.some((option) => isSchema(option) && option.type === 'null') ?? false
  if (isNullable) return wrapped(typeOf(notNull(schema)), '', ' or null')
  if (schema.anyOf) return { model: null, text: schema.anyOf.map((option) => typeText(option)).join(' or ') }
  if (schema.enum) return { model: null, text: schema.enum.map((value) => JSON.stringify(value)).join(' | ') }
  if (schema.const !== undefined) return { model: null, text: JSON.stringify(schema.const) }
  if (schema.type === 'array' && isSchema(items)) return wrapped(typeOf(items), 'list of ', '')
  if (schema.type === 'object' && isSchema(values)) return wrapped(typeOf(values), 'by name: ', '')
  return { model: null, text: typeof schema.type === 'string' ? schema.type : 'any' }
}

function wrapped({ model, text }: FieldType, before: string, after: string): FieldType {
  return { model, text: `${before}${text}${after}` }
}

function typeText(option: JsonSchema | boolean): string {
  return isSchema(option) ? typeOf(option).text : 'any'
}

function notNull(schema: JsonSchema): JsonSchema {
  const options = schema.anyOf?.filter(isSchema).filter((option) => option.type !== 'null')
  return options?.length === 1 && options[0] ? options[0] : schema
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
