/** JSONTestSuite's documents, beside the project: valid, invalid and doubtful ones. None of them is a message of ours. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'

const VECTORS = new URL('../../../shared/vectors/json-test-suite/', import.meta.url)

export const hasJsonTestSuite = existsSync(VECTORS)
/** Appended to the names of tests that are skipped without it. */
export const NEEDS_JSON_TEST_SUITE = hasJsonTestSuite
  ? ''
  : ' (skipped: no ../shared/vectors/json-test-suite)'

export interface JsonDocument {
  readonly name: string
  readonly bytes: Uint8Array<ArrayBuffer>
  /** As the runtime hands it on: what is not UTF-8 becomes replacement characters. */
  readonly text: string
}

export function jsonTestSuite(): JsonDocument[] {
  return [VECTORS, new URL('test_parsing/', VECTORS)].filter(existsSync).flatMap((place) =>
    readdirSync(place)
      .filter((name) => name.endsWith('.json'))
      .map((name) => {
        const bytes = Uint8Array.from(readFileSync(new URL(encodeURIComponent(name), place)))
        return { name, bytes, text: new TextDecoder().decode(bytes) }
      }),
  )
}
