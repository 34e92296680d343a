/** Before any feed has sent a symbol. The list is asked for again every two seconds. */
export function EmptyDesk() {
  return (
    <div class="notice">
      <span class="notice-icon" aria-hidden="true">
        ∿
      </span>
      <strong>No symbols yet</strong>
      <p>
        The service is up, but no feed has sent anything so far. This page fills by itself as soon as one
        does.
      </p>
    </div>
  )
}
