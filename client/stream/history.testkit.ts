/** What a server said on a channel, frame by frame, for tests of those who listen. */
import type { GammaFrame } from '#schemas/frame/gamma'
import { deltaOf, type GammaDelta } from '#schemas/stream/delta'
import { quantise } from '#schemas/stream/quantise'
import { gammaFrame } from './frames.testkit.ts'

/**
 * The frame of a position: different at each, and always the same at one. `previous`: in a stream of one frame in a
 * while.
 */
export function frameAt(
  epoch: number,
  sequence: number,
  symbol = 'SPX',
  previous = sequence - 1,
): GammaFrame {
  const wobble = (k: number) => Math.sin(epoch * 7 + sequence * 3 + k)
  return quantise(
    gammaFrame({
      symbol,
      epoch,
      sequence,
      previous,
      spotPrice: 6490 + wobble(0),
      netGex: 1e9 * wobble(1),
      strikes: {
        strike: [6400, 6500 + 25 * (sequence % 3)],
        callGex: [1e8 * wobble(2), 2e9 * wobble(3)],
        putGex: [-1e9 * wobble(4), -4e8],
      },
    }),
  )
}

export function deltaAt(
  epoch: number,
  sequence: number,
  symbol = 'SPX',
  previous = sequence - 1,
): GammaDelta {
  const delta = deltaOf(frameAt(epoch, previous, symbol), frameAt(epoch, sequence, symbol, previous))
  if (delta === null) throw new Error(`expected frame ${sequence} to follow ${previous}`)
  return delta
}
