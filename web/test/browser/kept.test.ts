// What somebody has typed is kept: against the end of a session, against a wrong key; and what a
// page says comes whole onto paper. By keyboard alone.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { settled, stage, violations, visit, type Stage, type Visitor } from '../support/browser.ts'
import { question } from '../support/fill.ts'
import { press, write } from '../support/keyboard.ts'
import { payloads } from '../../dev/server.ts'

let s: Stage
before(async () => {
  s = await stage()
})
after(() => s.close())

const caseOf = (reference: string) => [...s.dev.world.cases.values()].find((c) => c.reference === reference)!

/** The window comes to the front at that time. */
async function at(v: Visitor, time: string): Promise<void> {
  await v.page.clock.setFixedTime(new Date(time))
  await v.page.evaluate(() => void dispatchEvent(new Event('focus')))
}

test('T44 Anybody signed in: is told before an idle session ends and stays by a key; when it has ended the page is covered, and opens for the same person with what was typed', async () => {
  const v = await visit(s, { person: 'ivo' })
  const { page } = v
  await v.go(`/cases/${caseOf('NP-2026-1014').id}/act/ask`)
  await press(page, page.getByRole('button', { name: 'Add', exact: true }))
  await v.page.clock.setFixedTime(new Date('2026-11-24T09:33:00Z'))
  await write(page, page.locator('#f-questions-0-text'), 'Which of the payments do you have statements for?')
  const watch = page.locator('.session-watch')
  const heard = page.waitForResponse((r) => r.request().method() === 'GET' && /\/api\/v1\/session$/.test(r.url()))
  await at(v, '2026-11-24T09:54:00Z')
  await heard
  assert.equal(await watch.count(), 0, 'who has typed since the node was last heard is not away')
  await at(v, '2026-11-24T10:20:00Z')
  await watch.getByText('You will be signed out at').waitFor()
  assert.deepEqual(await violations(page), [])
  // The focus is put there without a key, because any key says that somebody is there.
  await watch.getByRole('button', { name: 'Stay signed in' }).focus()
  await page.keyboard.press('Enter')
  await watch.waitFor({ state: 'detached' })
  // Nobody comes back in time.
  const cookies = await v.context.cookies()
  await v.context.clearCookies()
  await at(v, '2026-11-24T10:51:00Z')
  await watch.getByRole('heading', { name: 'Your session has ended' }).waitFor()
  assert.equal(await page.locator('#f-questions-0-text').isVisible(), false, 'nobody reads what stands on a desk that was left')
  assert.deepEqual(await violations(page), [])
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate(() => !!document.activeElement?.closest('.page')), false)
  await press(page, watch.getByRole('button', { name: 'Sign in again' }))
  await watch.waitFor({ state: 'detached' })
  assert.equal(await page.locator('#f-questions-0-text').inputValue(), 'Which of the payments do you have statements for?')
  // Somebody else does not see it.
  await v.context.clearCookies()
  await at(v, '2026-11-24T11:22:00Z')
  await watch.getByRole('heading', { name: 'Your session has ended' }).waitFor()
  await page.evaluate(() => sessionStorage.setItem('practice', 'ada'))
  await press(page, watch.getByRole('button', { name: 'Sign in again' }))
  await page.waitForURL(/\/work$/)
  await settled(page)
  assert.ok(cookies.length > 0)
  await v.context.close()
})

test('Anybody signed in: pages that anybody may read do not keep a session, and the page knows', async () => {
  const v = await visit(s, { person: 'ivo' })
  const { page } = v
  await v.go('/work')
  await page.clock.setFixedTime(new Date('2026-11-24T09:50:00Z'))
  const answered = page.waitForResponse((r) => /\/api\/v1\/law\/between/.test(r.url()))
  // Without a key, which would say that somebody is there.
  await page.evaluate(() => { history.pushState(null, '', '/between?from=FR&to=US'); dispatchEvent(new PopStateEvent('popstate')) })
  await answered
  await at(v, '2026-11-24T09:57:00Z')
  await page.locator('.session-watch').getByText('You will be signed out at').waitFor()
  await v.context.close()
})

test('Anybody signed in: is told ten minutes before the session ends by itself, and signs in again without leaving', async () => {
  const v = await visit(s, { person: 'ada', language: 'ar', width: 390 })
  const { page } = v
  await v.go('/work')
  await at(v, '2026-11-24T17:49:00Z')
  await page.waitForTimeout(200)
  await at(v, '2026-11-24T17:51:00Z')
  const watch = page.locator('.session-watch')
  await watch.getByText('تنتهي جلستك في').waitFor()
  assert.deepEqual(await violations(page), [])
  const asked = page.waitForRequest((r) => r.method() === 'POST' && /\/api\/v1\/session$/.test(r.url()))
  await press(page, watch.getByRole('button'))
  await asked
  assert.match(page.url(), /\/work$/)
  await v.context.close()
})

test('Officer of the authority: a form that is not signed is not lost by a link or by Back, unless it is meant', async () => {
  const v = await visit(s, { person: 'ivo' })
  const { page } = v
  await v.go('/work')
  const form = `/cases/${caseOf('NP-2026-1014').id}/act/ask`
  await page.evaluate((to) => { history.pushState(null, '', to); dispatchEvent(new PopStateEvent('popstate')) }, form)
  await page.waitForURL(/act\/ask$/)
  await page.locator('#f-questions').waitFor()
  // Nothing typed, nothing asked.
  await press(page, page.locator('.nav a[href="/work"]'))
  await page.waitForURL(/\/work$/)
  await page.goBack()
  await page.waitForURL(/act\/ask$/)
  await press(page, page.getByRole('button', { name: 'Add', exact: true }))
  await write(page, page.locator('#f-questions-0-text'), 'Which payments?')
  const dialog = page.getByRole('dialog')
  await press(page, page.locator('.nav a[href="/work"]'))
  await dialog.getByText('Leave without what you typed?').waitFor()
  assert.deepEqual(await violations(page), [])
  await press(page, dialog.getByRole('button', { name: 'Stay here' }))
  await dialog.waitFor({ state: 'detached' })
  assert.equal(await page.locator('#f-questions-0-text').inputValue(), 'Which payments?')
  await page.goBack()
  await dialog.waitFor()
  assert.match(page.url(), /act\/ask$/)
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  assert.equal(await page.locator('#f-questions-0-text').inputValue(), 'Which payments?')
  // The browser asks where the page cannot.
  const asked = page.waitForEvent('dialog')
  const left = page.goto(`${s.dev.url}/`).catch(() => null)
  const question = await asked
  assert.equal(question.type(), 'beforeunload')
  await question.dismiss()
  await left
  assert.equal(await page.locator('#f-questions-0-text').inputValue(), 'Which payments?')
  await press(page, page.locator('.nav a[href="/work"]'))
  await press(page, dialog.getByRole('button', { name: 'Leave', exact: true }))
  await page.waitForURL(/\/work$/)
  await page.locator('a.case-link').first().waitFor()
  await v.context.close()
})

test('J2 Judge: the request comes whole onto paper, what is folded on the screen too, and no buttons', async () => {
  const v = await visit(s, { person: 'carmen' })
  const { page } = v
  await v.go(`/cases/${caseOf('PA-CY-2026-00431').id}/judge`)
  const whole = page.locator('main details', { hasText: 'The whole request' }).first()
  assert.equal(await whole.evaluate((e) => (e as HTMLDetailsElement).open), false)
  const paper = execFileSync('pdftotext', ['-layout', '-', '-'], { input: await page.pdf({ format: 'A4' }) }).toString()
  for (const said of ['Decide on a request', 'Scope', 'What the law says', 'Connection with each country', 'Request for electronic data', 'Necessity']) assert.ok(paper.includes(said), said)
  assert.ok(!paper.includes('Sign out') && !paper.includes('Grant as asked'))
  assert.equal(await whole.evaluate((e) => (e as HTMLDetailsElement).open), false, 'folded again')
  await v.context.close()
})

test('T42 P6 Provider: files are dropped on their row, whatever they are called', async () => {
  const v = await visit(s, { person: 'dina' })
  const { page } = v
  await v.go(`/cases/${caseOf('PA-CY-2026-00417').id}/produce`)
  const drop = page.locator('.drop').nth(1)
  // A file's name has no slash in it; all else may stand there.
  const names = payloads.map((text) => `${text.replaceAll('/', '∕')}.csv`)
  const given = await page.evaluateHandle((names) => {
    const out = new DataTransfer()
    for (const name of names) out.items.add(new File(['time,address\n'], name, { type: 'text/csv' }))
    return out
  }, names)
  await drop.dispatchEvent('dragover', { dataTransfer: given })
  await page.locator('.drop-over').waitFor()
  await drop.dispatchEvent('drop', { dataTransfer: given })
  await page.waitForFunction((n) => document.querySelectorAll('.upload .tag-good').length === n, names.length)
  assert.equal(await page.locator('.drop-over').count(), 0)
  assert.deepEqual((await page.locator('.upload strong').allInnerTexts()).sort(), names.map((n) => n.replace(/\s+/g, ' ')).sort())
  assert.equal(await page.locator('main img, main iframe, main svg[onload], main script, main style').count(), 0)
  assert.equal(await page.evaluate(() => (globalThis as any).ran), undefined)
  assert.deepEqual(await violations(page), [])
  assert.deepEqual(v.trouble, [])
  assert.deepEqual(v.foreign, [])
  await v.context.close()
})

test('Officer of the authority: who has signed is not asked about what was typed, however quickly they go on', async () => {
  const v = await visit(s, { person: 'ivo' })
  const { page } = v
  await v.go(`/cases/${caseOf('NP-2026-1014').id}/act/ask`)
  await question(page, 'Which of the three payments do you have statements for?')
  await press(page, page.getByRole('button', { name: 'Check and sign' }))
  const key = page.getByRole('dialog').getByRole('button', { name: 'Sign with the passkey' })
  await key.waitFor()
  // The link is followed in the moment in which it comes.
  await page.evaluate(() => {
    const seen = new MutationObserver(() => {
      const link = [...document.querySelectorAll<HTMLAnchorElement>('[role=dialog] a, dialog a')].find((a) => a.textContent === 'To the case')
      if (!link) return
      seen.disconnect()
      link.click()
    })
    seen.observe(document.body, { childList: true, subtree: true })
  })
  await press(page, key)
  await page.waitForURL(/\/cases\/[^/]+$/, { timeout: 10_000 })
  await v.context.close()
})
