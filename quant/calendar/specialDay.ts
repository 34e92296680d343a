/** How one date differs from the ordinary week of an exchange. */
export type SpecialDay =
  | { readonly kind: 'closed'; readonly reason: 'holiday' | 'special_closure'; readonly name: string }
  /** The underlying's market closes early, at this many minutes after local midnight. */
  | { readonly kind: 'early_close'; readonly closeMinutes: number; readonly name: string }
  /** A session outside the ordinary week or hours, minutes after local midnight. */
  | {
      readonly kind: 'special_session'
      readonly openMinutes: number
      readonly closeMinutes: number
      readonly name: string
    }
