/** The live windows and what explains their figures, in a real browser on the synthetic market. */
import type { Browser, Page } from 'playwright-core'
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

const FIRST_ANSWER = { timeout: 20_000 }

const FAMILIES = [
  'gammatrix',
  'gammaPulse',
  'pinMap',
  'volCube',
  'skewSentinel',
  'thetaForge',
  'flipTrack',
  'flowRate',
  'eigenHedge',
  'volEntropy',
  'regimeShift',
  'ivSurface',
]

describe.skipIf(!hasChromium)(`the live windows${NEEDS_CHROMIUM}`, () => {
  let browser: Browser
  let url = ''

  beforeAll(async () => {
    browser = await launchChromium()
    url = await sharedMarket()
  })
  afterAll(() => browser?.close())

  test.each([DESKTOP, PHONE])(
    '$viewport.width px: all twelve show figures and a picture, fit and are accessible',
    async (device) => {
      const desk = await openPage(browser, { ...device, reducedMotion: 'no-preference' })
      await openDesk(desk, url, 'SPX')
      const { page, complaints } = desk
      for (const family of FAMILIES) {
        const card = page.locator(`#window-${family}`)
        await card.scrollIntoViewIfNeeded()
        // A value carries a quality mark; a figure that is missing carries its reason instead.
        await card.locator('.quality-mark').first().waitFor(FIRST_ANSWER)
        await card.locator('canvas, table').first().waitFor(FIRST_ANSWER)
      }
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(device.viewport.width)
      expect(await seriousViolations(page)).toEqual([])
      expect(complaints).toEqual([])
      await page.context().close()
    },
  )

  test('Gammatrix changes its layer, and shows it as a table', async () => {
    const desk = await openPage(browser, DESKTOP)
    await openDesk(desk, url, 'SPX')
    const { page } = desk
    const card = page.locator('#window-gammatrix')
    await card.scrollIntoViewIfNeeded()
    await card.locator('canvas').first().waitFor(FIRST_ANSWER)
    await card.getByLabel('View of Gammatrix').selectOption('Implied volatility')
    await card.getByRole('button', { name: 'View as table' }).click()
    await expect
      .poll(() => card.locator('tbody td').allTextContents())
      .toContainEqual(expect.stringMatching(/^\d+\.\d\d %$/))
    await page.context().close()
  })

  test('what is listed under the net exposure adds up to it', async () => {
    const desk = await openPage(browser, DESKTOP)
    await openDesk(desk, url, 'SPX')
    const { page } = desk
    const card = page.locator('#window-gammaPulse')
    await card.scrollIntoViewIfNeeded()
    const figure = card.getByTitle(/Explain Net$/)
    await figure.waitFor(FIRST_ANSWER)
    await figure.press('Enter')
    const drawer = page.getByRole('dialog', { name: 'Net gamma exposure' })
    const amounts = drawer.locator('.contributions tbody td')
    await amounts.first().waitFor()
    const [shown] = await numbersOf(page, '.drawer-value')
    const listed = await numbersOf(page, '.contributions tbody td')
    expect(listed).toHaveLength(21)
    const sum = listed.reduce((total, amount) => total + amount, 0)
    // Every amount is written to the whole unit.
    expect(Math.abs(sum - (shown ?? Number.NaN))).toBeLessThanOrEqual(listed.length / 2 + 1)
    expect(await numbersOf(page, '.contributions tfoot td')).toEqual([shown])
    expect(await seriousViolations(page)).toEqual([])
    await page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'detached' })
    expect(await page.evaluate('document.activeElement.title')).toMatch(/Explain Net$/)
    await page.context().close()
  })

  test('the headline’s figures explain themselves too', async () => {
    const desk = await openPage(browser, PHONE)
    await openDesk(desk, url, 'SPX')
    const { page, complaints } = desk
    await page.locator('.card').getByTitle('Explain Call wall').click()
    await page.getByRole('dialog').getByText('The candidates, best first.').waitFor()
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(PHONE.viewport.width)
    expect(await seriousViolations(page)).toEqual([])
    await page.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(complaints).toEqual([])
    await page.context().close()
  })
})

/** As they are written, with a true minus sign and commas. */
async function numbersOf(page: Page, selector: string): Promise<number[]> {
  const texts = await page.locator(selector).allTextContents()
  return texts.map((text) => Number(text.replaceAll(',', '').replace('−', '-')))
}
