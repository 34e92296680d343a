import { describe, expect, it } from 'vitest'
import { isAllowedOrigin } from './allowedOrigin.ts'

const url = 'https://flipwire.test/ws/gamma-compact/SPX'
const configured = 'https://desk.test, https://staging.test'

describe('the origin of a socket', () => {
  it.each([undefined, 'https://flipwire.test', 'https://desk.test', 'https://staging.test'])(
    'may be %s',
    (origin) => {
      expect(isAllowedOrigin(origin, url, configured)).toBe(true)
    },
  )

  it.each([
    '',
    'null',
    'https://evil.test',
    'https://flipwire.test:8443',
    'https://desk.test.evil',
    '*',
    ',',
  ])('may not be "%s"', (origin) => {
    expect(isAllowedOrigin(origin, url, configured)).toBe(false)
  })

  it('is not opened by an empty configuration', () => {
    expect(isAllowedOrigin('', url, '')).toBe(false)
    expect(isAllowedOrigin('https://evil.test', url)).toBe(false)
  })
})
