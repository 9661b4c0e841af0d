// Whose hands cases are in, on real nodes and by keyboard alone: a clerk's cases go to a colleague
// with one act of the head; an officer goes on leave and two of her cases are seen to meanwhile. Then new nodes: their founders, and Petrel.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { settled } from '../support/browser.ts'
import { choose } from '../support/fill.ts'
import { press, reach } from '../support/keyboard.ts'
import { perform, without } from './deeds.ts'
import { founders } from './founders.ts'
import { away, handOver, pick, sign } from './hands.ts'
import { petrel } from './petrel.ts'
import { example, hour, now, pass, patience, signedIn, world, type Someone, type World } from './world.ts'

let w: World
before(async () => {
  w = await world('all')
}, { timeout: 20 * patience })
after(() => w?.close())

/** How many cases the list says there are with that filter of hands, chosen in its list by letters. */
async function listed(someone: Someone, hands: string): Promise<number> {
  const { page } = someone
  await page.goto(`${new URL(page.url()).origin}/work`)
  await settled(page)
  const list = page.locator('.filters').getByLabel('In whose hands')
  await list.waitFor()
  await choose(page, `[id="${await list.getAttribute('id')}"]`, hands)
  await page.waitForURL(new RegExp(`hands=${hands}`))
  await settled(page)
  await someone.look(`worklist, hands ${hands}`)
  return page.locator('a.case-link').count()
}

test('K10 Authority: a clerk’s cases go to a colleague with one act signed by the head; the books and each case show it', { timeout: 15 * patience }, async () => {
  const nils = await signedIn(w, 'borealis', 'borealis-admin-1')
  const { page } = nils
  const all = await page.locator('a.case-link').count()
  assert.ok(all >= 3, `${all} cases`)
  assert.equal(await handOver(nils, 'borealis-clerk'), all)
  await page.locator('tr', { hasText: 'Ivo Marin' }).first().waitFor()
  assert.equal(await listed(nils, 'nobody'), 0)

  await nils.go('/people')
  await press(page, page.getByRole('button', { name: 'Hand all over Ivo Marin' }))
  await pick(nils, 'To', 'borealis-deputy')
  await page.getByRole('dialog').getByText('Ivo Marin').first().waitFor()
  await sign(nils, 'all of a clerk’s cases')
  const line = page.locator('.signed li', { hasText: `${all} cases from Ivo Marin to Mira Halonen` })
  await line.getByText('by Nils Berg').waitFor()
  await line.getByText('signature verified').waitFor()
  await nils.look('people, with what was signed')
  await nils.leave()

  const mira = await signedIn(w, 'borealis', 'borealis-deputy')
  assert.equal(await listed(mira, 'mine'), all)
  assert.equal(await mira.page.getByText('in your hands').count(), all)
  await press(mira.page, mira.page.locator('a.case-link').first())
  await mira.page.waitForURL(/\/cases\/[^/]+$/)
  await settled(mira.page)
  const panel = mira.page.locator('[aria-labelledby="case-hands"]')
  await panel.getByText('Mira Halonen').first().waitFor()
  await press(mira.page, panel.locator('summary'))
  await panel.getByText('from Ivo Marin to Mira Halonen').waitFor()
  await panel.getByText('from nobody to Ivo Marin').waitFor()
  assert.equal(await panel.getByText('by Nils Berg').count(), 2)
  await mira.look('a case, through whose hands')
  await mira.leave()

  const ivo = await signedIn(w, 'borealis', 'borealis-clerk')
  assert.equal(await listed(ivo, 'mine'), 0)
  await ivo.leave()
})

test('O11 S06 Officer: goes on leave for five days, two of her cases to a colleague, who sees two and not the rest; an end comes by itself', { timeout: 15 * patience }, async () => {
  const ada = await signedIn(w, 'arcadia', 'arcadia-officer')
  const { page } = ada
  // What nobody has she takes; she could not put it onto somebody else.
  const all = await handOver(ada, 'arcadia-officer')
  assert.ok(all >= 3, `${all} cases`)
  assert.equal(await listed(ada, 'mine'), all)

  await ada.go('/me')
  await press(page, page.getByRole('button', { name: 'I am away' }))
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Last day').waitFor()
  const people = await dialog.locator('select option').allInnerTexts()
  assert.ok(people.some((p) => p.startsWith('Elin Saar')), people.join())
  assert.ok(!people.some((p) => /Carmen|Bram|Sven/.test(p)), 'nobody who would check her acts')
  await press(page, dialog.getByRole('button', { name: 'Go on' }))
  await dialog.getByText('A colleague, two days').waitFor()
  await away(ada, 'arcadia-deputy', 5, [0, 2])
  await page.locator('tr', { hasText: 'Elin Saar' }).getByText('2', { exact: true }).waitFor()
  await ada.look('her page, away')
  await ada.leave()

  const elin = await signedIn(w, 'arcadia', 'arcadia-deputy')
  assert.equal(await listed(elin, 'mine'), 2)
  assert.equal(await elin.page.getByText(/for Ada Brandt until/).count(), 2)
  await reach(elin.page, elin.page.locator('a.case-link').first())
  await elin.page.keyboard.press('Enter')
  await elin.page.waitForURL(/\/cases\/[^/]+$/)
  await settled(elin.page)
  await elin.page.locator('[aria-labelledby="case-hands"]').getByText('Elin Saar for Ada Brandt').waitFor()
  await elin.look('a case she sees to')
  // What she does there is shown as hers for Ada, in this house; the act itself knows nothing of it.
  const id = decodeURIComponent(new URL(elin.page.url()).pathname.split('/')[2]!)
  const fields = { ...without(example('delete'), 'manifest_hash', 'items'), destroyed_at: new Date(now() - hour).toISOString().replace(/\.\d{3}Z$/, 'Z') }
  await perform(elin, id, 'delete', fields, 'an act for Ada')
  await elin.go(`/cases/${id}`)
  await elin.page.locator('.timeline > li').first().getByText('Elin Saar for Ada Brandt').waitFor()
  await elin.look('an act of hers for Ada')
  // They are in Ada's hands: what is hers to decide is not her colleague's.
  assert.equal(await elin.page.locator('[aria-labelledby="case-hands"] button').count(), 0)
  await elin.leave()

  const arabic = await signedIn(w, 'arcadia', 'arcadia-deputy', { language: 'ar', width: 390 })
  await arabic.go('/work?hands=mine')
  assert.equal(await arabic.page.locator('a.case-link').count(), 2)
  await arabic.leave()

  pass(w, 5 * 24 * hour)
  const later = await signedIn(w, 'arcadia', 'arcadia-deputy')
  assert.equal(await listed(later, 'mine'), 0)
  await later.leave()
})

founders(() => w)
petrel(() => w)
