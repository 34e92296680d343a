/** What kind of data this is, so that nothing synthetic, recorded or delayed is taken for live. */
import type { FeedKind } from '#schemas/feed'

const TITLES: Record<FeedKind, string> = {
  synthetic: 'A seeded, made-up market: no real prices',
  live: 'Live market data',
  delayed: 'Real market data, delayed by its vendor',
  recorded: 'A recorded chain of a past day',
}

export function FeedBadge(props: { readonly feed: FeedKind; readonly source: string }) {
  return (
    <span class="badge feed" data-feed={props.feed} title={`${TITLES[props.feed]}. Source: ${props.source}`}>
      {props.feed.toUpperCase()}
    </span>
  )
}
