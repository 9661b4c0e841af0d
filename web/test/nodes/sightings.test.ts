// Who at the provider opens a case is told to who asks, without the name; the provider's own
// administrator has it. On real nodes and by keyboard alone.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { settled } from '../support/browser.ts'
import { press } from '../support/keyboard.ts'
import { patience, signedIn, until, world, type Someone, type World } from './world.ts'

let w: World
before(async () => {
  w = await world('all')
}, { timeout: 20 * patience })
after(() => w?.close())

const panel = ({ page }: Someone) => page.locator('[aria-labelledby="case-sightings"]')

test('P7 T28 Provider: a clerk opens a case; who asks, who is asked and oversight see it at once without a name, and the provider’s administrator with it', { timeout: 15 * patience }, async (t) => {
  const ada = await signedIn(w, 'arcadia', 'arcadia-officer')
  const dina = await signedIn(w, 'nimbus', 'nimbus-officer')
  await press(dina.page, dina.page.locator('a.case-link').first())
  await dina.page.waitForURL(/\/cases\/[^/]+$/)
  const opened = Date.now()
  await settled(dina.page)
  const id = decodeURIComponent(new URL(dina.page.url()).pathname.split('/')[2]!)
  const path = `/cases/${id}`
  const told = await ada.page.evaluate(async ({ at, patience }) => {
    const end = Date.now() + patience
    while (Date.now() < end) {
      const { items } = await (await fetch(at)).json()
      if (items.length) return items
      await new Promise((wait) => setTimeout(wait, 100))
    }
    return []
  }, { at: `/api/v1/cases/${id}/sightings`, patience })
  t.diagnostic(`told within ${Date.now() - opened} ms`)
  assert.equal(told.length, 1)
  assert.equal(told[0].person, undefined)
  await ada.go(path)
  await panel(ada).getByText('Seen at Nimbus Mail: response officer').waitFor()
  const said = await ada.page.locator('main').innerText()
  assert.ok(!/Dina|nimbus-officer/.test(said), said)
  await ada.look('a case, seen at the provider')
  // She does not have it told twice by looking again.
  await dina.go(path)
  assert.ok(!/Dina/.test(await panel(dina).innerText()))
  await dina.look('the case at the provider')
  await dina.leave()
  await ada.go(path)
  assert.equal(await panel(ada).locator('li').count(), 1)
  await ada.leave()

  const ivo = await signedIn(w, 'borealis', 'borealis-clerk')
  await until(ivo, path, async () => (await panel(ivo).getByText('Seen at Nimbus Mail: response officer').count()) === 1, 'the sighting at who is asked')
  await ivo.go('/authority')
  await ivo.page.getByRole('heading', { name: 'Refused at the gate' }).waitFor()
  await ivo.look('overview, with what was refused at the gate')
  await ivo.leave()

  // The body that oversees Arcadia, whatever it has not looked into itself.
  const goran = await signedIn(w, 'inspectorate', 'inspector')
  await until(goran, path, async () => (await panel(goran).getByText('Seen at Nimbus Mail: response officer').count()) === 1, 'the sighting at who oversees')
  await goran.look('a case at the inspectorate, seen at the provider')
  await goran.leave()

  const paul = await signedIn(w, 'nimbus', 'nimbus-admin-1')
  await paul.go('/people')
  const line = paul.page.locator('tr', { hasText: 'Dina Costa' }).filter({ has: paul.page.locator(`a[href="${path}"]`) })
  await line.getByText('response officer').waitFor()
  await paul.look('people of the provider, with who opened what')
  await press(paul.page, line.locator('a'))
  await paul.page.waitForURL(/\/cases\/[^/]+$/)
  await panel(paul).getByText('Dina Costa').waitFor()
  await paul.look('the case at the provider, for its administrator')
  await paul.leave()
  // Whoever looks after who looked has looked.
  const again = await signedIn(w, 'arcadia', 'arcadia-officer', { language: 'ar', width: 390 })
  await until(again, path, async () => (await panel(again).locator('li').count()) === 2, 'the administrator’s own look')
  await again.look('a case, seen at the provider, in Arabic on a small screen')
  await again.leave()
})
