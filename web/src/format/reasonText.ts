/** Why a number is missing, in words. The service says most reasons in words already; these are the codes. */
const TEXTS: Readonly<Record<string, string>> = {
  upgrade_required: 'Needs a higher tier',
  one_signed: 'Net gamma keeps one sign over the whole range: there is no flip',
  edge: 'The only crossing lies at the edge of the range',
  noise_floor: 'The crossing is too small to tell from noise',
  stale: 'The inputs are too old',
  no_data: 'Nothing to compute from yet',
}

export function reasonText(reason: string | undefined): string {
  if (reason === undefined) return 'Not available'
  const known = TEXTS[reason]
  if (known !== undefined) return known
  const words = reason.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
