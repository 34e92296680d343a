/** Dark or light: the system's until the person chooses, then remembered. `public/theme.js` applies it before paint. */
import { createSignal, type Accessor } from 'solid-js'

export type Theme = 'dark' | 'light'
const KEY = 'flipwire.theme'
const systemDark = window.matchMedia('(prefers-color-scheme: dark)')

function chosen(): Theme | null {
  const { theme } = document.documentElement.dataset
  return theme === 'dark' || theme === 'light' ? theme : null
}

function effective(): Theme {
  return chosen() ?? (systemDark.matches ? 'dark' : 'light')
}

export function createTheme(): { theme: Accessor<Theme>; toggle: () => void } {
  const [theme, setTheme] = createSignal(effective())
  systemDark.addEventListener('change', () => setTheme(effective()))
  const toggle = () => {
    const next = theme() === 'dark' ? 'light' : 'dark'
    document.documentElement.dataset.theme = next
    try {
      localStorage.setItem(KEY, next)
    } catch {
      // Forbidden storage costs the memory of the choice, not the choice.
    }
    setTheme(next)
  }
  return { theme, toggle }
}
