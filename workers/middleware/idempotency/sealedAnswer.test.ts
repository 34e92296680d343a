import { describe, expect, it } from 'vitest'
import { sealAnswer, unsealAnswer } from './sealedAnswer.ts'

const answer = { status: 201, contentType: 'application/json', body: '{"key":"gex_live_secret"}' }
const key = '6f1c2b9e-2f0e-4c0a-9d3b-0c8f3b0f8a11'

describe('a kept answer', () => {
  it('is read with the key it was asked for with, by the same caller, and not otherwise', async () => {
    const sealed = await sealAnswer(answer, 'desk', key)
    expect(sealed).not.toContain('secret')
    expect(await unsealAnswer(sealed, 'desk', key)).toEqual(answer)
    await expect(unsealAnswer(sealed, 'desk', `${key}0`)).rejects.toThrow('operation-specific reason')
    await expect(unsealAnswer(sealed, 'other', key)).rejects.toThrow('operation-specific reason')
  })

  it('is sealed differently each time', async () => {
    expect(await sealAnswer(answer, 'desk', key)).not.toBe(await sealAnswer(answer, 'desk', key))
  })
})
