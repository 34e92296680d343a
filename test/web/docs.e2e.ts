import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Browser } from 'playwright-core'
import { sharedMarket } from '../harness.ts'
import {
  DESKTOP,
  hasChromium,
  launchChromium,
  NEEDS_CHROMIUM,
  openPage,
  PHONE,
  seriousViolations,
} from './browser.ts'

describe.skipIf(!hasChromium)(`the reference page${NEEDS_CHROMIUM}`, () => {
  let browser: Browser
  let url = ''

  beforeAll(async () => {
    url = await sharedMarket()
    browser = await launchChromium()
  })
  afterAll(() => browser?.close())

  it.each([
    ['desk', 'light', DESKTOP],
    ['phone', 'dark', PHONE],
  ] as const)(
    'on a %s in %s is styled, accessible and no wider than the screen',
    async (_, scheme, device) => {
      const { page, complaints } = await openPage(browser, { ...device, colorScheme: scheme })
      await page.goto(`${url}/docs`)
      const overflow = await page.evaluate<number>(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      )
      const listStyle = await page.evaluate<string>(
        "getComputedStyle(document.querySelector('.answers')).listStyleType",
      )
      expect({ overflow, listStyle, complaints }).toEqual({ overflow: 0, listStyle: 'none', complaints: [] })
      expect(await seriousViolations(page)).toEqual([])
      await page.context().close()
    },
  )

  it('is a click away from the desk', async () => {
    const { page } = await openPage(browser, DESKTOP)
    await page.goto(url)
    await page.getByRole('link', { name: 'API reference' }).click()
    await page.waitForURL(`${url}/docs`)
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('Flipwire API')
    await page.context().close()
  })
})
