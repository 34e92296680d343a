/** Key levels of the first symbol, with their age; and what a refusal looks like. */
import { connect } from '@flipwire/client'

const [url = ''] = process.argv.slice(2)
const flipwire = connect(url)

const symbols = await flipwire.symbols()
if (!symbols.ok) throw new Error(symbols.problem.detail)
const [first] = symbols.value.data
if (first === undefined) throw new Error('no symbol has had data yet')

const levels = await flipwire.levels(first.symbol)
if (levels.ok) {
  const { data, meta } = levels.value
  console.log(`${meta.symbol} at ${meta.asOf} (${meta.feed}, ${meta.quality.freshness})`)
  console.log(
    `spot ${data.spotPrice}, flip ${data.nearestFlip}, call wall ${data.callWall}, put wall ${data.putWall}`,
  )
} else if (levels.upgrade) {
  console.log(`needs ${levels.upgrade.requiredTier}: ${levels.upgrade.upgradeUrl}`)
}

const nothing = await flipwire.levels('NOTHING')
if (!nothing.ok) console.log(`refused: ${nothing.problem.code}`)
