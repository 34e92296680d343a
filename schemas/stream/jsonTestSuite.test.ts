import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readClientMessage } from './clientMessage.ts'

const VECTORS = new URL('../../../shared/vectors/json-test-suite/', import.meta.url)
const PLACES = [VECTORS, new URL('test_parsing/', VECTORS)]

it.skipIf(!existsSync(VECTORS))(
  'survives JSONTestSuite (../shared/vectors) and takes none of it for a message',
  () => {
    const kinds = new Map<string, number>()
    for (const place of PLACES.filter((url) => existsSync(url))) {
      for (const file of readdirSync(place).filter((name) => name.endsWith('.json'))) {
        // As the runtime hands it on: what is not UTF-8 becomes replacement characters.
        const text = new TextDecoder().decode(readFileSync(new URL(encodeURIComponent(file), place)))
        const { kind } = readClientMessage(text)
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
      }
    }
    expect([...kinds.keys()].toSorted()).toEqual(['bad', 'tooLarge'])
    expect(kinds.get('bad')).toBeGreaterThan(300)
  },
)
