/** A channel's log as the viewers of one encoding see it. */
import type { Position } from '#schemas/stream/messages'
import type { ChannelLog } from './channelLog.ts'
import type { Encoding, Outgoing, Payload } from './outgoing.ts'
import type { FrameSource } from './viewer.ts'

/** Null before the channel's first frame. */
export function frameSource(log: ChannelLog, encoding: Encoding): FrameSource<Payload> | null {
  const { position: newest } = log
  if (newest === null) return null
  return {
    newest,
    missing: (position) => log.missing(position),
    next: (position) => held(log.next(position)).in(encoding),
    snapshot: () => held(log.snapshot()).in(encoding),
    isShorterFrom: (position) => isShorterFrom(log, position, held(log.snapshot()).bytes().length),
  }
}

/** Judged by the binary form in either encoding: all frames have it. */
function isShorterFrom(log: ChannelLog, position: Position, limit: number): boolean {
  let bytes = 0
  for (let next = log.next(position); next !== undefined && bytes < limit; next = log.next(next.position)) {
    bytes += next.bytes().length
  }
  return bytes < limit
}

function held(frame: Outgoing | null | undefined): Outgoing {
  if (!frame) throw new Error('expected a log that has begun and a position that is covered')
  return frame
}
