/** Long bytes cut to what a row may hold (2 MB), and put together again. */
const PIECE_BYTES = 1024 * 1024

export function* piecesOf(bytes: Uint8Array): Generator<ArrayBuffer> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES)
    yield bytes.slice(at, at + PIECE_BYTES).buffer as ArrayBuffer
}

export function joined(pieces: readonly ArrayBuffer[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.byteLength, 0))
  let offset = 0
  for (const piece of pieces) {
    whole.set(new Uint8Array(piece), offset)
    offset += piece.byteLength
  }
  return whole
}
