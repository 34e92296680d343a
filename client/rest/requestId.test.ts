import * as v from 'valibot'
import { expect, it } from 'vitest'
import { request, type RequestOptions } from './request.ts'

const getToken = () => Promise.resolve('token')

/** The ids of the tries of one call, where the first answer is lost. */
async function idsOf(options: RequestOptions): Promise<(string | null)[]> {
  const ids: (string | null)[] = []
  const transport = {
    fetch: async (_: string, init: RequestInit) => {
      ids.push(new Headers(init.headers).get('x-request-id'))
      if (ids.length === 1) throw new TypeError('lost')
      return Response.json({})
    },
    sleep: async () => {},
    random: () => 0.5,
  }
  await request(transport, 'https://f/v1/levels/SPX', v.object({}), options).catch(() => null)
  return ids
}

it('a read has one id over all its tries, and another read another', async () => {
  const [first, again] = await idsOf({ getToken })
  // As the service takes them: 64 plain characters at most.
  expect(first).toMatch(/^[0-9a-f]{32}$/)
  expect(again).toBe(first)
  expect((await idsOf({ getToken }))[0]).not.toBe(first)
})

it('what nobody pays for has none', async () => {
  expect(await idsOf({})).toEqual([null, null])
  expect(await idsOf({ getToken, method: 'POST' })).toEqual([null])
})
