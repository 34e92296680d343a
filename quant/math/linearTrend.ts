/** Least-squares slope of `values` over `times`, per unit of time; NaN without two different times. */
export function linearTrend(times: readonly number[], values: readonly number[]): number {
  const meanTime = mean(times)
  const meanValue = mean(values)
  let covariance = 0
  let variance = 0
  for (const [i, time] of times.entries()) {
    const fromMean = time - meanTime
    covariance += fromMean * ((values[i] as number) - meanValue)
    variance += fromMean * fromMean
  }
  return covariance / variance
}

/** About the first value, so that instants in epoch milliseconds lose no digits. */
function mean(values: readonly number[]): number {
  const [first = Number.NaN] = values
  return first + values.reduce((sum, value) => sum + (value - first), 0) / values.length
}
