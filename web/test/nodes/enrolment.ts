// How somebody comes onto the roll, works, and leaves: two administrators and a new officer.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { settled } from '../support/browser.ts'
import { choose } from '../support/fill.ts'
import { press, write } from '../support/keyboard.ts'
import { begin } from './deeds.ts'
import { patience, signedIn, somebody, until, type Someone, type World } from './world.ts'

const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

/** One administrator's part: compares the code and signs both entries. */
async function approve(someone: Someone, name: string, code: string, first: boolean): Promise<void> {
  const { page } = someone
  await until(someone, '/people', async (page) => (await page.getByRole('button', { name: `Approve ${name}` }).count()) > 0, 'the enrolment')
  await press(page, page.getByRole('button', { name: `Approve ${name}` }))
  const dialog = page.getByRole('dialog')
  await dialog.getByText(code).waitFor()
  if (first) await choose(page, `[id="${await dialog.locator('select').getAttribute('id')}"]`, 'arcadia-admin-2')
  else await dialog.getByText('has approved').waitFor()
  await dialog.getByText(code).waitFor()
  await someone.look(`approval of ${name}`)
  await press(page, dialog.getByRole('button', { name: 'Approve with the passkey' }))
  await dialog.waitFor({ state: 'detached' })
}

export function enrolment(w: () => World): void {
  test('T11 K6 Administrators: enrol an officer who makes two passkeys and works; her end ends her session at once', { timeout: 15 * patience }, async () => {
    const name = 'Kari Brandt <b>'
    const first = await signedIn(w(), 'arcadia', 'arcadia-admin-1')
    await first.go('/people')
    await press(first.page, first.page.getByRole('link', { name: 'Invite' }))
    await first.page.waitForURL(/\/people\/invite$/)
    await first.page.getByLabel('Office').waitFor()
    await write(first.page, first.page.getByLabel('Name', { exact: true }), name)
    await write(first.page, first.page.locator('input[dir="ltr"]').first(), 'kari-brandt')
    await choose(first.page, `[id="${await first.page.getByLabel('Office').getAttribute('id')}"]`, 'arcadia-cyber-unit')
    await press(first.page, first.page.getByLabel('issuing officer'), 'Space')
    const dates = first.page.locator('input[dir="ltr"]')
    await write(first.page, dates.nth(1), day(300))
    await write(first.page, dates.nth(2), day(200))
    await first.look('invitation')
    await press(first.page, first.page.locator('form button[type="submit"]'))
    const link = await first.page.getByText(/https:.*\/enrol#/).innerText()
    await first.look('the link')

    // Whoever has the link: Kari, at her own machine, whose authenticator holds nothing yet.
    const kari = await somebody(w(), w().people.arcadia!, { empty: true })
    const { page } = kari
    await page.goto(link.trim())
    await settled(page)
    await kari.look('enrolment')
    await write(page, page.getByLabel('Name of this device'), 'Blue key')
    await press(page, page.getByRole('button', { name: 'Make the passkeys' }))
    await page.getByText('Your passkeys are registered').waitFor()
    await kari.look('passkeys registered')
    const code = await page.locator('.key-code').innerText()
    assert.match(code, /^[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}$/)
    // Nobody has approved her yet: her passkey signs nobody in.
    await kari.go('/sign-in')
    await press(page, page.getByRole('button', { name: 'Sign in with a passkey' }))
    await page.locator('.banner-bad').waitFor()
    await kari.look('refused at the door')

    await approve(first, name, code, true)
    await first.page.locator('tr', { hasText: name }).getByText('waits for').waitFor()
    assert.equal(await first.page.getByRole('button', { name: `Approve ${name}` }).count(), 0, 'one person approves once')
    const second = await signedIn(w(), 'arcadia', 'arcadia-admin-2')
    await approve(second, name, code, false)
    await second.page.locator('tr', { hasText: name }).getByText('enrolled', { exact: true }).waitFor()
    await second.look('people')
    await second.leave()

    await kari.go('/sign-in')
    await press(page, page.getByRole('button', { name: 'Sign in with a passkey' }))
    await page.waitForURL(/\/work$/)
    await settled(page)
    await kari.look('her worklist')
    await kari.go('/me')
    assert.equal(await page.locator('tbody tr', { hasText: 'Blue key' }).count(), 2)
    await begin(kari, { procedure: 'mla' })

    // She leaves; her page is still open.
    await first.go('/people')
    await press(first.page, first.page.getByRole('button', { name: `End ${name}` }))
    await press(first.page, first.page.getByRole('dialog').getByRole('button', { name: 'End', exact: true }))
    await first.page.locator('tr.ended', { hasText: name }).waitFor()
    await first.look('people, after an end')
    await press(page, page.locator('.nav a[href="/work"]'))
    await page.waitForURL(/\/sign-in/)
    await settled(page)
    await press(page, page.getByRole('button', { name: 'Sign in with a passkey' }))
    await page.getByText('has left the roll').first().waitFor()
    await kari.look('the door is closed')
    await kari.leave()
    await first.leave()
  })
}
