import { openStream } from '#client/stream/openStream'
import type { StreamEnvironment } from '#client/stream/environment'
import { CLOSE_CODES } from '#schemas/stream/closeCodes'
import type { GammaFrame } from '#schemas/frame/gamma'
import type { Position } from '#schemas/stream/messages'
import { readServerMessage } from '#schemas/stream/serverMessage'
import { TIER_LIMITS, type Tier } from '#schemas/tiers'
import { SYMBOL } from '../ingest/market.ts'
import type { Network } from '../world/Network.ts'
import type { Process } from '../world/Process.ts'
import { Socket, type Data } from '../world/Socket.ts'
import type { SimulatedRelay } from './SimulatedRelay.ts'
import type { StreamLedger } from './StreamLedger.ts'

const RECOVERED = 'recovered means every frame'

/** A page with the client in it, all of it; a reload starts it with nothing. */
export class SimulatedViewer {
  readonly process: Process
  readonly #network: Network
  readonly #relays: readonly SimulatedRelay[]
  readonly #ledger: StreamLedger
  readonly #encoding: 'json' | 'binary'
  readonly #tier: Tier
  #wake: (kind: 'online' | 'visible') => void = () => {}
  #socket: Socket | null = null
  shown: Position | null = null
  /** What just arrived was a whole frame. */
  #isSnapshot = false
  /** Of the frame the client goes on from, shown or not. */
  #last: Position | null = null
  /** Up to here the server promised every frame, none left out. */
  #promised: Position | null = null
  /** A snapshot was announced: where a relay lags, the client follows it, and shows nothing older. */
  #mayGoBack = false
  /** None of the promised frames has come yet. */
  #awaitsFirst = false

  constructor(
    process: Process,
    network: Network,
    relays: readonly SimulatedRelay[],
    ledger: StreamLedger,
    encoding: 'json' | 'binary',
    tier: Tier,
  ) {
    this.process = process
    this.#network = network
    this.#relays = relays
    this.#ledger = ledger
    this.#encoding = encoding
    this.#tier = tier
  }

  /** One frame in so long. */
  get everyMs(): number {
    return TIER_LIMITS[this.#tier].frameEveryMs
  }

  open(): void {
    this.process.start()
    this.process.say('opens')
    this.shown = null
    this.#last = null
    const { life } = this.process
    const stream = openStream({
      url: async () => 'wss://flipwire.test/ws/v1',
      encoding: this.#encoding,
      environment: this.#environment(),
      onStatus: ({ kind }) => this.process.say(kind),
    })
    stream.subscribe(SYMBOL, {
      onFrame: (frame) => this.process.life === life && this.#show(frame),
      onRefused: (code) =>
        this.process.world.check(false, 'a viewer may come before the first frame', () => code),
      onResumed: (recovered) => this.process.say(recovered ? 'is recovered' : 'is not recovered'),
    })
  }

  /** Leaves without a word and comes back as another. */
  reload(): void {
    this.#socket?.closeAtClient()
    this.process.kill()
    this.open()
  }

  /** The network or the person is back. */
  nudge(): void {
    this.process.after(0, () => this.#wake('online'))
  }

  /** The connection ends; the next may be to another relay. */
  resetLine(): void {
    this.#socket?.reset()
  }

  /** The connection goes on looking open from both ends. */
  loseLine(): void {
    if (this.#socket !== null) this.#socket.isHalfOpen = true
  }

  #environment(): StreamEnvironment {
    const { process } = this
    return {
      openSocket: (_, protocol, handlers) => {
        const relay = process.world.pick(this.#relays)
        const socket = new Socket(this.#network, process, relay.process)
        this.#socket = socket
        this.#promised = null
        this.#awaitsFirst = false
        this.#mayGoBack = false
        socket.listenAtClient({
          message: (data) => {
            this.#look(data)
            handlers.message(data)
          },
          closed: (code) => {
            process.say(`is closed ${code}`)
            const isKept = code !== CLOSE_CODES.slow || !this.#awaitsFirst
            process.world.check(isKept, RECOVERED, () => 'closed before the first of them')
            handlers.closed(code)
          },
        })
        relay.accept(socket, protocol, this.#tier)
        return { send: (text) => socket.sendToServer(text), close: () => socket.closeAtClient() }
      },
      setTimer: (run, delayMs) => process.after(delayMs, run),
      nowMs: () => process.nowMs(),
      random: () => process.world.random.uniform(),
      onWakeUp: (listener) => {
        this.#wake = listener
        return () => {}
      },
    }
  }

  /** Before the client sees it. */
  #look(data: Data): void {
    const read = readServerMessage(data)
    const { world } = this.process
    world.check(read.kind !== 'bad', 'a server sends only valid messages', () => {
      return read.kind === 'bad' ? read.detail : ''
    })
    if (read.kind !== 'message') return
    const { message } = read
    const isOffence = message.type === 'error' && message.code === 'bad_message'
    world.check(!isOffence, 'a client sends only what it may', () => JSON.stringify(message))
    this.#isSnapshot = message.type === 'snapshot'
    if (message.type === 'subscribed') this.#promise(message)
    else if (message.type === 'delta') this.#arrives(message, message.previous)
    else if (message.type === 'snapshot') this.#arrives(message.frame, null)
  }

  #promise({ epoch, sequence, recovered }: Position & { readonly recovered: boolean }): void {
    this.#promised = recovered ? { epoch, sequence } : null
    this.#mayGoBack = !recovered
    this.#awaitsFirst = recovered && (this.#last?.sequence ?? 0) < sequence
    const isOfThisEpoch = !recovered || this.#last?.epoch === epoch
    this.process.world.check(isOfThisEpoch, RECOVERED, () => `${this.#last?.epoch} went on as ${epoch}`)
  }

  /** `previous`: of a delta. */
  #arrives({ epoch, sequence }: Position, previous: number | null): void {
    this.#awaitsFirst = false
    const [last, promised] = [this.#last, this.#promised]
    const isLater = last === null || epoch > last.epoch || (epoch === last.epoch && sequence > last.sequence)
    if (!isLater && !(this.#mayGoBack && previous === null)) return
    this.#mayGoBack = false
    this.#last = { epoch, sequence }
    if (last === null || promised?.epoch !== epoch || last.sequence >= promised.sequence) return
    this.process.world.check(previous === last.sequence, RECOVERED, () => {
      return `${sequence} came after ${last.sequence}, every frame up to ${promised.sequence} was promised`
    })
  }

  #show(frame: GammaFrame): void {
    const { world } = this.process
    const { shown } = this
    const { epoch, sequence } = frame
    const at = () => `${epoch}/${sequence} after ${shown?.epoch}/${shown?.sequence}`
    if (shown !== null) {
      const isLater = epoch > shown.epoch || (epoch === shown.epoch && sequence > shown.sequence)
      world.check(isLater, 'a viewer never goes back', at)
    }
    const isNext = epoch === shown?.epoch && frame.previous === shown.sequence
    world.check(isNext || this.#isSnapshot, 'a gap is filled or begins with a snapshot', at)
    this.shown = { epoch, sequence }
    this.process.say(`${isNext || epoch !== shown?.epoch ? 'shows' : 'skips to'} ${epoch}/${sequence}`)
    this.#ledger.shown(this.process.name, frame, this.everyMs)
  }
}
