import { describe, expect, it, vi } from 'vitest'
import type { Env } from '#durable-objects/env'
import { endpointMail } from './endpointMail.ts'
import { mailOf } from './mailOf.ts'

const letter = { to: 'a@example.com', subject: '01234567 is your code', text: '01234567' }

describe('the endpoint for letters', () => {
  it('gets them as JSON with its token', async () => {
    const request = vi.fn<typeof fetch>(async () => new Response(null, { status: 202 }))
    await endpointMail('https://mail.test/send', 'secret', request).send(letter)
    const [url, init] = request.mock.calls[0] ?? []
    expect(url).toBe('https://mail.test/send')
    expect(init).toMatchObject({
      method: 'POST',
      redirect: 'manual',
      headers: { authorization: 'Bearer secret' },
      body: JSON.stringify(letter),
    })
  })

  it('that does not take one is an error which says nothing of the letter', async () => {
    const mail = endpointMail(
      'https://mail.test',
      'secret',
      async () => new Response('01234567', { status: 302 }),
    )
    await expect(mail.send(letter)).rejects.toThrow(/^expected the letter to be taken, was 302$/)
  })

  it('has to be an https address', () => {
    expect(() => endpointMail('http://mail.test', 'secret')).toThrow('https')
  })
})

describe('without an endpoint', () => {
  const env = {} as Env

  it.each(['http://localhost:8787/v1', 'http://127.0.0.1/', 'http://[::1]:1/'])(
    'a letter on %s is one line of the console',
    async (url) => {
      const log = vi.spyOn(console, 'warn').mockImplementation(() => {})
      await mailOf(env, url).send(letter)
      expect(log.mock.calls).toEqual([[JSON.stringify({ level: 'warn', message: 'letter', ...letter })]])
      log.mockRestore()
    },
  )

  it.each(['https://flipwire.test/', 'https://localhost.flipwire.test/', 'http://127.0.0.1.nip.test/'])(
    'none is written on %s, where others read the log',
    (url) => {
      expect(() => mailOf(env, url)).toThrow('not set up')
    },
  )
})
