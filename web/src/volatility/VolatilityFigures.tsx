/** What the smiles say in a few numbers: expected move, level, skew, and how far to trust them. */
import { Show, type JSX } from 'solid-js'
import type { ExpectedMove, Volatility } from '#schemas/rest/volatility'
import { count, fixedPercent, movingPrice, percent, ratio, signedPoints } from '../format/numbers.ts'
import { date, type MarketZone } from '../format/time.ts'
import { Missing } from '../notices/Missing.tsx'
import { flagSummary, frontMove, medianErrorVolPts, smilesOf } from './smiles.ts'

const MATURITY_DAYS = 30

export function VolatilityFigures(props: { readonly volatility: Volatility; readonly zone: MarketZone }) {
  const data = () => props.volatility.data
  const month = () => data().constantMaturities.find(({ days }) => days === MATURITY_DAYS)
  const reasonOf = (field: string) => data().reasons[field]
  const smiles = () => smilesOf(props.volatility)
  const slope = () => {
    const { slope30To90VolPts } = data()
    if (slope30To90VolPts === null) return ''
    return `${signedPoints(slope30To90VolPts)} pts to 90 days, ${slope30To90VolPts < 0 ? 'backwardation' : 'contango'}`
  }
  const wholeChain = () => {
    const { averageSkewVolPts } = data()
    return averageSkewVolPts === null ? '' : `${signedPoints(averageSkewVolPts)} over the whole chain`
  }
  return (
    <dl class="vol-figures">
      <Show when={frontMove(props.volatility)}>
        {(front) => (
          <>
            <MoveFigure
              label={`Expected move to ${date(Date.parse(front().expiry), props.zone)}`}
              move={front().straddle}
              method="straddle"
            />
            <MoveFigure
              label="One standard deviation"
              move={front().oneSigmaByStraddle}
              method="1.25 straddles"
            />
          </>
        )}
      </Show>
      <Figure label="30-day volatility" note={slope()}>
        <Value
          value={month()?.atmVol}
          format={fixedPercent}
          reason={month()?.reason ?? reasonOf('expiries')}
        />
      </Figure>
      <Figure label="30-day 25Δ skew, vol points" note={wholeChain()}>
        <Value
          value={month()?.skew25VolPts}
          format={signedPoints}
          reason={month()?.reason ?? reasonOf('expiries')}
        />
      </Figure>
      <Figure label="Smiles fitted" note={flagSummary(smiles())}>
        {count(smiles().length)} of {count(data().expiries.length)}
        <Show when={medianErrorVolPts(smiles())}>
          {(error) => <small class="vol-beside">median error {ratio(error())} pts</small>}
        </Show>
      </Figure>
    </dl>
  )
}

function MoveFigure(props: { readonly label: string; readonly move: ExpectedMove; readonly method: string }) {
  const note = () =>
    `covers ${percent(Math.round(props.move.coverage * 1_000) / 1_000)}, from ${props.method}`
  return (
    <Figure label={props.label} note={note()}>
      <Value value={props.move.move} format={(move) => `±${movingPrice(move)}`} reason={props.move.reason} />
      <Show when={props.move.moveShare}>
        {(share) => <small class="vol-beside">{fixedPercent(share())}</small>}
      </Show>
    </Figure>
  )
}

function Figure(props: { readonly label: string; readonly note: string; readonly children: JSX.Element }) {
  return (
    <div class="vol-figure">
      <dt>{props.label}</dt>
      <dd class="vol-value">{props.children}</dd>
      <Show when={props.note !== ''}>
        <dd class="vol-note">{props.note}</dd>
      </Show>
    </div>
  )
}

function Value(props: {
  readonly value: number | null | undefined
  readonly format: (value: number) => string
  readonly reason: string | null | undefined
}) {
  return (
    <Show when={props.value ?? null} keyed fallback={<Missing reason={props.reason ?? undefined} />}>
      {(value) => props.format(value)}
    </Show>
  )
}
