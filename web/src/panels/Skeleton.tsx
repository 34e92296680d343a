/** The desk's outline in its final size, so that nothing jumps when the numbers come. */
export function Skeleton() {
  return (
    <div class="skeleton" role="status" aria-label="Loading">
      <div class="bone bone-headline" />
      <div class="grid">
        <div class="panel bone" id="gex-by-strike" />
        <div class="panel bone" id="levels" />
        <div class="panel bone" id="profile" />
        <div class="panel bone" id="timeline" />
        <div class="panel bone" id="volatility-row" />
      </div>
    </div>
  )
}
