/** Whatever JSON comes from outside, on sockets, as answers or in tokens, is refused by its reader and never an exception. */
import { expect, it } from 'vitest'
import { readSnapshot } from '#bridge/feeds/chain/readSnapshot'
import { readAnswer } from '#bridge/delivery/answer'
import { readLeaseAnswer } from '#bridge/lease/askLease'
import { ApiProblem } from '#client/rest/apiProblem'
import { request } from '#client/rest/request'
import { HealthSchema } from '#schemas/rest/models'
import { readClientMessage } from '#schemas/stream/clientMessage'
import { readServerMessage } from '#schemas/stream/serverMessage'
import { checkTokenSyntax } from '#workers/auth/tokenSyntax'
import {
  hasJsonTestSuite,
  jsonTestSuite,
  NEEDS_JSON_TEST_SUITE,
  type JsonDocument,
} from './vectors/jsonTestSuite.ts'

const SIGNATURE = 'A'.repeat(86)
const base64url = (text: string | Uint8Array) => Buffer.from(text).toString('base64url')

type Reader = (document: JsonDocument) => string | Promise<string>

/** Each names how the document was taken. */
const READERS: readonly (readonly [string, Reader, readonly string[]])[] = [
  ['a viewer’s message', ({ text }) => readClientMessage(text).kind, ['bad', 'tooLarge']],
  ['a server’s message', ({ text }) => readServerMessage(text).kind, ['bad']],
  ['an ingest acknowledgement', ({ text }) => readAnswer(200, null, text, 0).kind, ['unavailable']],
  ['an ingest refusal', ({ text }) => readAnswer(422, null, text, 0).kind, ['refused']],
  ['a lease', ({ text }) => readLeaseAnswer(200, null, text, 0).kind, ['unavailable']],
  ['a lease’s refusal', ({ text }) => readLeaseAnswer(409, null, text, 0).kind, ['refused']],
  ['a vendor’s chain', ({ text }) => (readSnapshot(text).ok ? 'taken' : 'refused'), ['refused']],
  ['a REST answer', (document) => clientReads(200, document), ['internal']],
  ['a REST problem', (document) => clientReads(404, document), ['unknown_route']],
  ['a token’s header', ({ bytes }) => tokenOf(base64url(bytes), base64url('{}')), ['refused']],
]

function tokenOf(header: string, payload: string): string {
  return checkTokenSyntax(`${header}.${payload}.${SIGNATURE}`).ok ? 'taken' : 'refused'
}

async function clientReads(status: number, { bytes }: JsonDocument): Promise<string> {
  const transport = {
    fetch: async () => new Response(bytes, { status }),
    sleep: async () => {},
    random: () => 0,
  }
  try {
    await request(transport, 'https://service.example/v1/health', HealthSchema)
    return 'taken'
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error
    return error.code
  }
}

it.skipIf(!hasJsonTestSuite).each(READERS)(
  `%s: JSONTestSuite is refused throughout${NEEDS_JSON_TEST_SUITE}`,
  async (_, read, expected) => {
    const documents = jsonTestSuite()
    expect(documents.length).toBeGreaterThan(300)
    const seen = new Set<string>()
    for (const document of documents) {
      // oxlint-disable-next-line no-await-in-loop -- one reader, one document at a time, so that a failure names it
      seen.add(
        await Promise.resolve(document)
          .then(read)
          .catch((error) => `${document.name}: ${error}`),
      )
    }
    expect([...seen].toSorted()).toEqual(expected)
  },
)
