import { METHODS, type ComponentExposure } from '../../../eigen/eigenHedge.ts'
import type { ThreeInstrumentHedge } from '../../../eigen/threeInstrumentHedge.ts'
import type { Contributions } from '../../evidence.ts'
import type { MarketView } from '../../marketView.ts'
import { measured } from '../../measurement.ts'
import type { Measurement, Metric } from '../../metric.ts'
import { whyNoExposure } from '../../whyNoExposure.ts'
import { eigenBasis, inEigenWords } from './basis.ts'

const SOURCE = 'R. Cont and J. da Fonseca, "Dynamics of implied volatility surfaces" (2002)'
const EXPOSURE_UNIT = 'currency per unit of log-IV along the component'

const EXPOSURES: Metric<readonly ComponentExposure[]> = {
  id: 'eigenHedge.exposures',
  title: 'Exposure to the components',
  unit: `${EXPOSURE_UNIT}; perVolPt: currency per vol point of a typical node`,
  method: METHODS.exposure,
  usesSignModel: true,
  meaning:
    'What dealers gain when the surface moves along a component, under the sign model. Inside the grid: from maturities of 7 to 90 days; the rest leans on the loading at its edge.',
  formula: 'β = Σ s·vega·IV·OI·M·v, v the loading at the contract’s deviations and time',
  source: SOURCE,
  measure: (view) => {
    const { exposures } = view.eigen
    return measured(view, exposures.length > 0 ? exposures : null, whyNoBook(view), bookBasis(view))
  },
}

const OUTSIDE: Metric<number> = {
  id: 'eigenHedge.outsideGridShare',
  title: 'Vega outside the grid',
  unit: 'share',
  method: METHODS.exposure,
  usesSignModel: false,
  meaning:
    'How much of the book’s vega lies beyond the maturities and strikes that components are known for. No hedge here answers for it.',
  formula: 'Σ |vega·IV·OI·M| outside / Σ |vega·IV·OI·M|',
  source: 'this project',
  measure: (view) => measured(view, view.eigen.outsideGridShare, whyNoBook(view), bookBasis(view)),
}

const HEDGE: Metric<ThreeInstrumentHedge> = {
  id: 'eigenHedge.hedge',
  title: 'Three trades against the components',
  unit: 'contracts; perUnit and residual: currency per unit of log-IV along the component',
  method: METHODS.hedge,
  usesSignModel: true,
  meaning:
    'How many straddles, risk reversals and butterflies of about a month would offset the exposure inside the grid, under the sign model. Arithmetic of the model, not a recommendation; contracts are not rounded.',
  formula:
    'h with B·h = −β inside the grid, B the exposures of one straddle at the forward, one 25-delta risk reversal and one butterfly',
  source: SOURCE,
  measure: (view) => measureHedge(view, (hedge) => hedge),
}

const CONDITION: Metric<number> = {
  id: 'eigenHedge.hedgeCondition',
  title: 'Condition of the hedge',
  unit: 'ratio, 1 or more',
  method: METHODS.hedge,
  usesSignModel: false,
  meaning:
    'How far the three trades are from being three different ones. Up to about 100 is sound; in the thousands small errors of the components change the hedge completely.',
  formula: 'condition number of B in the 1-norm, its columns scaled to length 1',
  source: 'G. Golub and C. Van Loan, "Matrix Computations"',
  measure: (view) => measureHedge(view, ({ condition }) => condition),
}

export const BOOK_METRICS: readonly Metric[] = [EXPOSURES, OUTSIDE, HEDGE, CONDITION]

function measureHedge<V>(view: MarketView, read: (hedge: ThreeInstrumentHedge) => V | null): Measurement<V> {
  const { hedge, reasons } = view.eigen
  const value = hedge === null || hedge.reason !== null ? null : read(hedge)
  const reason = hedge === null ? whyNoBook(view) : inEigenWords(reasons.hedge)
  return measured(view, value, reason, bookBasis(view))
}

function whyNoBook(view: MarketView): string | null {
  const { exposures } = view.eigen.reasons
  return (exposures === 'no_positions' ? whyNoExposure(view) : null) ?? inEigenWords(exposures)
}

function bookBasis(view: MarketView) {
  const basis = eigenBasis(view)
  return { ...basis, contributions: () => exposureTerms(view.eigen.exposures) }
}

function exposureTerms(exposures: readonly ComponentExposure[]): Contributions {
  return {
    kind: 'terms',
    unit: EXPOSURE_UNIT,
    total: null,
    items: exposures
      .map(({ id, perUnit, perUnitInsideGrid, perVolPt }) => ({
        name: id,
        amount: perUnit,
        inputs: { perUnitInsideGrid, perVolPt },
      }))
      .toSorted((a, b) => Math.abs(b.amount) - Math.abs(a.amount)),
    rest: null,
  }
}
