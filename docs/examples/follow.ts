/** Follows symbols for three frames: node follow.ts <url> <symbol>…, as a guest or with the API key in FLIPWIRE_KEY. */
import { connect } from '@flipwire/client'

const [url = '', ...symbols] = process.argv.slice(2)
const apiKey = process.env['FLIPWIRE_KEY']
let frames = 0

const stream = connect(url, apiKey === undefined ? {} : { apiKey }).stream({
  channels: symbols.map((symbol) => `gamma.${symbol}`),
  onFrame: ({ symbol, epoch, sequence, netGex }) => {
    console.log(`${symbol} ${epoch}.${sequence}: net gamma exposure ${netGex}`)
    if (++frames === 3) stream.close()
  },
  onState: (channel, state) => {
    if (state.kind !== 'closed') console.log(`${channel} is ${state.kind}`)
    else if (state.reason === 'forbidden') console.log(`${channel} needs ${state.upgrade?.requiredTier}`)
    else console.log(`${channel} is closed: ${state.reason}`)
  },
})
