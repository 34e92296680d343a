/** The desk in a real browser on the synthetic market: both widths, both themes, keyboard, states. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sharedMarket } from '../harness.ts'
import {
  DESKTOP,
  hasChromium,
  launchChromium,
  NEEDS_CHROMIUM,
  openDesk,
  openPage,
  PHONE,
  seriousViolations,
} from './browser.ts'

/** Set it to run these tests against a service that is already up. */
const EXTERNAL_URL = process.env['FLIPWIRE_URL']

const MOVING = { timeout: 20_000 }

describe.skipIf(!hasChromium)(`the desk${NEEDS_CHROMIUM}`, () => {
  let browser: Browser
  let url = ''

  beforeAll(async () => {
    browser = await launchChromium()
    url = EXTERNAL_URL ?? (await sharedMarket())
  })
  afterAll(() => browser?.close())

  const looks = [DESKTOP, PHONE].flatMap((device) =>
    (['dark', 'light'] as const).map((colorScheme) => ({ ...device, colorScheme })),
  )
  test.each(looks)(
    '$viewport.width px, $colorScheme: fits, is accessible, complains about nothing',
    async (look) => {
      const desk = await openPage(browser, { ...look, reducedMotion: 'no-preference' })
      await openDesk(desk, url, 'SPX')
      const { page, complaints } = desk
      await page.getByText('SYNTHETIC', { exact: true }).first().waitFor()
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(look.viewport.width)
      expect(await seriousViolations(page)).toEqual([])
      for (let chart = 0; chart < 3; chart++) {
        await page.getByRole('button', { name: 'View as table' }).first().click()
      }
      expect(await page.locator('.table-scroll table').count()).toBe(3)
      expect(await seriousViolations(page)).toEqual([])
      expect(complaints).toEqual([])
      await page.context().close()
    },
  )

  test('numbers move, and the charts with them', async () => {
    const desk = await openPage(browser, DESKTOP)
    await openDesk(desk, url, 'SPX')
    const { page } = desk
    const spot = await page.locator('.spot-price').textContent()
    const picture = await page.locator('#profile canvas').screenshot()
    await expect.poll(() => page.locator('.spot-price').textContent(), MOVING).not.toBe(spot)
    const isRedrawn = async () => !(await page.locator('#profile canvas').screenshot()).equals(picture)
    await expect.poll(isRedrawn, MOVING).toBe(true)
    await page.context().close()
  })

  test('a symbol is chosen by keyboard and stays in the address', async () => {
    const desk = await openPage(browser, DESKTOP)
    await openDesk(desk, url, 'SPX')
    const { page } = desk
    await page.getByRole('button', { name: 'Symbol SPX, change' }).press('Enter')
    await page.keyboard.type('nif')
    await page.getByRole('option', { name: /NIFTY/ }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'NIFTY' }).waitFor()
    expect(page.url()).toBe(`${url}/?symbol=NIFTY`)
    await expect.poll(() => page.locator('.card-value').first().textContent()).toMatch(/^[+−]₹/)
    await page.goBack()
    await page.getByRole('heading', { name: 'SPX' }).waitFor()
    await page.context().close()
  })

  test('every number explains itself, and Escape closes the explanation', async () => {
    const desk = await openPage(browser, DESKTOP)
    await openDesk(desk, url, 'SPX')
    const { page } = desk
    await page.getByRole('button', { name: 'What is Gamma flip?' }).first().press('Enter')
    const explanation = page.locator('.explanation:popover-open')
    expect(await explanation.textContent()).toContain('model M1 assumes')
    await page.keyboard.press('Escape')
    await expect.poll(() => explanation.count()).toBe(0)
    await page.context().close()
  })

  test('the table holds the strikes of the chosen window', async () => {
    const desk = await openPage(browser, DESKTOP)
    await openDesk(desk, url, 'SPX')
    const { page } = desk
    const panel = page.locator('#gex-by-strike')
    await panel.getByRole('button', { name: 'View as table' }).click()
    const rows = async (window: string) => {
      await panel.getByText(window, { exact: true }).click()
      return panel.locator('tbody tr').count()
    }
    const near = await rows('±1 %')
    const all = await rows('All')
    expect(near).toBeGreaterThan(5)
    expect(all).toBeGreaterThan(near)
    await page.context().close()
  })

  test('volatility is drawn once it is on screen, as chart and as table', async () => {
    const desk = await openPage(browser, PHONE)
    await openDesk(desk, url, 'SPX')
    const { page, complaints } = desk
    const panel = page.locator('#volatility')
    expect(await panel.locator('.vol-figure').count()).toBe(0)
    await panel.scrollIntoViewIfNeeded()
    await panel.locator('canvas').waitFor()
    expect(await panel.locator('.vol-value').first().textContent()).toMatch(/^±\d+\.\d\d/)
    expect(await panel.locator('.vol-note').first().textContent()).toBe('covers 57.5 %, from straddle')
    await panel.getByRole('button', { name: 'View as table' }).click()
    expect(await panel.locator('tbody tr').count()).toBeGreaterThan(5)
    expect(await seriousViolations(page)).toEqual([])
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('every exposure and sign model is shown once it is on screen', async () => {
    const desk = await openPage(browser, PHONE)
    await openDesk(desk, url, 'SPX')
    const { page, complaints } = desk
    expect(await page.locator('.sign-row').count()).toBe(0)
    await page.locator('#sign-models').scrollIntoViewIfNeeded()
    await page.locator('.sign-row').first().waitFor()
    expect(await page.locator('.sign-value').first().textContent()).toMatch(/^[+−]\$\d/)
    // Every assumption is there, as a bar or with the reason it does not apply.
    expect(await page.locator('.sign-row').count()).toBe(7)
    expect(await page.locator('.agreement > strong').textContent()).toMatch(/^Agreement \d+ %$/)
    expect(await page.locator('.greeks tbody tr').count()).toBe(5)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(PHONE.viewport.width)
    expect(await seriousViolations(page)).toEqual([])
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('the chosen theme is remembered', async () => {
    const desk = await openPage(browser, { ...DESKTOP, colorScheme: 'light' })
    await openDesk(desk, url, 'SPX')
    const { page } = desk
    await page.getByRole('button', { name: 'Use the dark theme' }).click()
    await page.reload()
    await page.getByRole('button', { name: 'Use the light theme' }).waitFor()
    expect(await page.evaluate('getComputedStyle(document.documentElement).colorScheme')).toBe('dark')
    await page.context().close()
  })

  test('an unknown symbol says so with the request to quote, also once the list of symbols is there', async () => {
    const desk = await openPage(browser, { ...DESKTOP, serviceWorkers: 'block' })
    const { page } = desk
    const said = Promise.withResolvers<void>()
    await page.route('**/v1/symbols', async (route) => {
      await said.promise
      await route.continue()
    })
    await page.goto(`${url}/?symbol=NOSUCH`)
    const notice = page.getByRole('alert')
    await notice.getByRole('button', { name: 'Retry' }).waitFor()
    expect(await notice.textContent()).toMatch(/Request [\w-]{8,}/)
    said.resolve()
    await page.getByRole('button', { name: 'Symbol NOSUCH, change' }).press('Enter')
    await page.getByRole('option', { name: /NIFTY/ }).waitFor()
    expect(await notice.count()).toBe(1)
    await page.context().close()
  })
})
