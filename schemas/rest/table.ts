/** A table as rows or as columns. The row's schema is the one list of names, also of an empty table. */
import * as v from 'valibot'

export type Columns<Row> = { [Name in keyof Row]: Row[Name][] }

export function columnsOf<Row>(names: readonly (keyof Row)[], rows: readonly Row[]): Columns<Row> {
  const columns = names.map((name) => [name, rows.map((row) => row[name])] as const)
  return Object.fromEntries(columns) as Columns<Row>
}

type ColumnEntries<Entries extends v.ObjectEntries> = {
  [Name in keyof Entries]: v.ArraySchema<Entries[Name], undefined>
}

/** Of a row schema, that of its columns, of equal length. */
export function columnsSchema<Entries extends v.ObjectEntries>(
  row: v.ObjectSchema<Entries, undefined>,
): v.ObjectSchema<ColumnEntries<Entries>, undefined> {
  const columns = Object.entries(row.entries).map(([name, cell]) => [name, v.array(cell)] as const)
  return v.object(Object.fromEntries(columns) as ColumnEntries<Entries>)
}

export function namesOf<Entries extends v.ObjectEntries>(
  row: v.ObjectSchema<Entries, undefined>,
): readonly (keyof Entries & string)[] {
  return Object.keys(row.entries)
}
