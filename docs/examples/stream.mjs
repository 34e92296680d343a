// The first frame of a symbol: node stream.mjs <ws address> <API key> <symbol>. A program that stays acknowledges frames and
// goes on after an interruption: docs/design/stream.md, or the client package, which does both.
const [url, key, symbol] = process.argv.slice(2)
// Node's own, which unlike a browser's can send headers.
const socket = new WebSocket(`${url}/ws/v1`, { headers: { 'X-API-Key': key } })
socket.addEventListener('open', () =>
  socket.send(JSON.stringify({ op: 'subscribe', channels: [`gamma.${symbol}`] })),
)
socket.addEventListener('message', ({ data }) => {
  const { type, channel, frame } = JSON.parse(data)
  if (type !== 'snapshot') return
  console.log(`${channel} ${frame.epoch}.${frame.sequence}: net gamma exposure ${frame.netGex}`)
  socket.close()
})
socket.addEventListener('error', () => {
  console.error('the socket was refused')
  process.exitCode = 1
})
