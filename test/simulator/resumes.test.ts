import { expect, it } from 'vitest'
import { NOTHING_HELD, stepChannel, type ChannelEvent, type ChannelState } from '#client/stream/channelState'
import { isNewer } from '#client/stream/framePosition'
import { ChannelLog } from '#durable-objects/fanout/channelLog'
import { Random } from '#bridge/feeds/synthetic/Random'
import type { GammaFrame } from '#schemas/frame/gamma'
import { gammaChannel } from '#schemas/stream/channel'
import { RESUME } from '#schemas/stream/protocol'
import { quantise } from '#schemas/stream/quantise'
import { emptyFrame } from '#schemas/stream/snapshot'

const RESUMES = Number(process.env['SIM_RESUMES'] ?? 100_000)
const SYMBOL = 'SPX'
const CHANNEL = gammaChannel(SYMBOL)
const FRAMES_AN_EPOCH = 4_500

/** A hub's channel over several lives, and every frame it ever published with its time. */
class History {
  readonly #random: Random
  log = new ChannelLog(CHANNEL)
  epoch = 1
  nowMs = 0
  frames: GammaFrame[] = []
  publishedMs: number[] = []
  /** Frames of the epoch before. */
  retracted: GammaFrame[] = []

  constructor(random: Random) {
    this.#random = random
  }

  get sequence(): number {
    return this.frames.length
  }

  publish(): void {
    if (this.sequence === FRAMES_AN_EPOCH) this.#restart()
    // Bursts, so that sometimes the number of frames and sometimes their age ends the window.
    this.nowMs += this.sequence % 3_000 < 2_200 ? 100 : 250 + this.#random.integer(500)
    const sequence = this.sequence + 1
    const wobble = () => 1e6 * this.#random.uniform()
    const frame = quantise({
      ...emptyFrame(SYMBOL),
      epoch: this.epoch,
      sequence,
      previous: sequence - 1,
      publishedMs: this.nowMs,
      netGex: wobble(),
      strikes: { strike: [6_000, 6_050], callGex: [wobble(), 2e6], putGex: [-wobble(), -1e6] },
    })
    this.frames.push(frame)
    this.publishedMs.push(this.nowMs)
    this.log.publish(frame, this.nowMs)
  }

  /** Whether all frames after `sequence` of this epoch are in the window, by the definition of the protocol. */
  covers(sequence: number): boolean {
    const missing = this.sequence - sequence
    if (missing < 0 || missing > RESUME.frames) return false
    return missing === 0 || this.nowMs - (this.publishedMs[sequence] as number) <= RESUME.ms
  }

  #restart(): void {
    this.retracted = this.frames
    this.frames = []
    this.publishedMs = []
    this.epoch++
    this.log = new ChannelLog(CHANNEL)
  }
}

/** A frame some viewer may hold when it comes back: mostly a recent one, now and then at the edge of the window. */
function heldBefore(history: History, random: Random): GammaFrame | null {
  const { sequence, frames, retracted, epoch } = history
  const back = (frame: number) => frames[Math.max(0, sequence - 1 - frame)] ?? null
  const draw = random.uniform()
  if (draw < 0.02) return null
  if (draw < 0.06) return retracted[random.integer(retracted.length)] ?? null
  if (draw < 0.08) return { ...(back(0) as GammaFrame), sequence: sequence + 1 + random.integer(5) }
  if (draw < 0.1) return { ...(back(0) as GammaFrame), epoch: epoch + 1 }
  if (draw < 0.101) return back(RESUME.frames - 2 + random.integer(5))
  if (draw < 0.102) return back(random.integer(sequence))
  if (draw < 0.103)
    return back(
      history.publishedMs.filter((ms) => history.nowMs - ms <= RESUME.ms).length - 2 + random.integer(5),
    )
  return back(random.integer(8))
}

/** What the protocol says to who comes back: the answer, then frames. */
function answerTo(from: GammaFrame | null, { log, epoch, sequence, nowMs }: History): ChannelEvent[] {
  const missed = from && log.after(from, nowMs)
  const answer = {
    type: 'subscribed',
    channel: CHANNEL,
    epoch,
    sequence,
    recovered: missed !== null,
  } as const
  const snapshot = log.snapshot()
  const frames = missed ?? (snapshot === null ? [] : [snapshot])
  return [answer, ...frames.map(({ message }) => message)]
}

it(
  `brings ${RESUMES} viewers back with every frame they missed or an honest snapshot`,
  { timeout: 0 },
  () => {
    const random = new Random(4, 'resumes')
    const history = new History(random)
    for (let n = 0; n < 100; n++) history.publish()
    const seen = { recovered: 0, snapshots: 0, frames: 0, gaps: 0, duplicates: 0, dishonest: 0, wrong: 0 }
    for (let n = 0; n < RESUMES; n++) {
      if (n % 8 === 0) history.publish()
      const held = heldBefore(history, random)
      const shown = held && { epoch: held.epoch, sequence: held.sequence }
      const asked = stepChannel({ ...NOTHING_HELD, held, shown }, { type: 'connected' })
      const [ask] = asked.effects
      const from = ask?.kind === 'subscribe' && ask.from !== null ? held : null
      const isCovered = from !== null && from.epoch === history.epoch && history.covers(from.sequence)
      const events = answerTo(from, history)
      const recovered = events[0]?.type === 'subscribed' && events[0].recovered
      if (recovered !== isCovered) seen.dishonest++
      seen[recovered ? 'recovered' : 'snapshots']++
      let state: ChannelState = asked.state
      let next = recovered ? (held?.sequence ?? 0) + 1 : history.sequence
      for (const event of events) {
        const step = stepChannel(state, event)
        state = step.state
        for (const effect of step.effects) {
          if (effect.kind !== 'frame') continue
          seen.frames++
          if (effect.frame.sequence > next) seen.gaps++
          if (effect.frame.sequence < next) seen.duplicates++
          next = effect.frame.sequence + 1
        }
      }
      const newest = history.frames.at(-1) as GammaFrame
      // Who is ahead of the server is shown nothing until it has caught up.
      const last = shown !== null && isNewer(shown, newest) ? shown : newest
      const isSame = JSON.stringify(state.held) === JSON.stringify(newest)
      if (!isSame || state.shown?.epoch !== last.epoch || state.shown.sequence !== last.sequence) seen.wrong++
    }
    expect(seen).toMatchObject({ gaps: 0, duplicates: 0, dishonest: 0, wrong: 0 })
    expect(seen.recovered).toBeGreaterThan(RESUMES / 2)
    expect(seen.snapshots).toBeGreaterThan(RESUMES / 20)
  },
)
