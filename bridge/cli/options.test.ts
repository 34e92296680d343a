import { describe, expect, it } from 'vitest'
import { parseOptions } from './options.ts'

describe('parseOptions', () => {
  it('has a default for everything', () => {
    expect(parseOptions([])).toMatchObject({
      ok: true,
      options: {
        feed: 'synthetic',
        to: 'http://127.0.0.1:8787',
        symbols: [],
        seed: 1,
        startMs: null,
        once: false,
      },
    })
  })

  it('reads what it is told', () => {
    const args =
      '--symbols SPX,NVDA,SPX --start 2026-11-20T14:30:00Z --speed 0 --ticks 9 --to https://a.example/x'
    expect(parseOptions(args.split(' '))).toMatchObject({
      ok: true,
      options: {
        symbols: ['SPX', 'NVDA'],
        startMs: Date.UTC(2026, 10, 20, 14, 30),
        speed: 0,
        steps: 9,
        once: true,
        to: 'https://a.example',
      },
    })
  })

  it.each([
    ['--feed nasdaq', '--feed: expected synthetic or chain, was "nasdaq"'],
    ['--seed 1.5', '--seed: expected a whole number, was "1.5"'],
    ['--seed -1', '--seed'],
    ['--speed fast', '--speed: expected 0 to 100000, was "fast"'],
    ['--speed 0', '--speed 0 needs --start'],
    ['--start yesterday', '--start: expected an ISO time'],
    ['--to ftp://a', '--to: expected an http(s) address'],
    ['--symbols SPX,,SPY', '--symbols: "" is not a symbol'],
    ['--feed chain', '--feed chain needs --file PATH'],
    ['--colour', "Unknown option '--colour'"],
    ['stray', 'Unexpected argument'],
  ])('refuses %s', (args, message) => {
    const parsed = parseOptions(args.split(' '))
    expect(parsed.ok ? '' : parsed.message).toContain(message)
  })
})
