import * as v from 'valibot'

/** The value in the shape that its method page describes; null when it has another. */
export function parsed<T extends v.GenericSchema>(schema: T, value: unknown): v.InferOutput<T> | null {
  const result = v.safeParse(schema, value)
  return result.success ? result.output : null
}

export const numbers = v.array(v.number())
export const gappedNumbers = v.array(v.nullable(v.number()))

/** The format's text, or a dash for what is not there. */
export function orDash(value: number | null | undefined, format: (value: number) => string): string {
  return value === null || value === undefined ? '—' : format(value)
}
