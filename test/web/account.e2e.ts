/** The account card in a real browser: signing in by code, what outlives a reload, and the ways out. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually, startProduct, type Product } from '../harness.ts'
import {
  DESKTOP,
  hasChromium,
  launchChromium,
  NEEDS_CHROMIUM,
  openPage,
  PHONE,
  seriousViolations,
} from './browser.ts'

describe.skipIf(!hasChromium)(`the account card${NEEDS_CHROMIUM}`, () => {
  let product: Product
  let browser: Browser
  let base = ''

  beforeAll(async () => {
    browser = await launchChromium()
    product = await startProduct()
    // A name, as passkeys and secure cookies want one.
    base = product.url.replace('127.0.0.1', 'localhost')
  })
  afterAll(async () => {
    await browser?.close()
    await product?.stop()
  })

  const newestCode = () => product.letters.at(-1)?.slice(0, 8) ?? ''

  async function signIn(page: Page, email: string): Promise<void> {
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByLabel('E-mail address').fill(email)
    const before = product.letters.length
    await page.keyboard.press('Enter')
    await page.getByLabel('Code', { exact: true }).waitFor()
    await eventually(async () => (product.letters.length > before ? true : null))
    const code = newestCode()
    await page.keyboard.type(`${code.slice(0, 4)} ${code.slice(4)}`)
    await page.keyboard.press('Enter')
    await page.getByText(email).waitFor()
  }

  test('signs in with the keyboard alone, stays signed in over a reload, and signs out', async () => {
    const { page, complaints } = await openPage(browser, { ...DESKTOP, colorScheme: 'dark' })
    await page.goto(base)
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor()
    await signIn(page, 'reader@example.com')
    await page.getByText('· here').waitFor()
    expect(await seriousViolations(page)).toEqual([])
    await page.keyboard.press('Escape')
    expect(await page.locator(':focus').getAttribute('aria-label')).toBe('Your account')

    const refreshed = page.waitForResponse((response) => response.url().endsWith('/v1/auth/refresh'))
    await page.reload()
    expect((await refreshed).status()).toBe(200)
    await page.getByRole('button', { name: 'Your account' }).click()
    await page.getByText('reader@example.com').waitFor()
    expect(await page.evaluate('document.cookie')).toBe('')

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download everything' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('flipwire-account.json')

    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor()
    expect(await page.context().cookies()).toEqual([])
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('makes a passkey, signs in with it alone, and takes it away', async () => {
    const { page, complaints } = await openPage(browser, { ...DESKTOP, colorScheme: 'light' })
    const devTools = await page.context().newCDPSession(page)
    await devTools.send('WebAuthn.enable')
    await devTools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    })
    await page.goto(base)
    await signIn(page, 'keys@example.com')
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByText('Passkey 1').waitFor()
    expect(await seriousViolations(page)).toEqual([])
    await page.getByRole('button', { name: 'Sign out' }).click()

    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await page.getByText('keys@example.com').waitFor()
    await page.getByRole('button', { name: 'Take away Passkey 1' }).click()
    await page.getByText('Passkey 1').waitFor({ state: 'detached' })
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('ends a session elsewhere, and erases the account', async () => {
    const phone = await openPage(browser, { ...PHONE, colorScheme: 'light' })
    await phone.page.goto(base)
    await signIn(phone.page, 'two@example.com')
    const desk = await openPage(browser, DESKTOP)
    await desk.page.goto(base)
    await signIn(desk.page, 'two@example.com')
    await desk.page.getByRole('button', { name: /^End the session on/ }).click()
    await expect.poll(() => desk.page.locator('.account-list li').count()).toBe(1)
    await phone.page.reload()
    await phone.page.getByRole('button', { name: 'Sign in', exact: true }).waitFor()

    await desk.page.getByRole('button', { name: 'Erase the account …' }).click()
    expect(await desk.page.locator(':focus').textContent()).toBe('Keep it')
    expect(await seriousViolations(desk.page)).toEqual([])
    await desk.page.getByRole('button', { name: 'Erase for good' }).click()
    await desk.page.getByRole('button', { name: 'Sign in', exact: true }).waitFor()
    expect(desk.complaints).toEqual([])
    await desk.page.context().close()
    await phone.page.context().close()
  })

  test('says what is wrong with a code, and leaves a guest a guest', async () => {
    const { page } = await openPage(browser, { ...PHONE, colorScheme: 'light' })
    const asked: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    await page.goto(base)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByLabel('E-mail address').fill('three@example.com')
    await page.getByRole('button', { name: 'Send a code' }).click()
    await page.getByLabel('Code', { exact: true }).fill('00000000')
    await page.getByRole('button', { name: 'Sign in', exact: true }).last().click()
    await page.getByRole('alert').getByText('not good any more').waitFor()
    expect(await seriousViolations(page)).toEqual([])
    expect(asked).toContain('/v1/auth/guest')
    expect(asked).not.toContain('/v1/auth/refresh')
    await page.context().close()
  })
})
