import { createEffect, createMemo, createSignal, on, Show } from 'solid-js'
import type { ApiProblem } from '#client/rest/apiProblem'
import type { GammaFrame } from '#schemas/frame/gamma'
import { fullMoney, strikePrice, signedCompactMoney } from '../format/numbers.ts'
import { CHART_GLOSSARY } from '../levels/glossary.ts'
import { ChartPanel } from './ChartPanel.tsx'
import { gexByStrikeOption, netByStrike, type StrikeView } from './gexByStrikeOption.ts'
import { Segmented } from './Segmented.tsx'
import {
  defaultShare,
  strikeWindow,
  visibleStrikes,
  WINDOW_SHARES,
  windowCentre,
  type WindowShare,
} from './strikeWindow.ts'

const VIEWS = [
  { value: 'callPut', text: 'Calls & puts' },
  { value: 'net', text: 'Net' },
] as const
const WINDOWS = [
  ...WINDOW_SHARES.map((value) => ({ value: value as WindowShare, text: `±${value * 100} %` })),
  { value: null, text: 'All' },
]

export interface PanelProps {
  readonly frame: GammaFrame
  readonly theme: string
  readonly upgrade: ApiProblem | null
}

export function GexByStrike(props: PanelProps) {
  const [view, setView] = createSignal<StrikeView>('callPut')
  const [chosen, setChosen] = createSignal<{ symbol: string; share: WindowShare } | null>(null)
  // The default is taken once per symbol and first full frame; later frames must not move the window.
  createEffect(
    on(
      () => [props.frame.symbol, props.frame.strikes.strike.length > 0] as const,
      ([symbol, hasStrikes]) => {
        if (hasStrikes && chosen()?.symbol !== symbol) setChosen({ symbol, share: defaultShare(props.frame) })
      },
    ),
  )
  const share = () => chosen()?.share ?? null
  const centre = createMemo<number | null>((held) => {
    const { spotPrice, symbol } = props.frame
    const isSame =
      chosen()?.symbol === symbol && held !== null && Math.abs(held / (spotPrice ?? held) - 1) < 0.5
    return spotPrice === null ? null : windowCentre(isSame ? held : null, spotPrice, share())
  }, null)
  const window = () => strikeWindow(props.frame, share(), centre()) ?? { min: 0, max: 1 }
  const currency = () => props.frame.currency

  const table = () => {
    const strikes = visibleStrikes(props.frame, window())
    const net = netByStrike(strikes)
    return {
      caption: `Gamma exposure by strike, ${currency()} per 1 % move`,
      columns: ['Strike', 'Calls', 'Puts', 'Net'],
      rows: strikes.strike.map((k, i) => [
        strikePrice(k),
        ...[strikes.callGex[i], strikes.putGex[i], net[i]].map((value) => fullMoney(value ?? 0, currency())),
      ]),
    }
  }
  return (
    <ChartPanel
      id="gex-by-strike"
      entry={CHART_GLOSSARY.byStrike}
      unit={`${currency()} per 1 % move`}
      theme={props.theme}
      label={describe(props.frame)}
      empty={props.frame.strikes.strike.length === 0 ? 'No strike is priced yet.' : null}
      upgrade={props.upgrade}
      table={table}
      option={(box) => gexByStrikeOption(props.frame, window(), view(), box)}
      legend={
        <>
          <span class="key call">{view() === 'net' ? 'Net long gamma' : 'Calls'}</span>
          <span class="key put">{view() === 'net' ? 'Net short gamma' : 'Puts'}</span>
        </>
      }
      actions={
        <>
          <Segmented name="strike-view" label="Bars" options={VIEWS} value={view()} onChange={setView} />
          <Show when={props.frame.spotPrice !== null}>
            <Segmented
              name="strike-window"
              label="Strikes around spot"
              options={WINDOWS}
              value={share()}
              onChange={(next) => setChosen({ symbol: props.frame.symbol, share: next })}
            />
          </Show>
        </>
      }
    />
  )
}

function describe(frame: GammaFrame): string {
  const { strike } = frame.strikes
  const net = frame.netGex === null ? 'unknown' : signedCompactMoney(frame.netGex, frame.currency)
  const range = `${strike.length} strikes from ${strikePrice(strike[0] ?? 0)} to ${strikePrice(strike.at(-1) ?? 0)}`
  const walls = [
    frame.callWall === null ? '' : `, call wall ${strikePrice(frame.callWall)}`,
    frame.putWall === null ? '' : `, put wall ${strikePrice(frame.putWall)}`,
  ].join('')
  return `Bar chart of gamma exposure by strike for ${frame.symbol}: ${range}, net ${net} per 1 % move${walls}.`
}
