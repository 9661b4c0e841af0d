// Evidence through the pages: chosen from the manifest, passed on or held back, opened, saved only
// when its hash is that of the manifest. By keyboard alone.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { settled, stage, visit, type Stage } from '../support/browser.ts'
import { press, reach, select, write } from '../support/keyboard.ts'

let s: Stage
before(async () => {
  s = await stage()
})
after(() => s.close())

const caseOf = (reference: string) => [...s.dev.world.cases.values()].find((c) => c.reference === reference)!

test('X5 Authority: decides for each item, holds one back with a ground and reasons, and the rest is encrypted anew', async () => {
  const v = await visit(s, { person: 'ivo' })
  const { page } = v
  const of = caseOf('PA-CY-2026-00392')
  await v.go(`/cases/${of.id}/act/release`)
  await write(page, page.locator('#f-examined'), 'Each item was compared with the row of the order that it answers.')
  await press(page, page.getByRole('button', { name: 'Check and sign' }))
  await page.getByText('Decide whether it passes or is held back.').first().waitFor()
  assert.equal(await page.getByRole('dialog').count(), 0, 'nothing is decided by silence')
  await press(page, page.locator('#item-0-pass'), 'Space')
  await reach(page, page.locator('#item-1-pass'))
  await page.keyboard.press('ArrowRight')
  await press(page, page.getByRole('button', { name: 'Check and sign' }))
  await page.getByText(/to mend/).first().waitFor()
  assert.equal(await page.getByRole('dialog').count(), 0, 'nothing is held back without a ground')
  await select(page, page.locator('#item-1-ground'), 'Outside')
  await write(page, page.locator('#item-1-reasons'), 'Its last entry is a day after the period of the order.')
  await press(page, page.getByRole('button', { name: 'Check and sign' }))
  await press(page, page.getByRole('dialog').getByRole('button', { name: 'Sign with the passkey' }))
  await page.getByText('Admitted as act').waitFor()
  const { fields } = of.acts.at(-1)! as any
  assert.deepEqual(fields.passed.map((i: any) => i.name), ['registration.csv'])
  assert.notEqual(fields.passed[0].cipher_sha256, createHash('sha256').update('c0').digest('base64url'), 'under another key than the provider’s')
  assert.deepEqual(fields.held_back.map((i: any) => [i.name, i.ground]), [['log-ins.csv', 'outside_grid']])
  assert.deepEqual(v.trouble, [])
  await v.context.close()
})

test('O10 V3 Officer: opens one item of two, saves it after its hash agreed; the other stays closed', async () => {
  const v = await visit(s, { person: 'ada' })
  const { page } = v
  const of = caseOf('PA-CY-2026-00380')
  await v.go(`/cases/${of.id}?tab=evidence`)
  assert.equal(await page.getByText('not opened yet').count(), 2)
  await press(page, page.locator('a[href$="/act/open"]').first())
  await page.waitForURL(/act\/open$/)
  await write(page, page.locator('#f-purpose'), 'Comparison of the log-ins with the entries in the bank’s log.')
  await press(page, page.getByRole('button', { name: 'Check and sign' }))
  await page.getByText(/to mend/).first().waitFor()
  await press(page, page.getByRole('checkbox', { name: /log-ins\.csv/ }), 'Space')
  await press(page, page.getByRole('button', { name: 'Check and sign' }))
  await press(page, page.getByRole('dialog').getByRole('button', { name: 'Sign with the passkey' }))
  await page.getByText('Admitted as act').waitFor()
  await v.go(`/cases/${of.id}?tab=evidence`)
  assert.equal(await page.getByText('not opened yet').count(), 1)
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, page.getByRole('button', { name: 'Download log-ins.csv' }))])
  assert.equal(download.suggestedFilename(), 'log-ins.csv')
  assert.equal(readFileSync((await download.path())!).toString(), 'time,address\n'.repeat(70_000))
  await page.getByText('saved; the hash is that of the manifest').waitFor()
  assert.deepEqual(v.trouble, [])
  await v.context.close()
})

test('X5 Officer: an item whose bytes are others than the manifest says is not saved; a refusal is told', async () => {
  const v = await visit(s, { person: 'ada' })
  const { page } = v
  let saved = 0
  page.on('download', () => saved++)
  let first = true
  await page.route('**/api/v1/evidence/openings/*', async (route) => {
    const answer = await route.fetch()
    const body = await answer.body()
    if (first && body.length) body[0] = body[0]! ^ 1
    first = false
    await route.fulfill({ response: answer, body })
  })
  await v.go(`/cases/${caseOf('PA-CY-2026-00380').id}?tab=evidence`)
  const button = page.getByRole('button', { name: 'Download log-ins.csv' })
  await press(page, button)
  await page.getByText('not saved: its hash is not that of the manifest').waitFor()
  await page.unroute('**/api/v1/evidence/openings/*')
  s.dev.broken.add('openItem')
  await settled(page)
  await press(page, button)
  await page.locator('.banner-bad').waitFor()
  s.dev.broken.delete('openItem')
  assert.equal(saved, 0)
  await v.context.close()
})
