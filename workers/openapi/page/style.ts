/** Style sheet of the reference page. System fonts and colours of its own: it loads nothing. */
export const STYLE = `
:root { --text: #1b2430; --soft: #52606f; --line: #d5dce4; --back: #fff; --panel: #f3f6f9; --accent: #0b5cad; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e4eaf1; --soft: #a3b1c0; --line: #2d3947; --back: #10161d; --panel: #18212b; --accent: #7cb8f5; }
}
* { box-sizing: border-box; }
body { margin: 0; display: grid; grid-template-columns: 17rem minmax(0, 1fr); color: var(--text); background: var(--back);
  font: 16px/1.55 system-ui, sans-serif; }
nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1rem; border-right: 1px solid var(--line);
  background: var(--panel); font-size: 0.875rem; }
nav h2 { margin: 1rem 0 0.25rem; font-size: 0.8rem; color: var(--soft); }
nav ul, .answers { list-style: none; margin: 0; padding: 0; }
nav a { display: block; padding: 0.25rem 0; text-decoration: none; }
main { padding: 1.5rem clamp(1rem, 4vw, 3rem) 6rem; max-width: 62rem; }
h1 small { color: var(--soft); font-weight: 400; font-size: 1rem; }
main > h2 { margin-top: 3rem; border-bottom: 1px solid var(--line); }
h3 { margin: 2rem 0 0.25rem; font-size: 1.05rem; overflow-wrap: anywhere; }
a { color: var(--accent); }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.method { color: var(--accent); font-size: 0.85rem; }
.summary { margin: 0; color: var(--soft); }
.scroll { overflow-x: auto; }
p, li { overflow-wrap: anywhere; }
code, pre { font: 0.86em/1.5 ui-monospace, monospace; }
pre { padding: 0.75rem 1rem; overflow: auto; max-height: 28rem; background: var(--panel); border: 1px solid var(--line); }
table { width: 100%; border-collapse: collapse; margin: 0.75rem 0; font-size: 0.9rem; }
th, td { padding: 0.35rem 0.75rem 0.35rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
tbody th { font-weight: 400; }
.answers li { margin: 0.35rem 0; font-size: 0.9rem; }
summary { cursor: pointer; padding: 0.25rem 0; color: var(--accent); }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 1rem; z-index: 1; background: var(--back); }
@media (max-width: 800px) {
  body { display: block; }
  nav { position: static; height: auto; max-height: 40vh; border-right: 0; border-bottom: 1px solid var(--line); }
}
`

/** Lets this sheet in, and nothing else of any kind. */
export async function pagePolicy(): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(STYLE))
  const hash = btoa(String.fromCharCode(...new Uint8Array(digest)))
  return `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
}
