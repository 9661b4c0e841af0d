// How somebody comes onto the roll, works, and leaves: two administrators and a new officer.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { settled } from '../support/browser.ts'
import { choose } from '../support/fill.ts'
import { press, write } from '../support/keyboard.ts'
import { begin, request } from './deeds.ts'
import { example, patience, signedIn, somebody, until, type Someone, type World } from './world.ts'

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

/** An invitation by its form; gives the link. */
async function invite(someone: Someone, name: string): Promise<string> {
  const { page } = someone
  await someone.go('/people')
  await press(page, page.getByRole('link', { name: 'Invite' }))
  await page.waitForURL(/\/people\/invite$/)
  await page.getByLabel('Office').waitFor()
  await write(page, page.getByLabel('Name', { exact: true }), name)
  await write(page, page.locator('input[dir="ltr"]').first(), 'kari-brandt')
  await choose(page, `[id="${await page.getByLabel('Office').getAttribute('id')}"]`, 'arcadia-cyber-unit')
  await press(page, page.getByLabel('issuing officer'), 'Space')
  const dates = page.locator('input[dir="ltr"]')
  await write(page, dates.nth(1), day(300))
  await write(page, dates.nth(2), day(200))
  await someone.look('invitation')
  await press(page, page.locator('form button[type="submit"]'))
  const link = await page.getByText(/https:.*\/enrol#/).innerText()
  await someone.look('the link')
  return link.trim()
}

/** Both passkeys of a device whose authenticator holds nothing yet; gives the code that is read to the administrators. */
async function makeKeys(someone: Someone, link: string, device: string): Promise<string> {
  const { page } = someone
  await page.goto(link)
  await settled(page)
  await someone.look('enrolment')
  await write(page, page.getByLabel('Name of this device'), device)
  await press(page, page.getByRole('button', { name: 'Make the passkeys' }))
  await page.getByText('Your passkeys are registered').waitFor()
  await someone.look('passkeys registered')
  const code = await page.locator('.key-code').innerText()
  assert.match(code, /^[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}$/)
  return code
}

/** Signs in at the door with whatever the device holds. */
async function enter(someone: Someone): Promise<void> {
  await someone.go('/sign-in')
  await press(someone.page, someone.page.getByRole('button', { name: 'Sign in with a passkey' }))
}

export function enrolment(w: () => World): void {
  test('T11 T44 K6 Administrators: enrol an officer who makes passkeys on two devices and works; one lost ends at once and the other serves; her end ends her session at once', { timeout: 20 * patience }, async () => {
    const name = 'Kari Brandt <b>'
    const first = await signedIn(w(), 'arcadia', 'arcadia-admin-1')
    const link = await invite(first, name)
    // Whoever has the link: Kari, at her own machine.
    const kari = await somebody(w(), w().people.arcadia!, { empty: true })
    const { page } = kari
    const code = await makeKeys(kari, link, 'Blue key')
    // Nobody has approved her yet: her passkey signs nobody in.
    await enter(kari)
    await page.locator('.banner-bad').waitFor()
    await kari.look('refused at the door')

    await approve(first, name, code, true)
    await first.page.locator('tr', { hasText: name }).getByText('waits for').waitFor()
    assert.equal(await first.page.getByRole('button', { name: `Approve ${name}` }).count(), 0, 'one person approves once')
    const second = await signedIn(w(), 'arcadia', 'arcadia-admin-2')
    await approve(second, name, code, false)
    await second.page.locator('tr', { hasText: name }).getByText('enrolled', { exact: true }).waitFor()
    await second.look('people')

    await enter(kari)
    await page.waitForURL(/\/work$/)
    await settled(page)
    await kari.look('her worklist')
    await kari.go('/me')
    assert.equal(await page.locator('tbody tr', { hasText: 'Blue key' }).count(), 2)
    await begin(kari, { procedure: 'mla' })

    // A second device, by a second invitation. Then the first is lost.
    const another = await somebody(w(), w().people.arcadia!, { empty: true })
    const own = await makeKeys(another, await invite(first, name), 'Green key')
    await approve(first, name, own, true)
    await approve(second, name, own, false)
    await second.leave()
    await enter(another)
    await another.page.waitForURL(/\/work$/)
    await another.go('/me')
    const keys = another.page.locator('tbody tr')
    assert.equal(await keys.count(), 4, 'two for each device')
    await press(another.page, keys.filter({ hasText: 'Blue key' }).first().getByRole('button', { name: 'Report lost' }))
    const dialog = another.page.getByRole('dialog')
    await another.look('a passkey that is lost')
    await press(another.page, dialog.getByRole('button', { name: 'Report lost' }))
    // All her sessions have ended, on both devices.
    await another.page.waitForURL(/\/sign-in/)
    await press(page, page.locator('.nav a[href="/work"]'))
    await page.waitForURL(/\/sign-in/)
    await enter(kari)
    await page.locator('.banner-bad').waitFor()
    await kari.leave()
    await enter(another)
    await another.page.waitForURL(/\/work$/)
    await another.go('/me')
    assert.equal(await keys.filter({ hasText: 'ended' }).count(), 2, 'both of the lost device')
    assert.equal(await another.page.getByRole('button', { name: 'Report lost' }).count(), 2)
    // What she does with the key that is left.
    const reference = `PA-CY-2026-0${process.pid}`
    await request(another, { procedure: 'mla' }, { ...example('request', { account: 'heron.orders', address: '203.0.113.41' }), file_number: reference }, 'need', ['urgency'])

    // She leaves; her page is still open.
    await first.go('/people')
    await press(first.page, first.page.getByRole('button', { name: `End ${name}` }))
    await press(first.page, first.page.getByRole('dialog').getByRole('button', { name: 'End', exact: true }))
    await first.page.locator('tr.ended', { hasText: name }).waitFor()
    await first.look('people, after an end')
    // Her keys are no more. What was done with them since yesterday is listed, and with the lost one nothing.
    const line = first.page.locator('tr.ended', { hasText: name })
    await press(first.page, line.locator('summary'))
    assert.equal(await line.locator('li a').count(), 2)
    await press(first.page, line.locator('a', { hasText: 'Green key' }))
    await first.page.waitForURL(/\/authority\/keys\//)
    const row = first.page.locator('tbody tr', { hasText: reference })
    await row.waitFor()
    assert.equal(await first.page.locator('tbody tr').count(), 1)
    await first.look('acts with a key that has ended')
    await press(first.page, row.locator('a'))
    await first.page.waitForURL(/\/cases\/[^/]+$/)
    await settled(first.page)
    await first.go('/people')
    await press(first.page, line.locator('summary'))
    await press(first.page, line.locator('a', { hasText: 'Blue key' }))
    await first.page.getByText('Nothing since').waitFor()
    await first.look('no acts with a key')
    await press(another.page, another.page.locator('.nav a[href="/work"]'))
    await another.page.waitForURL(/\/sign-in/)
    await settled(another.page)
    await press(another.page, another.page.getByRole('button', { name: 'Sign in with a passkey' }))
    await another.page.getByText('has left the roll').first().waitFor()
    await another.look('the door is closed')
    await another.leave()
    await first.leave()
  })
}
