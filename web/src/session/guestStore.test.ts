import { expect, test } from 'vitest'
import { createGuestStore } from './guestStore.ts'

const TOKEN = { token: 't', tier: 'guest', expiresAt: '2026-11-20T14:15:00Z' } as const

function memory(text: string | null = null) {
  let held = text
  return {
    getItem: () => held,
    setItem: (_: string, value: string) => {
      held = value
    },
  }
}

test('what one tab writes, the next reads', () => {
  const storage = memory()
  expect(createGuestStore(storage).read()).toBeNull()
  createGuestStore(storage).write(TOKEN)
  expect(createGuestStore(storage).read()).toEqual(TOKEN)
})

test.each(['{', '{"token":1}', 'null', '{"token":"t","tier":"owner","expiresAt":""}'])(
  'what is no token, %s, is none',
  (text) => {
    expect(createGuestStore(memory(text)).read()).toBeNull()
  },
)

test('where nothing may be stored the tab has a token of its own', () => {
  const forbidden = () => {
    throw new Error('denied')
  }
  const store = createGuestStore({ getItem: forbidden, setItem: forbidden })
  store.write(TOKEN)
  expect(store.read()).toEqual(TOKEN)
})
