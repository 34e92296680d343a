import { expect, test } from 'vitest'
import { fastLog } from './fastLog.ts'

test('agrees with Math.log to 2e-11 over forty decades', () => {
  let worst = 0
  for (let x = 1e-20; x < 1e20; x *= 1.00137) worst = Math.max(worst, Math.abs(fastLog(x) - Math.log(x)))
  expect(worst).toBeLessThan(2e-11)
})
