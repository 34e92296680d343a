/** A recorded market of the operator's own: what a free visitor sees of it, and what a token opens. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { localToken } from '#scripts/keys/localToken'
import { projectRoot } from '#scripts/local/paths'
import type { Child } from '#scripts/local/processes'
import { bridgeTo, eventually, guestToken, sharedMarket } from '../harness.ts'
import { DESKTOP, PHONE, hasChromium, launchChromium, openPage, seriousViolations } from './browser.ts'

const CHAIN = join(import.meta.dirname, '../../../shared/data/cboe/RUT_2023-09-20.json')
const isPossible = hasChromium && existsSync(CHAIN)

describe.skipIf(!isPossible)(
  `tiers on a recorded chain${isPossible ? '' : ' (skipped: needs Chromium and ../shared)'}`,
  () => {
    let browser: Browser
    let bridge: Child
    let url = ''

    beforeAll(async () => {
      browser = await launchChromium()
      url = await sharedMarket()
      bridge = bridgeTo({ url }, ['--feed', 'chain', '--file', CHAIN])
      await eventually(async () => {
        const token = await guestToken(url)
        const answer = await fetch(`${url}/v1/levels/RUT`, {
          headers: { authorization: `Bearer ${token}` },
        })
        return answer.ok ? true : null
      })
    })
    afterAll(async () => {
      await browser?.close()
      await bridge?.kill()
    })

    test('a guest keeps the levels and is told which tier shows the rest', async () => {
      const { page } = await openPage(browser, DESKTOP)
      await page.goto(`${url}/?symbol=RUT`)
      await page.getByText('Gamma exposure by strike needs the pro tier').waitFor()
      await page.getByText('Volatility needs the pro tier').waitFor()
      await page.getByText('Every live window needs the pro tier').waitFor()
      await page.getByText('RECORDED', { exact: true }).first().waitFor()
      expect(await page.locator('.age').textContent()).toContain('Sep 20, 2023')
      // Levels are asked for again while a chain is still arriving.
      const flip = () => page.locator('#levels .level-row dd').first().textContent()
      await expect.poll(flip, { timeout: 40_000 }).toMatch(/^\d,\d{3}\.\d\d$/)
      expect(await page.getByLabel('Not available: Needs a higher tier').count()).toBeGreaterThan(3)
      expect(await seriousViolations(page)).toEqual([])
      await page.context().close()
    })

    test('the tiers are compared where one is refused, with one’s own marked', async () => {
      const { page, complaints } = await openPage(browser, PHONE)
      await page.goto(`${url}/?symbol=RUT&upgrade`)
      const dialog = page.getByRole('dialog', { name: 'What each tier has' })
      await dialog.waitFor()
      await dialog.getByRole('columnheader', { name: 'guest yours' }).waitFor()
      const row = dialog.getByRole('row', { name: /^Exposures/ })
      expect(await row.getByRole('cell').allTextContents()).toEqual(['no', 'no', 'yes', 'yes'])
      expect(await seriousViolations(page)).toEqual([])
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'hidden' })
      expect(page.url()).toBe(`${url}/?symbol=RUT`)
      await page.getByRole('button', { name: 'Compare tiers' }).first().click()
      await dialog.waitFor()
      expect(complaints.filter((text) => !text.includes('403'))).toEqual([])
      await page.context().close()
    })

    test('a pro token in the fragment opens the charts and leaves the address', async () => {
      const { page, complaints } = await openPage(browser, DESKTOP)
      await page.goto(`${url}/?symbol=RUT#token=${await proToken()}`)
      await page.getByText('Connected', { exact: true }).waitFor()
      await page.locator('#gex-by-strike canvas').waitFor()
      expect(page.url()).toBe(`${url}/?symbol=RUT`)
      expect(complaints).toEqual([])
      await page.context().close()
    })
  },
)

function proToken(): Promise<string> {
  return localToken(projectRoot, { tier: 'pro', subject: 'reader', lifeSeconds: 600 })
}
