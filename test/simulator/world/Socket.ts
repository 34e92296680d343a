import type { Network } from './Network.ts'
import type { Process } from './Process.ts'

export type Data = string | ArrayBuffer

/** What an end of a socket hears. */
export interface SocketListener {
  message(data: Data): void
  closed(code: number): void
}

interface Side {
  readonly process: Process
  readonly life: number
  listener: SocketListener | null
  /** On its way to this side, oldest first. A close is last. */
  readonly arriving: (Data | { readonly code: number })[]
  isMoving: boolean
}

const STALL_MS = 300
/** A socket whose other end is gone without a word. */
const ABNORMAL = 1006

/**
 * A connection between two processes: in order and without loss while it lives. A cut network only delays it; a death of
 * one end is heard at the other, unless the connection is half open: then nothing arrives and nobody is told.
 */
export class Socket {
  readonly #network: Network
  readonly #client: Side
  readonly #server: Side
  isHalfOpen = false
  isClosed = false

  constructor(network: Network, client: Process, server: Process) {
    this.#network = network
    this.#client = sideOf(client)
    this.#server = sideOf(server)
  }

  /** Messages that the client has not read. */
  get unread(): number {
    return this.#client.arriving.length
  }

  listenAtClient(listener: SocketListener): void {
    this.#client.listener = listener
  }

  listenAtServer(listener: SocketListener): void {
    this.#server.listener = listener
  }

  sendToClient(data: Data): void {
    this.#put(this.#client, data)
  }

  sendToServer(data: Data): void {
    this.#put(this.#server, data)
  }

  closeAtServer(code: number): void {
    this.#server.listener = null
    this.#put(this.#client, { code })
  }

  closeAtClient(): void {
    this.#client.listener = null
    this.#put(this.#server, { code: 1000 })
  }

  /** Both ends are told; what was on its way is lost. */
  reset(): void {
    for (const side of [this.#client, this.#server]) {
      side.arriving.length = 0
      this.#put(side, { code: ABNORMAL })
    }
  }

  /** Its server has died. */
  breakAtServer(): void {
    this.#server.listener = null
    this.#client.arriving.length = 0
    this.#put(this.#client, { code: ABNORMAL })
  }

  #put(side: Side, item: Data | { readonly code: number }): void {
    if (this.isHalfOpen) return
    side.arriving.push(item)
    if (!side.isMoving) this.#moveLater(side, this.#network.delayMs())
  }

  #moveLater(side: Side, delayMs: number): void {
    side.isMoving = true
    side.process.after(delayMs, () => {
      side.isMoving = false
      this.#move(side)
    })
  }

  #move(side: Side): void {
    if (this.isHalfOpen || side.listener === null || side.process.life !== side.life) return
    if (this.#network.isCut(this.#client.process, this.#server.process))
      return this.#moveLater(side, STALL_MS)
    const item = side.arriving.shift()
    if (item === undefined) return
    if (side.arriving.length > 0) this.#moveLater(side, 0)
    if (typeof item === 'object' && 'code' in item) {
      this.isClosed = true
      const { listener } = side
      side.listener = null
      listener.closed(item.code)
    } else side.listener.message(item)
  }
}

function sideOf(process: Process): Side {
  return { process, life: process.life, listener: null, arriving: [], isMoving: false }
}
