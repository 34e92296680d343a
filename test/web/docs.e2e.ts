import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Browser } from 'playwright-core'
import { startProduct, type Product } from '../harness.ts'
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
  let product: Product
  let browser: Browser

  beforeAll(async () => {
    product = await startProduct()
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser?.close()
    await product?.stop()
  })

  it.each([
    ['desk', 'light', DESKTOP],
    ['phone', 'dark', PHONE],
  ] as const)(
    'on a %s in %s is styled, accessible and no wider than the screen',
    async (_, scheme, device) => {
      const { page, complaints } = await openPage(browser, { ...device, colorScheme: scheme })
      await page.goto(`${product.url}/docs`)
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
    await page.goto(product.url)
    await page.getByRole('link', { name: 'API reference' }).click()
    await page.waitForURL(`${product.url}/docs`)
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('Flipwire API')
    await page.context().close()
  })
})
