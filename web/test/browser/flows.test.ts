// The days of docs: officer, judge, provider, authority, person concerned and inspector do their
// work in a real Chromium with the keyboard alone, against the development world.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import type { Locator, Page } from 'playwright-core'
import { settled, stage, visit, type Stage } from '../support/browser.ts'

let s: Stage
before(async () => {
  s = await stage()
})
after(() => s.close())

/** Tabs until the element has the focus; fails when the keyboard cannot reach it. */
async function reach(page: Page, target: Locator, most = 400): Promise<void> {
  await target.first().waitFor({ state: 'attached' })
  const focused = () => target.first().evaluate((e) => e === document.activeElement || (e.tagName === 'FIELDSET' && e.contains(document.activeElement)))
  for (let i = 0; i < most; i++) {
    if (await focused()) return
    await page.keyboard.press('Tab')
  }
  assert.fail(`the keyboard does not reach ${target}`)
}
const press = async (page: Page, target: Locator, key = 'Enter') => {
  await reach(page, target)
  await page.keyboard.press(key)
}
const write = async (page: Page, target: Locator, text: string) => {
  await reach(page, target)
  await page.keyboard.press('Control+A')
  await page.keyboard.insertText(text)
}
/** Chooses in a list by its letters, as people do. */
const select = async (page: Page, target: Locator, name: string) => {
  await reach(page, target)
  await page.keyboard.type(name, { delay: 5 })
}
const idOf = (reference: string) => [...s.dev.world.cases.values()].find((c) => c.reference === reference)!.id

test('Officer: signs in, finds the case that is due, and moves from case to case with the arrows', async () => {
  const v = await visit(s, {})
  await v.go('/work?due=late')
  await v.page.waitForURL(/\/sign-in/)
  const ada = v.page.locator('.practice-people li', { hasText: 'Ada' }).locator('button')
  await ada.waitFor()
  await press(v.page, ada)
  await v.page.waitForURL(/\/work\?due=late/)
  const links = v.page.locator('a.case-link')
  await links.first().waitFor()
  await reach(v.page, links)
  await v.page.keyboard.press('ArrowDown')
  assert.equal(await links.nth(1).evaluate((e) => e === document.activeElement), true)
  await v.page.keyboard.press('Enter')
  await v.page.waitForURL(/\/cases\//)
  await settled(v.page)
  assert.equal(await v.page.evaluate(() => document.activeElement?.tagName), 'H1', 'the new page’s title has the focus')
  assert.deepEqual(v.trouble, [])
  await v.context.close()
})

test('O3 R7 Officer: pastes selectors with errors by line, mends them, completes the draft and signs', async () => {
  const v = await visit(s, { person: 'ada' })
  const { page } = v
  await v.go('/drafts/d-0001?step=data')
  await press(page, page.getByRole('button', { name: 'Add selectors' }))
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  await write(page, dialog.locator('textarea'), 'second.account@nimbus-mail.example\n203.0.113.78 51822 2026-02-11T16:06:31\nall@*.example\n')
  await press(page, dialog.getByRole('button', { name: 'Check the lines' }))
  await dialog.getByText('2 lines need mending').waitFor()
  await dialog.getByText('The time has no zone.').waitFor()
  await write(page, dialog.locator('textarea'), 'second.account@nimbus-mail.example\n203.0.113.78 51822 2026-02-11T16:06:31+02:00')
  await press(page, dialog.getByRole('button', { name: 'Check the lines' }))
  await dialog.getByText('2 lines are good').waitFor()
  await press(page, dialog.getByRole('button', { name: 'Add 2 rows' }))
  await dialog.waitFor({ state: 'detached' })
  await page.getByText('203.0.113.78:51822').waitFor()

  await v.go('/drafts/d-0001?step=offence')
  const facts = page.locator('#f-facts')
  await write(page, facts, 'The hospital received three e-mails from this account and paid three invoices into a foreign account; nothing else leads to the sender.')
  await v.page.waitForTimeout(300)
  await page.getByText(/^Saved /).first().waitFor()
  await v.go('/drafts/d-0001?step=safeguards')
  assert.match(await page.evaluate(() => document.body.innerText), /Last saved/)
  const end = page.locator('#f-retention-end')
  await write(page, end, '2027-02-11 10:00')
  await page.keyboard.press('Tab')
  await page.getByText('The zone is missing').waitFor()
  await write(page, end, '2027-02-11 10:00 +02:00')
  await page.keyboard.press('Tab')
  assert.equal(await end.inputValue(), '2027-02-11T08:00:00Z')
  // Left at once: what was typed last is saved all the same.

  await v.go('/drafts/d-0001?step=check')
  const accurate = page.locator('#f-accurate')
  await reach(page, accurate)
  if (!(await accurate.isChecked())) await page.keyboard.press('Space')
  await press(page, page.getByRole('button', { name: 'Check and sign' }))
  const sign = page.getByRole('dialog')
  await sign.getByRole('button', { name: 'Sign with the passkey' }).waitFor()
  await press(page, sign.getByRole('button', { name: 'Sign with the passkey' }))
  await sign.getByText('Admitted as act 1').waitFor()
  await press(page, sign.getByRole('link', { name: 'To the case' }))
  await page.waitForURL(/\/cases\//)
  assert.deepEqual(v.trouble, [])
  await v.context.close()
})

test('O5 Officer: two people in one draft, the second is told and nothing is overwritten', async () => {
  const v = await visit(s, { person: 'ada' })
  const made = await v.page.evaluate(async () => (await fetch('/api/v1/drafts', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ form: 'request', procedure: 'mla', opening: { requesting: 'arcadia', requested: 'borealis', provider: 'nimbus', third: [], category: 'access', recipient: 'arcadia-cyber-unit' } }) })).json())
  await v.go(`/drafts/${made.id}?step=authority`)
  await v.page.evaluate(async (id) => {
    const got = await fetch(`/api/v1/drafts/${id}`)
    const draft = await got.json()
    await fetch(`/api/v1/drafts/${id}`, { method: 'PUT', headers: { 'Content-Type': 'application/json', 'If-Match': got.headers.get('ETag')! }, body: JSON.stringify({ opening: draft.opening, fields: { file_number: 'FROM-A-COLLEAGUE' } }) })
  }, made.id)
  await write(v.page, v.page.locator('#f-file-number'), 'MINE-1')
  await v.page.getByText('A colleague saved this draft meanwhile').waitFor()
  assert.equal(s.dev.world.drafts.get(made.id)!.draft.fields.file_number, 'FROM-A-COLLEAGUE')
  await v.context.close()
})

test('J2 J3 Judge: strikes a row, shortens a period, reads back wrongly and is stopped, then signs the rest', async () => {
  const v = await visit(s, { person: 'carmen' })
  const { page } = v
  const id = idOf('PA-CY-2026-00431')
  await v.go(`/cases/${id}/judge`)
  await press(page, page.getByRole('button', { name: 'Strike row 3' }))
  await page.getByText('2 of 3 rows left').waitFor()
  await press(page, page.getByRole('button', { name: 'Shorten the period row 2' }))
  await write(page, page.locator('#narrow-to'), '2027-02-01T00:00:00Z')
  await press(page, page.getByRole('button', { name: 'Keep this period' }))
  await page.getByText('must lie within the one asked for').waitFor()
  await write(page, page.locator('#narrow-to'), '2026-02-01T00:00:00Z')
  await press(page, page.getByRole('button', { name: 'Keep this period' }))
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  for (const i of [0, 1]) await write(page, page.locator(`#f-findings-${i}-reasons`), 'Both laws punish it; I have read the statute text in the file.')
  for (const [field, text] of [['court-name', 'District Court of Port Alder'], ['court-post', 'Investigating judge'], ['court-file-number', '3 Gs 188/26'], ['legal-basis', 'Code of Criminal Procedure, section 88b'], ['expires', '2026-12-24 00:00 Z']] as const) await write(page, page.locator(`#f-${field}`), text)
  await select(page, page.locator('#f-court-country'), 'Arcadia')
  for (const field of ['necessity', 'adequacy', 'proportionality']) await write(page, page.locator(`#f-${field}`), 'The file shows that every other trace led nowhere, and the measure touches one account over a few weeks only.')
  await press(page, page.locator('#f-independence'), 'Space')
  await write(page, page.locator('#read-rows'), '3')
  await select(page, page.getByLabel('What is the most intrusive category'), 'Access')
  await page.getByText('That is not what the grid above says.').waitFor()
  await press(page, page.getByRole('button', { name: 'Grant what is left' }))
  assert.equal(await page.getByRole('dialog').count(), 0, 'a wrong read-back does not lead to the signature')
  await write(page, page.locator('#read-rows'), '2')
  await press(page, page.getByRole('button', { name: 'Grant what is left' }))
  await press(page, page.getByRole('dialog').getByRole('button', { name: 'Sign with the passkey' }))
  await page.getByText('Admitted as act 2').waitFor()
  const signed = s.dev.world.cases.get(id)!.acts.at(-1)!
  assert.equal(signed.act, 'authorise')
  assert.equal(signed.fields.decision, 'granted_in_part')
  assert.equal((signed.fields.grid as any[]).length, 2)
  assert.equal((signed.fields.grid as any[])[1].to, '2026-02-01T00:00:00Z')
  assert.deepEqual(v.trouble, [])
  await v.context.close()
})

test('K9 Officer: a node that cannot be reached for a while loses nothing of what is typed', async () => {
  const v = await visit(s, { person: 'ada' })
  const made = await v.page.evaluate(async () => (await fetch('/api/v1/drafts', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ form: 'request', procedure: 'mla', opening: { requesting: 'arcadia', requested: 'borealis', provider: 'nimbus', third: [], category: 'access', recipient: 'arcadia-cyber-unit' } }) })).json())
  await v.go(`/drafts/${made.id}?step=authority`)
  s.dev.broken.add('saveDraft')
  await write(v.page, v.page.locator('#f-file-number'), 'TYPED-1')
  await v.page.getByText('Not saved yet').waitFor()
  s.dev.broken.delete('saveDraft')
  await write(v.page, v.page.locator('#f-file-number'), 'TYPED-12')
  await v.page.getByText(/^Saved /).first().waitFor()
  assert.equal(s.dev.world.drafts.get(made.id)!.draft.fields.file_number, 'TYPED-12')
  await v.context.close()
})

test('K9 Authority: asks a question in a case by its form, whose faults are named first', async () => {
  const v = await visit(s, { person: 'ivo' })
  const { page } = v
  await v.go(`/cases/${idOf('NP-2026-1014')}/act/ask`)
  await press(page, page.getByRole('button', { name: 'Check and sign' }))
  await page.getByText('to mend').waitFor()
  assert.equal(await page.evaluate(() => document.activeElement?.className), 'summary', 'the list of faults has the focus')
  await press(page, page.getByRole('button', { name: 'Add', exact: true }))
  await write(page, page.locator('#f-questions-0-field'), 'facts')
  await select(page, page.locator('#f-questions-0-code'), 'Not')
  const code = page.locator('#f-questions-0-code')
  if (!(await code.inputValue())) { await reach(page, code); await page.keyboard.press('ArrowDown') }
  await write(page, page.locator('#f-questions-0-text'), 'Which of the three payments do you have statements for?')
  await press(page, page.getByRole('button', { name: 'Check and sign' }))
  await press(page, page.getByRole('dialog').getByRole('button', { name: 'Sign with the passkey' }))
  await page.getByText('Admitted as act').waitFor()
  await v.context.close()
})

test('K6 Authority: tests a partner, approves an enrolment, and ends an entry at once', async () => {
  const v = await visit(s, { person: 'henrik' })
  const { page } = v
  await v.go('/authority/partners')
  await press(page, page.getByRole('button', { name: 'Test Cordia' }))
  await page.getByText('A step failed').waitFor()
  await page.keyboard.press('Escape')
  await v.go('/people')
  await press(page, page.getByRole('button', { name: 'Approve Kari Brandt' }))
  await press(page, page.getByRole('button', { name: 'Approve with the passkey' }))
  await page.getByText('one approval missing').waitFor()
  await press(page, page.getByRole('button', { name: 'End Bram Okafor' }))
  await page.getByText('At once: sessions end').waitFor()
  await press(page, page.getByRole('dialog').getByRole('button', { name: 'End', exact: true }))
  await page.locator('tr.ended', { hasText: 'Bram' }).waitFor()
  await v.context.close()
})

test('T42 P1 P6 Provider: one verdict, an upload that breaks and goes on, hashes that agree, a signed manifest', async () => {
  const v = await visit(s, { person: 'dina' })
  const { page } = v
  const id = idOf('PA-CY-2026-00417')
  await v.go(`/cases/${id}`)
  await page.getByText('may order this from you').waitFor()
  await press(page, page.getByRole('link', { name: 'Produce', exact: true }))
  await page.waitForURL(/\/produce$/)
  const folder = mkdtempSync(`${tmpdir()}/comity-`)
  const name = '<img src=x onerror=globalThis.ran=1>.csv'
  const bytes = randomBytes(900_000)
  writeFileSync(`${folder}/log-ins.csv`, bytes)
  s.dev.broken.add('appendItem')
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), (async () => { await reach(page, page.locator('#files-1')); await page.keyboard.press('Space') })()])
  await chooser.setFiles({ name, mimeType: 'text/csv', buffer: bytes })
  await page.locator('.upload').waitFor()
  await page.waitForTimeout(400)
  s.dev.broken.delete('appendItem')
  await page.getByText('complete, hashes agree').waitFor({ timeout: 30_000 })
  assert.equal(await page.locator('.upload img').count(), 0)
  assert.equal(await page.evaluate(() => (globalThis as any).ran), undefined)
  await page.waitForTimeout(100)
  await press(page, page.locator('#f-authentic'), 'Space')
  await write(page, page.locator('#f-file-number'), 'NM-LE-2026-5512')
  await press(page, page.getByRole('button', { name: 'Check and sign' }))
  await press(page, page.getByRole('dialog').getByRole('button', { name: 'Sign with the passkey' }))
  await page.getByText('Admitted as act 9').waitFor()
  const produced = s.dev.world.cases.get(id)!.acts.at(-1)!
  assert.equal((produced.fields.manifest as any[])[0].size, 900_000)
  assert.equal((produced.fields.manifest as any[])[0].cell, 1)
  assert.deepEqual((produced.fields.rows as any[]).map((r) => r.result), ['none', 'produced'])
  await v.context.close()
})

test('P6 Provider: an upload stopped by a reload goes on from where it was', async () => {
  const v = await visit(s, { person: 'dina' })
  const id = idOf('PA-XR-2026-00003')
  const of = s.dev.world.cases.get(id)!
  const token = 'staged-before'
  s.dev.world.staged.set(token, { of: { token, case: id, name: 'big.bin', media_type: 'application/octet-stream', size: 600_000, received: 300_000, cell: 0 }, bytes: [Buffer.alloc(300_000, 7)] })
  if (!of.state.included.has('produce')) of.state.included.add('produce')
  of.state.graph.arrows = of.state.graph.arrows.filter((a) => a.to !== 'produce')
  await v.go(`/cases/${id}/produce`)
  await v.page.getByText('paused').waitFor()
  await v.page.locator(`#again-${token}`).setInputFiles({ name: 'big.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(600_000, 7) })
  await v.page.getByText('complete, hashes agree').waitFor({ timeout: 20_000 })
  assert.equal(s.dev.world.staged.get(token)!.bytes.slice(1).reduce((n, b) => n + b.length, 0), 300_000, 'only what was missing was sent')
  await v.context.close()
})

test('D2 D4 Person concerned: a wrong code reads like an unknown one; the right one opens the notice and takes a challenge', async () => {
  const v = await visit(s, {})
  const { page } = v
  await v.go('/notice')
  const code = page.getByLabel('Code from the letter')
  await write(page, code, 'K7QX 2MZA')
  await page.keyboard.press('Enter')
  await page.getByText('some are missing or mistyped').waitFor()
  await write(page, code, 'aaaa bbbb cccc dddd')
  await page.keyboard.press('Enter')
  await page.getByText('There is nothing to show for this code').waitFor()
  await write(page, code, 'k7qx 2mza pl4c vt3h')
  await page.keyboard.press('Enter')
  await page.getByText('What was obtained').waitFor()
  await page.getByText('District Court of Port Alder, chamber for investigations').waitFor()
  const address = page.url()
  assert.ok(!address.includes('K7QX'), 'the code never stands in an address')
  await press(page, page.getByRole('button', { name: 'File the challenge' }))
  await page.getByText('Choose at least one.').waitFor()
  await write(page, page.getByLabel('Why do you challenge it?'), 'I sold this account with my shop in 2024 and did not write these messages.')
  await press(page, page.getByLabel('Have the data deleted'), 'Space')
  await press(page, page.getByRole('button', { name: 'File the challenge' }))
  await page.getByText('Your challenge has reached').waitFor()
  assert.deepEqual(v.trouble, [])
  assert.deepEqual(v.foreign, [])
  await v.context.close()
})

test('V2 V3 Inspector: asks a saved question, draws a sample that waits for the next checkpoint, marks an alarm', async () => {
  const v = await visit(s, { person: 'goran' })
  const { page } = v
  await v.go('/oversight')
  await press(page, page.getByRole('link', { name: 'Stored content, last 90 days' }))
  await page.getByText('That you asked is recorded.').waitFor()
  await v.go('/oversight/samples')
  await press(page, page.getByRole('button', { name: 'Draw a sample' }))
  await page.getByText('Say what for').waitFor()
  await write(page, page.getByLabel('Purpose'), 'Monthly look at whatever comes')
  await press(page, page.getByRole('button', { name: 'Draw a sample' }))
  await page.getByText('waits for the next checkpoint').waitFor()
  await v.go('/oversight/alarms')
  await press(page, page.getByRole('button', { name: /^Mark as seen District Court/ }))
  await page.waitForFunction(() => document.querySelectorAll('.alarms .panel').length === 2 || document.body.innerText.match(/seen/g)!.length >= 3)
  await v.context.close()
})

test('Anybody: chooses two countries by keyboard, and the answer stands in the address', async () => {
  const v = await visit(s, {})
  const { page } = v
  await v.go('/between')
  await select(page, page.getByLabel('Country that asks'), 'France')
  await page.waitForURL(/from=FR/)
  await select(page, page.getByLabel('Country where the data is'), 'Brazil')
  await page.waitForURL(/to=BR/)
  await page.getByText('Question by question').waitFor()
  await v.context.close()
})

test('R1 Anybody: a transparency report is checked in the browser, and a changed one is called bad', async () => {
  const v = await visit(s, {})
  await v.go('/transparency')
  await v.page.getByText('Checked here: it is in the public record').waitFor()
  await v.page.route('**/api/v1/public/reports*', async (route) => {
    const answer = await route.fetch()
    const json = await answer.json()
    json.items[0].canonical = Buffer.from('changed').toString('base64url')
    await route.fulfill({ response: answer, json })
  })
  await v.go('/transparency')
  await v.page.getByText('The check fails').waitFor()
  await v.context.close()
})

test('A role sees its own pages only, and a person who is not signed in sees none of them', async () => {
  const v = await visit(s, { person: 'ada' })
  await v.go('/oversight')
  await v.page.getByText('Your role does not include this page.').waitFor()
  await v.go(`/cases/${idOf('PA-CY-2026-00431')}/judge`)
  await v.page.getByText('Your role does not include this page.').waitFor()
  await v.context.close()
  const nobody = await visit(s, {})
  await nobody.go('/authority/keys')
  await nobody.page.waitForURL(/\/sign-in\?to=%2Fauthority%2Fkeys/)
  await nobody.go('/sign-in?to=//evil.example')
  await press(nobody.page, nobody.page.locator('.practice-people li', { hasText: 'Ada' }).locator('button'))
  await nobody.page.waitForURL(/\/work$/)
  await nobody.context.close()
})

test('A dialog keeps the focus inside, closes with Escape, and gives the focus back', async () => {
  const v = await visit(s, { person: 'ada' })
  await v.go('/work')
  const open = v.page.getByRole('button', { name: 'Save these filters' })
  await press(v.page, open)
  const dialog = v.page.getByRole('dialog')
  await dialog.waitFor()
  for (let i = 0; i < 8; i++) {
    await v.page.keyboard.press('Tab')
    assert.ok(await v.page.evaluate(() => document.activeElement === document.body || !!document.activeElement?.closest('dialog')), 'focus stays in the dialog or the browser')
  }
  await v.page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  assert.equal(await open.evaluate((e) => e === document.activeElement), true)
  await v.context.close()
})

test('The language changes at once, with its direction, and is kept', async () => {
  const v = await visit(s, { language: 'en' })
  await v.go('/')
  await v.page.locator('.top select').selectOption('ar')
  await v.page.waitForFunction(() => document.documentElement.dir === 'rtl' && document.documentElement.lang === 'ar')
  await v.page.getByText('قراءة إشعار').first().waitFor()
  await v.page.locator('.top select').selectOption('fr')
  await v.page.getByText('Lire une notification').first().waitFor()
  assert.equal(await v.page.evaluate(() => document.documentElement.dir), 'ltr')
  await v.context.close()
})
