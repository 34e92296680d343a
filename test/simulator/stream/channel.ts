import { gammaChannel } from '#schemas/stream/channel'
import { SYMBOL } from '../ingest/market.ts'

export const CHANNEL = gammaChannel(SYMBOL)
