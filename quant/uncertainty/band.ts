/** Where one kind of doubt about the inputs puts a figure. */
export interface BandSource {
  readonly source: 'quotes' | 'open_interest' | 'sign_model'
  readonly low: number
  readonly high: number
  /** Whether the figure ceases to exist under some of the inputs. */
  readonly vanishes: boolean
  readonly method: string
}

/**
 * `low` and `high` join the sources that are errors of measurement (quotes, open interest); a sign model is an assumption and
 * stays beside them.
 */
export interface Band {
  readonly low: number
  readonly high: number
  readonly sources: readonly BandSource[]
}
