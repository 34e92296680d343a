import { expect, it } from 'vitest'
import { deviceName } from './deviceName.ts'
import { shortNetwork } from './shortNetwork.ts'

const WEBKIT = 'AppleWebKit/537.36 (KHTML, like Gecko)'

it.each([
  ['Firefox on Windows', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:131.0) Gecko/20100101 Firefox/131.0'],
  ['Chrome on Android', `Mozilla/5.0 (Linux; Android 14) ${WEBKIT} Chrome/130.0 Mobile Safari/537.36`],
  [
    'Edge on macOS',
    `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${WEBKIT} Chrome/130.0 Safari/537.36 Edg/130.0`,
  ],
  ['Safari on iPhone', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1'],
  ['a program', 'curl/8.5.0'],
  ['a program', ''],
])('names %s', (name, userAgent) => {
  expect(deviceName(userAgent)).toBe(name)
})

it.each([
  ['203.0.113.9', '203.0.113.0/24'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
  ['2001:db8::1', '2001:db8:0::/48'],
])('cuts %s to %s', (address, network) => {
  expect(shortNetwork(address)).toBe(network)
})

it('keeps nothing of no address', () => {
  expect(shortNetwork(undefined)).toBeNull()
})
