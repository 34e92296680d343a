/** What a stream needs from its surroundings; injected, so that tests own the clock and the network. */
export interface StreamSocket {
  send(text: string): void
  close(): void
}

export interface SocketHandlers {
  message(data: unknown): void
  /** Once, for refused handshakes too. */
  closed(code: number): void
}

export interface StreamEnvironment {
  /** Binary messages must arrive as ArrayBuffer. */
  openSocket(url: string, protocol: string, handlers: SocketHandlers): StreamSocket
  /** Returns the cancellation. */
  setTimer(run: () => void, delayMs: number): () => void
  nowMs(): number
  /** In [0, 1). */
  random(): number
  /** Reports that the network or the person came back; returns the unsubscription. */
  onWakeUp(listener: (kind: 'online' | 'visible') => void): () => void
}
