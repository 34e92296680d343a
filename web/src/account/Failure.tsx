/** Said aloud by screen readers as soon as it is there. */
export function Failure(props: { readonly text: string | null }) {
  return (
    <p class="account-failure" role="alert">
      {props.text}
    </p>
  )
}
