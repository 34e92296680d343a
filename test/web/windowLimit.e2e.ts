/** How many places a guest may have live windows in: tabs share the count, and a place that is given back is taken. */
import * as v from 'valibot'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { GuestTokenSchema } from '#schemas/claims'
import { WindowListSchema } from '#schemas/rest/windows'
import { sharedMarket } from '../harness.ts'
import { DESKTOP, hasChromium, launchChromium, NEEDS_CHROMIUM, seriousViolations } from './browser.ts'

const IN_TIME = { timeout: 30_000 }

describe.skipIf(!hasChromium)(`the places of live windows${NEEDS_CHROMIUM}`, () => {
  let browser: Browser
  let url = ''
  let context: BrowserContext

  beforeAll(async () => {
    browser = await launchChromium()
    url = await sharedMarket()
    context = await browser.newContext({ ...DESKTOP, reducedMotion: 'reduce' })
  })
  afterAll(() => browser?.close())

  async function openDesk(): Promise<Page> {
    const page = await context.newPage()
    await page.goto(`${url}/?symbol=SPX`)
    await page.locator('#levels').waitFor({ timeout: 60_000 })
    return page
  }

  const pulse = (page: Page) => page.locator('#window-gammaPulse')

  async function ask(page: Page, method: 'GET' | 'POST') {
    const kept = await page.evaluate('localStorage.getItem("flipwire.guest")')
    const { token } = v.parse(GuestTokenSchema, JSON.parse(String(kept)))
    return fetch(`${url}/v1/windows`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(method === 'POST' ? { body: '{"kind":"exposure","symbol":"SPX"}' } : {}),
    })
  }

  const openPlaces = async (page: Page) =>
    v.parse(WindowListSchema, await (await ask(page, 'GET')).json()).data.map(({ kind }) => kind)

  test('the sixth is refused by naming the others, and opens when one of them is closed', async () => {
    const first = await openDesk()
    await expect.poll(() => openPlaces(first), IN_TIME).toEqual(['desk'])
    for (let i = 0; i < 4; i++) expect((await ask(first, 'POST')).status).toBe(201)

    const second = await openDesk()
    await second.getByText('Connected', { exact: true }).waitFor(IN_TIME)
    await second.getByText('Your live windows are open in 5 places').waitFor(IN_TIME)
    expect(await second.locator('.open-windows li').allTextContents()).toEqual(
      Array.from({ length: 5 }, () => expect.stringMatching(/^SPX for \d+ s$/)),
    )
    expect(await pulse(second).count()).toBe(0)
    // The rest of the desk is not a live window.
    expect(await second.locator('.spot-price').textContent()).toMatch(/^\d,\d{3}\.\d\d$/)
    expect(await seriousViolations(second)).toEqual([])

    await first.goto('about:blank')
    await expect.poll(() => openPlaces(second), IN_TIME).not.toContain('desk')
    await second.getByRole('button', { name: 'Try again' }).click()
    await pulse(second).waitFor(IN_TIME)
    const places = ['exposure', 'exposure', 'exposure', 'exposure', 'desk']
    await expect.poll(() => openPlaces(second), IN_TIME).toEqual(places)
  })

  test('a service that cannot count takes nothing away', async () => {
    const page = await context.newPage()
    let refusals = 0
    await page.route('**/v1/windows', (route) => {
      refusals++
      return route.fulfill({ status: 503, body: '' })
    })
    await page.goto(`${url}/?symbol=SPX`)
    await pulse(page).waitFor(IN_TIME)
    await expect.poll(() => refusals, IN_TIME).toBeGreaterThan(0)
    expect(await pulse(page).count()).toBe(1)
  })
})
