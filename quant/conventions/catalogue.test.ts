import { expect, test } from 'vitest'
import { CONVENTIONS } from './catalogue.ts'

test('ids are unique and plain', () => {
  const ids = CONVENTIONS.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) expect(id).toMatch(/^[a-z0-9_]+$/)
})

test('whatever a row leaves out, it says why', () => {
  for (const { id, flip, walls, caveats } of CONVENTIONS) {
    const says = (start: string): boolean => caveats.some((caveat) => caveat.startsWith(start))
    expect([id, says('no flip')]).toEqual([id, flip === null])
    expect([id, says('no walls')]).toEqual([id, walls === null])
  }
})

test('no title names a vendor: who documents it stands apart', () => {
  for (const { title, documentedBy } of CONVENTIONS) {
    expect(documentedBy).not.toBe('')
    expect(title.toLowerCase()).not.toContain(documentedBy.toLowerCase())
  }
})
