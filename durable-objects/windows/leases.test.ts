import { describe, expect, it } from 'vitest'
import { WINDOW_LIFE_MS } from '#schemas/rest/windows'
import { closeWindow, liveWindows, openWindow, renewWindow, type WindowLease } from './leases.ts'

const open = (held: readonly WindowLease[], id: string, nowMs: number, limit = 2) =>
  openWindow(held, { id, kind: 'exposure', symbol: 'SPX' }, limit, nowMs)

const two = open(open([], 'a', 0).leases, 'b', 10_000).leases

describe('windows', () => {
  it('beyond the limit are refused by naming those that are open', () => {
    expect(open(two, 'c', 20_000).answer).toEqual({ ok: false, open: two })
    expect(open(two, 'c', 20_000, 3).answer.ok).toBe(true)
  })

  it('free their place when closed, or a minute after they were last heard of', () => {
    expect(open(closeWindow(two, 'a', 20_000).leases, 'c', 20_000).answer.ok).toBe(true)
    const renewed = renewWindow(two, 'a', 30_000).leases
    expect(open(renewed, 'c', WINDOW_LIFE_MS + 9_999).answer.ok).toBe(false)
    expect(open(renewed, 'c', WINDOW_LIFE_MS + 10_000).answer.ok).toBe(true)
  })

  it('take one place however often they are opened', () => {
    const again = open(two, 'a', 20_000)
    expect(again.answer).toMatchObject({ ok: true, lease: { openedAtMs: 0, expiresAtMs: 80_000 } })
    expect(again.leases.map(({ id }) => id)).toEqual(['a', 'b'])
  })

  it('can not be renewed or closed once they have ended', () => {
    expect(renewWindow(two, 'a', WINDOW_LIFE_MS).answer).toBeNull()
    expect(closeWindow(two, 'a', WINDOW_LIFE_MS).answer).toBe(false)
    expect(renewWindow(two, 'nobody', 20_000).answer).toBeNull()
  })

  it('are lost and gained by no disagreement of clocks', () => {
    const ahead = open([], 'a', 5_000).leases
    expect(open(ahead, 'b', 0, 1).answer.ok).toBe(false)
    expect(liveWindows(ahead, 0)).toMatchObject([{ id: 'a', expiresAtMs: WINDOW_LIFE_MS }])
  })
})
