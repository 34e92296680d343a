/** The answer of `analyze` for a person to read. */
import { EXCHANGE_CALENDARS } from '#quant/calendar/exchangeCalendars'
import { rootSpec } from '#quant/contracts/rootMaster'
import type { Answer } from './answer.ts'
import type { CallPutNet } from './exposureAnswer.ts'
import { CURRENCY_SIGNS, money } from './money.ts'
import { volatilityReport } from './volatility.ts'

const EXPIRIES_SHOWN = 12
const ZONE_NAMES = { 'America/New_York': 'New York', 'Asia/Kolkata': 'India', UTC: 'UTC' } as const

export function report(answer: Answer): string {
  return [
    ...heading(answer),
    '',
    ...exposures(answer),
    '',
    ...levels(answer),
    '',
    ...expiries(answer),
    '',
    ...volatilityReport(answer.volatility),
    '',
  ].join('\n')
}

function heading(answer: Answer): string[] {
  const { coverage } = answer
  const unpriced = Object.entries(coverage.volStatus)
    .filter(([status]) => status !== 'priced')
    .map(([status, count]) => `${count} ${status}`)
  return [
    `${answer.underlying}  spot ${answer.spot}  as of ${localTime(answer.asOf, answer.underlying)}`,
    `${answer.contracts} contracts, ${answer.live} live, ${answer.priced} priced ` +
      `(${percent(answer.openInterestPriced)} of open interest)${unpriced.length ? `; not: ${unpriced.join(', ')}` : ''}`,
    `volatility ${answer.methods['vol']}, dealer sign ${answer.signModel}, ` +
      `${answer.rejected.lines} lines rejected, ${coverage.wideQuotes} quotes wide`,
  ]
}

function exposures(answer: Answer): string[] {
  const { currency } = answer
  const sign = CURRENCY_SIGNS[currency]
  const row = (name: string, call: number | null, put: number | null, net: number | null): string =>
    `${name.padEnd(28)}${[call, put, net].map((value) => money(value, currency).padStart(14)).join('')}`
  const sidesRow = (name: string, { call, put, net }: CallPutNet): string => row(name, call, put, net)
  const vendor = row(
    'vendor gamma, unsigned',
    answer.vendorCallGexUsdPer1Pct,
    answer.vendorPutGexUsdPer1Pct,
    null,
  )
  return [
    `${`gamma exposure, ${sign} per +1 %`.padEnd(28)}${['calls', 'puts', 'net'].map((t) => t.padStart(14)).join('')}`,
    row('local', answer.callGexUsdPer1Pct, answer.putGexUsdPer1Pct, answer.netGexUsdPer1Pct),
    row(
      'finite ±0.5 %',
      answer.callGexFiniteUsdPer1Pct,
      answer.putGexFiniteUsdPer1Pct,
      answer.netGexFiniteUsdPer1Pct,
    ),
    row('local, by volume', null, null, answer.netGexByVolumeUsdPer1Pct),
    vendor,
    sidesRow(`delta, ${sign}`, answer.dexUsd),
    sidesRow(`vanna, ${sign} per vol point`, answer.vexUsdPerVolPoint),
    sidesRow(`charm, ${sign} per day`, answer.chexUsdPerDay),
    sidesRow(`vega, ${sign} per vol point`, answer.vegaUsdPerVolPoint),
    sidesRow(`theta, ${sign} per day`, answer.thetaUsdPerDay),
    zeroDteLine(answer),
    signLine(answer),
    `net above spot ${money(answer.aboveSpotGexUsdPer1Pct, currency)}, ` +
      `below ${money(answer.belowSpotGexUsdPer1Pct, currency)}`,
  ]
}

function zeroDteLine({ zeroDte, reasons, currency }: Answer): string {
  if (zeroDte === null) return `settling today: ${reasons['zeroDte'] ?? 'nothing'}`
  const amount = (value: number | null): string => money(value, currency)
  const { contracts, shareOfGamma, netGexUsdPer1Pct, netGexFiniteUsdPer1Pct, byVolume } = zeroDte
  return (
    `settling today: ${contracts} contracts, ${percent(shareOfGamma)} of gamma, net ${amount(netGexUsdPer1Pct)} ` +
    `(finite ${amount(netGexFiniteUsdPer1Pct)}), finite by volume ${amount(byVolume.netGexFiniteUsdPer1Pct)}`
  )
}

function signLine({ signModels, signAgreement, currency }: Answer): string {
  const models = Object.entries(signModels).map(
    ([model, total]) => `${model} ${money(total?.net ?? null, currency)}`,
  )
  return `net by sign model: ${models.join(', ')}; agreement ${signAgreement === null ? '–' : signAgreement.toFixed(2)}`
}

function levels(answer: Answer): string[] {
  const { zeroGamma, walls } = answer
  const flip = (name: string, { nearest, status, crossings }: Answer['zeroGamma']['all']): string => {
    const others = crossings.filter(({ price }) => price !== nearest).map(({ price }) => price.toFixed(1))
    const distance = nearest === null ? '' : ` (${percent(nearest / answer.spot - 1, true)} from spot)`
    const rest = others.length > 0 ? `; also ${others.join(', ')}` : ''
    return `zero gamma ${name.padEnd(17)}${nearest === null ? status : nearest.toFixed(1) + distance}${rest}`
  }
  return [
    flip('all expiries', zeroGamma.all),
    flip('within 90 days', zeroGamma.within90d),
    flip(`front ${answer.frontExpiry ?? ''}`, zeroGamma.front),
    `call wall ${text(answer.callWall)}${share(walls.side.call)}, put wall ${text(answer.putWall)}${share(walls.side.put)}`,
    `absolute gamma strike ${text(answer.absGammaStrike)}, magnet ${text(answer.magnetStrike)}, ` +
      `front max pain ${text(answer.frontMaxPain)}`,
    `put/call ratio: open interest ${ratio(answer.pcrOi)}, volume ${ratio(answer.pcrVolume)}`,
  ]
}

function share(wall: { shareOfSide: number } | null): string {
  return wall ? ` (${percent(wall.shareOfSide)} of its side)` : ''
}

function expiries(answer: Answer): string[] {
  const shown = answer.byExpiry.slice(0, EXPIRIES_SHOWN)
  const hidden = answer.byExpiry.length - shown.length
  return [
    'expiry              days    forward   ATM vol  priced/listed' +
      `net ${CURRENCY_SIGNS[answer.currency]}/1 %`.padStart(14) +
      'max pain'.padStart(10),
    ...shown.map((e) =>
      [
        e.expiry.padEnd(16),
        e.dte.toFixed(2).padStart(8),
        (e.forward === null ? '–' : e.forward.toFixed(2)).padStart(11),
        percent(e.atmVol).padStart(10),
        `${e.priced}/${e.contracts}`.padStart(15),
        money(e.netGexUsdPer1Pct, answer.currency).padStart(14),
        text(e.maxPain).padStart(10),
      ].join(''),
    ),
    ...(hidden > 0 ? [`… and ${hidden} more expiries (--json shows all)`] : []),
  ]
}

function percent(value: number | null, signed = false): string {
  if (value === null) return '–'
  return `${signed && value > 0 ? '+' : ''}${(100 * value).toFixed(2)} %`
}

function ratio(value: number | null): string {
  return value === null ? '–' : value.toFixed(3)
}

function text(value: number | null): string {
  return value === null ? '–' : String(value)
}

/** On the clock of the exchange. */
function localTime(iso: string, underlying: string): string {
  const { timeZone } = EXCHANGE_CALENDARS[rootSpec(underlying).calendar]
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'medium', timeStyle: 'short' })
  return `${format.format(new Date(iso))} ${ZONE_NAMES[timeZone]}`
}
