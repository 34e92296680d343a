export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 64 64" aria-hidden="true">
      <path d="M6 32H58" class="logo-axis" />
      <path d="M6 48C19 48 25 43 32 32" class="logo-put" />
      <path d="M32 32C39 21 45 16 58 16" class="logo-call" />
      <circle cx="32" cy="32" r="6" class="logo-flip" />
    </svg>
  )
}
