/** The bridge as it is, on the rig's vendor instead of a market of its own. Environment: SYMBOL, VENDOR_PORT, BRIDGE. */
import { parseOptions } from '#bridge/cli/options'
import { createReport } from '#bridge/cli/report'
import { runBridge } from '#bridge/cli/runBridge'
import { systemClock } from '#bridge/clock/systemClock'
import { createVendorFeed } from './vendorFeed.ts'

const { SYMBOL = '', VENDOR_PORT = '', BRIDGE = '' } = process.env
const parsed = parseOptions(process.argv.slice(2))
if (!parsed.ok) throw new Error(parsed.message)
const surroundings = {
  clock: systemClock,
  random: Math.random,
  environment: process.env,
  report: createReport('text', (line) => console.error(`${BRIDGE} ${line}`), Date.now),
  feeds: [createVendorFeed(SYMBOL, Number(VENDOR_PORT), BRIDGE)],
}
process.exitCode = await runBridge(parsed.options, surroundings, new AbortController().signal)
