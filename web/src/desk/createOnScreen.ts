import { createEffect, createSignal, onCleanup, type Accessor } from 'solid-js'

/** Whether the element can be seen: on screen or nearly, in a tab that is shown. */
export function createOnScreen(host: Accessor<Element | undefined>): Accessor<boolean> {
  const [isNear, setNear] = createSignal(false)
  const [isShown, setShown] = createSignal(!document.hidden)
  createEffect(() => {
    const element = host()
    if (!element) return
    const observer = new IntersectionObserver((entries) => setNear(entries.at(-1)?.isIntersecting ?? false), {
      rootMargin: '200px',
    })
    observer.observe(element)
    onCleanup(() => observer.disconnect())
  })
  const listen = () => setShown(!document.hidden)
  document.addEventListener('visibilitychange', listen)
  onCleanup(() => document.removeEventListener('visibilitychange', listen))
  return () => isNear() && isShown()
}
