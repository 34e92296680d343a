/** One metric for each published convention: this chain as its source would state it. */
import { CONVENTIONS } from '../../conventions/catalogue.ts'
import type { Convention } from '../../conventions/convention.ts'
import { GAMMA_UNITS } from '../../conventions/exposureUnit.ts'
import { translateBy, type Translation } from '../../conventions/translate.ts'
import type { Contributions } from '../evidence.ts'
import type { MarketView } from '../marketView.ts'
import { measured, missing } from '../measurement.ts'
import type { Measurement, Metric } from '../metric.ts'

/** Exposures in the metric's unit, levels as prices; a null has its reason under the same name. */
interface ConventionValue {
  readonly callGex: number | null
  readonly putGex: number | null
  readonly netGex: number | null
  readonly flip: number | null
  readonly flipMethod: string
  /** Every crossing the source would have had to choose from. */
  readonly crossings: readonly number[]
  readonly callWall: number | null
  readonly putWall: number | null
  readonly reasons: Readonly<Record<string, string>>
}

const GRADES: Readonly<Record<Convention['grade'], string>> = {
  source_code: 'its source code was read',
  documentation: 'its own documentation',
  secondary: "somebody else's account of it",
}

export const CONVENTION_METRICS: readonly Metric[] = CONVENTIONS.map(
  (convention): Metric<ConventionValue> => ({
    id: `convention.${camelCase(convention.id)}`,
    title: `${convention.title}, as documented by ${convention.documentedBy}`,
    unit: GAMMA_UNITS[convention.unit].text('currency'),
    method: `convention.${convention.id}@1`,
    usesSignModel: false,
    meaning:
      'This chain by the rules of one published convention, on the volatilities and the clock used here. It need not be the figure the source prints.',
    formula: `${convention.formula}; sign model ${convention.signModel}`,
    source: `${convention.source} (${GRADES[convention.grade]})`,
    measure: (view) => measureConvention(view, convention),
  }),
)

function measureConvention(view: MarketView, convention: Convention): Measurement<ConventionValue> {
  const { metrics, caveats, reasons } = translateBy(view.engine, convention, view.currency)
  const { callGex, putGex, netGex, flip, callWall, putWall } = metrics
  const basis = {
    notes: caveats,
    inputs: () => [
      { name: 'sign model', value: convention.signModel, unit: 'id', asOfMs: null },
      { name: 'weighting', value: convention.weighting, unit: 'id', asOfMs: null },
      { name: 'expiries', value: convention.expiries, unit: 'id', asOfMs: null },
      { name: 'contract size', value: convention.contractSize, unit: 'units of underlying', asOfMs: null },
    ],
    contributions: () => sideTerms(metrics),
  }
  if (netGex.value === null) return missing(view, reasons['netGex'] ?? 'no gamma', basis)
  const value = {
    callGex: callGex.value,
    putGex: putGex.value,
    netGex: netGex.value,
    flip: flip.value,
    flipMethod: flip.method,
    crossings: flip.all,
    callWall: callWall.value,
    putWall: putWall.value,
    reasons,
  }
  return measured(view, value, null, basis)
}

function sideTerms({ callGex, putGex }: Translation['metrics']): Contributions {
  const sides = [
    { name: 'calls', amount: callGex.value },
    { name: 'puts', amount: putGex.value },
  ]
  const items = sides.flatMap(({ name, amount }) => (amount === null ? [] : [{ name, amount, inputs: {} }]))
  return { kind: 'terms', unit: callGex.unit, total: null, items, rest: null }
}

function camelCase(id: string): string {
  return id.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}
