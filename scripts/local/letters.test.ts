import { expect, it, vi } from 'vitest'
import { consoleMail } from '#workers/accounts/mail/consoleMail'
import { letterIn } from './letters.ts'

it('finds the letter the Worker prints, with what wrangler puts around it', async () => {
  const print = vi.spyOn(console, 'warn').mockImplementation(() => {})
  await consoleMail.send({
    to: 'a@example.com',
    subject: '01234567 is your code',
    text: 'two\nlines "quoted" }',
  })
  const line = `\u001b[33m▲ \u001b[43;33m[WARNING]\u001b[0m \u001b[1m${String(print.mock.calls[0]?.[0])}\u001b[0m`
  print.mockRestore()
  expect(letterIn(line)).toEqual({ to: 'a@example.com', subject: '01234567 is your code' })
  expect(letterIn('{"level":"warn","message":"another"}')).toBeNull()
})
