import type { GammaFrame } from '#schemas/frame/gamma'
import { fullMoney, strikePrice } from '../format/numbers.ts'
import { CHART_GLOSSARY } from '../levels/glossary.ts'
import { ChartPanel } from './ChartPanel.tsx'
import type { PanelProps } from './GexByStrike.tsx'
import { profileOption } from './profileOption.ts'

export function Profile(props: PanelProps) {
  const currency = () => props.frame.currency
  const table = () => {
    const { spot, netGex } = props.frame.profile
    return {
      caption: `Net exposure at other spots, ${currency()} per 1 % move`,
      columns: ['Spot', 'Net exposure'],
      rows: spot.map((at, i) => [strikePrice(at), fullMoney(netGex[i] ?? 0, currency())]),
    }
  }
  return (
    <ChartPanel
      id="profile"
      isSecondary
      entry={CHART_GLOSSARY.profile}
      unit={`${currency()} per 1 % move, at other spots`}
      theme={props.theme}
      label={describe(props.frame)}
      empty={props.frame.profile.spot.length === 0 ? 'No profile can be computed yet.' : null}
      upgrade={props.upgrade}
      table={table}
      option={(box) => profileOption(props.frame, box)}
    />
  )
}

function describe(frame: GammaFrame): string {
  const { spot } = frame.profile
  const range = `spot from ${strikePrice(spot[0] ?? 0)} to ${strikePrice(spot.at(-1) ?? 0)}`
  const flips =
    frame.flips.length === 0
      ? 'it never crosses zero'
      : `it crosses zero at ${frame.flips.map((flip) => strikePrice(flip.price)).join(', ')}`
  return `Line chart of the net gamma exposure of ${frame.symbol} for ${range}: ${flips}.`
}
