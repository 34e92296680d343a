/** Why a number is missing, in words. The service says most reasons in words already; these are the codes. */
const TEXTS: Readonly<Record<string, string>> = {
  upgrade_required: 'Needs a higher tier',
  one_signed: 'Net gamma keeps one sign over the whole range: there is no flip',
  edge: 'The only crossing lies at the edge of the range',
  noise_floor: 'The crossing is too small to tell from noise',
  stale: 'The inputs are too old',
  no_data: 'Nothing to compute from yet',
  'no signed flow': 'The feed does not tell buys from sells',
  before_first_expiry: 'No expiry is that near',
  after_last_expiry: 'No expiry is that far',
  delta_outside_strikes: 'The quoted strikes do not reach 25 delta',
  strikes_too_coarse: 'The strikes are further apart than the move itself',
}

export function reasonText(reason: string | undefined): string {
  if (reason === undefined) return 'Not available'
  const known = TEXTS[reason]
  if (known !== undefined) return known
  const words = reason.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
