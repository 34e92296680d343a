/** What a person sees when the service dies, comes back, or is not there when the page opens. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startProduct, type Product } from '../harness.ts'
import { DESKTOP, hasChromium, launchChromium, NEEDS_CHROMIUM, openPage } from './browser.ts'

describe.skipIf(!hasChromium)(`a desk that loses its service${NEEDS_CHROMIUM}`, () => {
  let product: Product
  let browser: Browser

  beforeAll(async () => {
    browser = await launchChromium()
    product = await startProduct()
    product.bridge(['--feed', 'synthetic', '--symbols', 'SPX', '--seed', '5'])
  })
  afterAll(async () => {
    await browser?.close()
    await product?.stop()
  })

  test('says so and after how long it has caught up, opens offline with the kept picture, and recovers by itself', async () => {
    const { page } = await openPage(browser, { ...DESKTOP, reducedMotion: 'no-preference' })
    const connected = page.getByText('Connected', { exact: true })
    // An empty service first: the page fills without a reload.
    await page.goto(product.url)
    await connected.waitFor({ timeout: 60_000 })
    await page.evaluate('navigator.serviceWorker.ready')

    await product.killWorker()
    await page.getByText(/^Reconnecting \d+\/10$/).waitFor()
    await page.locator('.age[data-tone="amber"], .age[data-tone="red"]').waitFor()
    await product.restartWorker()
    await page.getByText(/^caught up after \d+ s$/).waitFor({ timeout: 60_000 })
    await connected.waitFor()

    // What was read a moment ago is in the browser's own cache, which no offline desk may take for the service.
    const read = (path: string) => page.waitForResponse((response) => response.url().endsWith(path))
    await Promise.all([read('/v1/exposure/SPX'), read('/v1/levels/SPX'), page.reload()])
    await page.context().setOffline(true)
    await page.reload()
    const banner = page.getByText('Offline. This is the last picture this browser kept')
    await banner.waitFor()
    expect(await page.locator('.spot-price').textContent()).toMatch(/^\d,\d{3}\.\d\d$/)

    // Too early to help, and soon gone: the page comes back by itself as well.
    await page.locator('.banner').getByRole('button', { name: 'Retry' }).click()
    await page.context().setOffline(false)
    await connected.waitFor({ timeout: 60_000 })
    await banner.waitFor({ state: 'detached' })
    const spot = await page.locator('.spot-price').textContent()
    await expect.poll(() => page.locator('.spot-price').textContent(), { timeout: 20_000 }).not.toBe(spot)
  })
})
