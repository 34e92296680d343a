/** Term structure, skew, expected move and fit quality. Read over REST every 15 s while on screen. */
import { createMemo, createSignal, Show } from 'solid-js'
import type { Client } from '#client/createClient'
import type { GammaFrame } from '#schemas/frame/gamma'
import type { Volatility } from '#schemas/rest/volatility'
import { percent } from '../format/numbers.ts'
import { reasonText } from '../format/reasonText.ts'
import { clock, marketZone } from '../format/time.ts'
import type { GlossaryEntry } from '../levels/glossary.ts'
import { ChartPanel } from '../panels/ChartPanel.tsx'
import { createOnScreen } from '../desk/createOnScreen.ts'
import { createPolled } from '../desk/createPolled.ts'
import { smilesOf, type Smile } from './smiles.ts'
import { VolatilityFigures } from './VolatilityFigures.tsx'
import { volatilityOption } from './volatilityOption.ts'
import { volatilityTable } from './volatilityTable.ts'

const ENTRY: GlossaryEntry = {
  label: 'Volatility',
  meaning:
    'Left: implied volatility at the forward of each expiry, from a smile fitted to its quotes; a hollow diamond marks a fit to be read with care. Right: what the 25-delta put costs in volatility above the 25-delta call. The expected move is a size, not a direction; the share beside it is how often a normal settlement stays within it.',
  formula: 'skew = IV(25Δ put) − IV(25Δ call) · move = straddle at the forward · σ = √(π/2) · straddle',
}

export interface VolatilityPanelProps {
  readonly client: Client
  readonly frame: GammaFrame
  readonly theme: string
}

export function VolatilityPanel(props: VolatilityPanelProps) {
  const [host, setHost] = createSignal<HTMLDivElement>()
  const symbol = createMemo(() => props.frame.symbol)
  const read = (chosen: string) => props.client.volatility(chosen)
  const { answer: volatility, problem } = createPolled(read, symbol, createOnScreen(host))
  const zone = () => marketZone(props.frame.currency)
  const smiles = createMemo(() => {
    const answer = volatility()
    return answer === null ? [] : smilesOf(answer)
  })
  const upgrade = () => (problem()?.code === 'upgrade_required' ? problem() : null)
  const empty = () => {
    const answer = volatility()
    const failure = problem()
    if (answer !== null) return smiles().length === 0 ? whyEmpty(answer) : null
    return failure === null
      ? 'Fitting the smiles…'
      : `Not loaded: ${failure.problem.detail}. Tried again in 15 s.`
  }
  const asOf = () => {
    const at = volatility()?.meta.asOf ?? null
    return at === null ? '' : `· as of ${clock(Date.parse(at), zone())} ${zone().label}`
  }
  return (
    <div id="volatility-row" ref={setHost}>
      <ChartPanel
        id="volatility"
        isSecondary
        isUnsigned
        entry={ENTRY}
        unit={`annualised, by time to expiry ${asOf()}`}
        theme={props.theme}
        label={describe(smiles())}
        empty={empty()}
        upgrade={upgrade()}
        table={() => volatilityTableOf(volatility())}
        option={(box) => volatilityOption(smiles(), zone(), box)}
        figures={
          <Show when={volatility()}>
            {(answer) => <VolatilityFigures volatility={answer()} zone={zone()} />}
          </Show>
        }
        legend={
          <>
            <span class="key net">Volatility at the forward</span>
            <span class="key put">25Δ skew, vol points: puts dearer</span>
            <span class="key call">calls dearer</span>
          </>
        }
      />
    </div>
  )

  function volatilityTableOf(answer: Volatility | null) {
    return answer === null
      ? { caption: 'Volatility', columns: [], rows: [] }
      : volatilityTable(answer, zone())
  }
}

function whyEmpty({ data }: Volatility): string {
  const reason = data.reasons['expiries'] ?? data.expiries[0]?.reason ?? undefined
  return `No smile to show: ${reasonText(reason).toLowerCase()}.`
}

function describe(smiles: readonly Smile[]): string {
  const first = smiles[0]
  const last = smiles.at(-1)
  if (!first || !last) return 'Chart of implied volatility by expiry, empty so far.'
  return `Chart of implied volatility and skew of ${smiles.length} expiries: at the forward ${percent(first.atmVol)} in ${first.days.toFixed(1)} days, ${percent(last.atmVol)} in ${last.days.toFixed(1)} days.`
}
