/** The theme's colours as the canvas needs them. CSS stays the only place where they are chosen. */
const NAMES = ['call', 'put', 'net', 'spot', 'flip', 'magnet', 'text', 'muted', 'line', 'panel'] as const

export type Palette = Readonly<Record<(typeof NAMES)[number], string>>

/** Resolves `light-dark()` too, which reading a custom property would not. */
export function readPalette(): Palette {
  const probe = document.createElement('span')
  document.body.append(probe)
  const entries = NAMES.map((name) => {
    probe.style.color = `var(--${name})`
    return [name, getComputedStyle(probe).color]
  })
  probe.remove()
  return Object.fromEntries(entries) as Palette
}

/** `rgb(1, 2, 3)` with an alpha. */
export function withAlpha(color: string, alpha: number): string {
  const channels = color.match(/[\d.]+/g)?.slice(0, 3) ?? ['0', '0', '0']
  return `rgba(${channels.join(', ')}, ${alpha})`
}
