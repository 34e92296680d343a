import { describe, expect, it } from 'vitest'
import { endOne, NOTHING_REVOKED, REVOCATION_KEPT_MS, type Revocations } from '../account/revocation.ts'
import { RevocationWatch } from './revocationWatch.ts'

const credential = { account: 'a', id: 'k', issuedAtMs: null }
const REVOKED = endOne(NOTHING_REVOKED, 'k', 0)

function setUp(answer: () => Promise<Revocations> = async () => NOTHING_REVOKED) {
  const seen = { watched: [] as [string, number][], ended: [] as string[], failed: 0 }
  const watch = new RevocationWatch({
    watch: (account, untilMs) => {
      seen.watched.push([account, untilMs])
      return answer()
    },
    end: (account) => void seen.ended.push(account),
    failed: () => void seen.failed++,
  })
  return { seen, watch }
}

describe('an object that takes sockets', () => {
  it('asks to be told, once for many sockets of an account, for longer than any of them lives', async () => {
    const { seen, watch } = setUp()
    await Promise.all(Array.from({ length: 100 }, () => watch.opened({ credential }, 0)))
    await watch.opened({ credential }, 4 * 60_000 - 1)
    expect(seen.watched).toEqual([['a', REVOCATION_KEPT_MS]])
    await watch.opened({ credential }, 4 * 60_000)
    expect(seen.watched).toHaveLength(2)
    expect(seen.ended).toEqual([])
  })

  it('asks nothing for a guest', async () => {
    const { seen, watch } = setUp()
    await watch.opened({}, 0)
    expect(seen.watched).toEqual([])
  })

  it('ends what was revoked while the socket was being opened', async () => {
    const { seen, watch } = setUp(async () => REVOKED)
    await watch.opened({ credential }, 0)
    expect(seen.ended).toEqual(['a'])
  })

  it('ends what it is told of, and what is opened with it later', async () => {
    const { seen, watch } = setUp()
    await watch.opened({ credential }, 0)
    watch.told('a', REVOKED)
    expect(seen.ended).toEqual(['a'])
    await watch.opened({ credential }, 1)
    expect(seen.ended).toEqual(['a', 'a'])
    expect(seen.watched).toHaveLength(1)
  })

  it('ends also what it does not remember: its memory goes when it sleeps', () => {
    const { seen, watch } = setUp()
    watch.told('a', REVOKED)
    expect(seen.ended).toEqual(['a'])
  })

  it('lets sockets live without an answer, and asks again with the next', async () => {
    let isDown = true
    const { seen, watch } = setUp(() =>
      isDown ? Promise.reject(new Error('down')) : Promise.resolve(REVOKED),
    )
    await watch.opened({ credential }, 0)
    expect(seen).toMatchObject({ failed: 1, ended: [] })
    isDown = false
    await watch.opened({ credential }, 1)
    expect(seen.ended).toEqual(['a'])
  })
})
