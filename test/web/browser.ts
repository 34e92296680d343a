/** Debian's Chromium, and pages that remember every complaint of the console. */
import { existsSync } from 'node:fs'
import { AxeBuilder } from '@axe-core/playwright'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { expect } from 'vitest'

export const CHROMIUM_PATH = '/usr/bin/chromium'
export const hasChromium = existsSync(CHROMIUM_PATH)
/** Appended to the names of suites that are skipped without it. */
export const NEEDS_CHROMIUM = hasChromium ? '' : ` (skipped: no ${CHROMIUM_PATH})`

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const DESKTOP = { viewport: { width: 1440, height: 1000 } } as const
export const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true } as const

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM_PATH, args: FLAGS })
}

export interface DeskPage {
  readonly page: Page
  /** Console errors and warnings, and uncaught exceptions. */
  readonly complaints: string[]
}

/** A page in a profile of its own. It keeps still unless told otherwise: drawing motion takes most of the time of a test. */
export async function openPage(browser: Browser, options: BrowserContextOptions): Promise<DeskPage> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  return { page, complaints }
}

/** The desk of `symbol`, live and drawn. */
export async function openDesk(desk: DeskPage, url: string, symbol: string): Promise<void> {
  await desk.page.goto(`${url}/?symbol=${symbol}`)
  await desk.page.getByText('Connected', { exact: true }).waitFor()
  await desk.page.locator('canvas').nth(2).waitFor()
}

/** Accessibility violations of the two upper grades, as `rule: target`. */
export async function seriousViolations(page: Page): Promise<string[]> {
  // The desk has no frames, so that one pass over the page, of violations only, sees all of it in a third of the time.
  expect(page.frames()).toHaveLength(1)
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] })
  const { violations } = await axe.analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`))
}
