/** Where a caller's relay should stand, as one of the platform's location hints. */

export interface Place {
  readonly continent?: unknown
  /** Degrees east, as text. */
  readonly longitude?: unknown
}

const WHOLE_CONTINENTS: Readonly<Record<string, DurableObjectLocationHint>> = {
  SA: 'sam',
  OC: 'oc',
  AF: 'afr',
}

/** Near the exchanges whose data it is for a caller whose place is not known. */
const UNKNOWN: DurableObjectLocationHint = 'enam'

/** `place`: `request.cf`, absent on one machine. */
export function regionOf(place: Place | undefined): DurableObjectLocationHint {
  const continent = String(place?.continent)
  const east = Number(place?.longitude)
  if (continent === 'NA') return east < -100 ? 'wnam' : 'enam'
  if (continent === 'EU') return east >= 20 ? 'eeur' : 'weur'
  if (continent === 'AS') return east < 60 ? 'me' : 'apac'
  return WHOLE_CONTINENTS[continent] ?? UNKNOWN
}
