import { expect, it } from 'vitest'
import { codeLetter, newCode } from './signInCode.ts'

it('draws eight digits, each code as likely as every other', () => {
  expect(newCode(() => 7)).toBe('00000007')
  expect(newCode(() => 4_199_999_999)).toBe('99999999')
  // The last 94,967,296 values would come a 43rd time.
  const draws = [4_200_000_000, 2 ** 32 - 1, 1_234_567_890]
  expect(newCode(() => draws.shift() ?? 0)).toBe('34567890')
  expect(draws).toEqual([])
})

it('writes a letter with the code and nothing of the one who asked', () => {
  expect(codeLetter('01234567')).toMatchObject({
    subject: '01234567 is your Flipwire code',
    text: expect.stringContaining('    01234567\n'),
  })
})
