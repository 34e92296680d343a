import { ChannelLog } from '#durable-objects/fanout/channelLog'
import type { Joined, PushAnswer } from '#durable-objects/relay/contract'
import { RelayPusher } from '#durable-objects/symbol/stream/relayPusher'
import type { GammaFrame } from '#schemas/frame/gamma'
import type { SimulatedSymbol } from '../ingest/SimulatedSymbol.ts'
import type { Network } from '../world/Network.ts'
import { CHANNEL } from './channel.ts'
import type { SimulatedRelay } from './SimulatedRelay.ts'
import type { StreamLedger } from './StreamLedger.ts'

const TIMEOUT_MS = 5_000

/** The part of one life of the symbol's object that has to do with viewers: a log, and the relays that have joined. */
export class SimulatedHub {
  readonly #symbol: SimulatedSymbol
  readonly #network: Network
  readonly #relays: ReadonlyMap<string, SimulatedRelay>
  readonly #ledger: StreamLedger
  readonly #log = new ChannelLog(CHANNEL)
  readonly #pusher: RelayPusher

  /** `joined`: the names stored last. */
  constructor(
    symbol: SimulatedSymbol,
    network: Network,
    relays: ReadonlyMap<string, SimulatedRelay>,
    ledger: StreamLedger,
    joined: readonly string[],
  ) {
    this.#symbol = symbol
    this.#network = network
    this.#relays = relays
    this.#ledger = ledger
    const port = {
      push: (relay: string, bytes: Uint8Array) => this.#push(relay, bytes),
      save: (names: readonly string[]) => symbol.storeRelays(names),
      failed: () => {},
    }
    this.#pusher = new RelayPusher(this.#log, port, joined, symbol.process.nowMs())
  }

  get newest(): GammaFrame | null {
    return this.#log.frame
  }

  publish(frame: GammaFrame): void {
    this.#symbol.say(() => this.#ledger.left(frame))
    const nowMs = this.#symbol.process.nowMs()
    this.#log.publish(frame, nowMs)
    this.#pusher.published(nowMs)
  }

  join(relay: string, reply: (joined: Joined | null) => void): void {
    // After a restart the book is there before the next batch is.
    if (this.newest === null) this.#symbol.publish()
    const { frame, position } = this.#log
    const snapshot = this.#log.snapshot()
    this.#pusher.join(relay, position, this.#symbol.process.nowMs())
    const joined =
      frame === null || snapshot === null ? null : { feed: frame.feed, snapshot: snapshot.bytes() }
    this.#symbol.say(() => reply(joined))
  }

  renew(relay: string, reply: (isKnown: boolean) => void): void {
    this.#pusher.renew(relay, this.#symbol.process.nowMs())
    this.#symbol.say(() => reply(this.newest !== null))
  }

  #push(name: string, bytes: Uint8Array): Promise<PushAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<PushAnswer>()
    const relay = this.#relays.get(name)
    if (relay === undefined) return Promise.reject(new Error(`expected a relay, was ${name}`))
    this.#symbol.say(() => {
      this.#network.call<PushAnswer>(
        this.#symbol.process,
        relay.process,
        TIMEOUT_MS,
        (reply) => reply(relay.receive(bytes)),
        (answer) => (answer === null ? reject(new Error('timeout')) : resolve(answer)),
      )
    })
    return promise
  }
}
