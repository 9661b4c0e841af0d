// The days of docs at work on real nodes, every person at a browser of their own, by keyboard alone:
// one case from draft to opened evidence, the notice, its challenge and the ruling, the inspector's
// look; then what stands in files of their own: enrolment, the extraordinary mechanism, the emergency.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { settled } from '../support/browser.ts'
import { choose, fill, type Fields } from '../support/fill.ts'
import { press, reach, write } from '../support/keyboard.ts'
import { arrived, authorise, begin, fromWorklist, give, opened as openedCase, payload, perform as performIn, request, without } from './deeds.ts'
import { emergency } from './emergency.ts'
import { enrolment } from './enrolment.ts'
import { extraordinary } from './extraordinary.ts'
import { machine } from './machine.ts'
import { questions } from './questions.ts'
import { states } from './states.ts'
import { statistics } from './statistics.ts'
import { bytesOf, example, hour, now, patience, program, sign, signedIn, somebody, until, world, type Someone, type World } from './world.ts'

let w: World
before(async () => {
  w = await world()
}, { timeout: 10 * patience })
after(() => w?.close())

/** The case that all of them work on; each test needs those before it. */
let id = ''
/** The code of its notice, as the person has it from the provider. */
let code = ''
const reference = 'PA-CY-2026-00417'
const files = [
  { name: 'subscriber.json', mimeType: 'application/json', buffer: Buffer.from('{"account":"harbour.invoices@nimbus-mail.example","opened":"2025-12-30"}\n') },
  { name: `${payload}.csv`, mimeType: 'text/csv', buffer: randomBytes(10_000_000) },
  { name: 'after-the-period.csv', mimeType: 'text/csv', buffer: Buffer.from('2026-12-25T10:00:00Z,203.0.113.7,4711,login\n') },
]
const opened = (someone: Someone, act?: string, what?: string) => openedCase(someone, id, act, what)
const perform = (someone: Someone, act: string, fields: Fields, title: string) => performIn(someone, id, act, fields, title)

test('Nobody: the public pages of every node answer under the policy, and passkeys have one door', async () => {
  const someone = await somebody(w, w.anybody.arcadia!)
  for (const path of ['/', '/between?from=FR&to=US&category=content', '/map', '/doors', '/transparency', '/overdue', '/notice', '/no-such-page']) await someone.go(path)
  await someone.leave()
  for (const [node, origin] of Object.entries(w.people)) {
    const visitor = await somebody(w, origin)
    await visitor.go('/sign-in')
    await visitor.page.getByRole('button', { name: 'Sign in with a passkey' }).waitFor()
    assert.ok(node)
    await visitor.leave()
  }
})

test('Nobody: what stands in English on pages in Arabic and French says so (WCAG 3.1.2), and the first page is small', async () => {
  for (const language of ['ar', 'fr']) {
    const someone = await somebody(w, w.anybody.arcadia!, { language })
    const { page } = someone
    for (const path of ['/between?from=XA&to=XB&category=content', '/between?from=FR&to=US&category=content&offence=fraud', '/between?from=CH&to=JP&category=traffic', '/between?from=FR&to=KP', '/map?country=CH', '/doors', '/overdue', '/transparency']) {
      await someone.go(path)
      // Notes are folded; they are read all the same.
      await page.evaluate(() => document.querySelectorAll('details').forEach((d) => (d.open = true)))
      const unmarked = await page.evaluate(() => {
        const english = /[A-Za-z]{3,}[ ,]+(?:[a-z]{2,}[ ,]+){2,}[A-Za-z]{2,}/
        const out: string[] = []
        const walk = document.createTreeWalker(document.querySelector('main')!, NodeFilter.SHOW_TEXT)
        for (let node = walk.nextNode(); node; node = walk.nextNode()) {
          // An authority's own name stands in brackets behind its name in Arabic.
          const words = english.exec((node.textContent ?? '').replace(/\([^)]*\)/g, ''))?.[0]
          if (words && node.parentElement!.closest('[lang]')!.getAttribute('lang') !== 'en') out.push(words)
        }
        return out
      })
      // French has the same letters: there, what is a sentence of ours is taken out by its own marks.
      if (language === 'ar') assert.deepEqual(unmarked, [], path)
      if (/between\?from=(FR&to=US|CH)|doors/.test(path)) assert.ok((await page.locator('main [lang="en"][dir="ltr"]').count()) > 5, `${language} ${path}`)
    }
    await page.goto(`${w.anybody.arcadia}/?lang=${language}`, { waitUntil: 'networkidle' })
    const moved: { name: string; bytes: number }[] = await page.evaluate(() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map((e) => ({ name: e.name, bytes: (e as PerformanceResourceTiming).encodedBodySize })))
    const total = moved.reduce((sum, { bytes }) => sum + bytes, 0)
    assert.ok(moved.length > 3 && total > 20_000 && total < 200_000, JSON.stringify(moved))
    await someone.leave()
  }
})

test('T42 The served policy holds: no markup from strings, no evaluation, no script beside the node’s own', async () => {
  const someone = await somebody(w, w.people.arcadia!)
  await someone.go('/sign-in')
  const done = await someone.page.evaluate(async () => {
    const out: string[] = []
    // In a task of the page's own: what the debugger calls may evaluate.
    await new Promise((go) => setTimeout(go, 0))
    const attempt = (name: string, run: () => void) => {
      try {
        run()
        out.push(name)
      } catch {
        // refused, as it should be
      }
    }
    attempt('innerHTML', () => { document.createElement('div').innerHTML = '<b>x</b>' })
    attempt('document.write', () => document.write('<b>x</b>'))
    attempt('srcdoc', () => { document.createElement('iframe').srcdoc = '<b>x</b>' })
    attempt('Function', () => new Function('return 1')())
    attempt('timer', () => { setTimeout('globalThis.ran = 1' as never, 0) })
    attempt('policy', () => (globalThis as any).trustedTypes.createPolicy('default', { createHTML: (text: string) => text }))
    attempt('script', () => { document.createElement('script').src = 'https://elsewhere.example/x.js' })
    await fetch('https://elsewhere.example/').then(() => out.push('fetch'), () => undefined)
    return out
  })
  assert.deepEqual(done, [])
  assert.equal(await someone.page.evaluate(() => (globalThis as any).ran), undefined)
  await someone.context.close()
})

test('O1 O2 O3 O4 Officer: writes a request with live findings, pastes selectors, among them an address whose time has no zone, signs it', { timeout: 15 * patience }, async () => {
  const ada = await signedIn(w, 'arcadia', 'arcadia-officer')
  const { page } = ada
  await ada.look('worklist')
  assert.match(await page.locator('.top-who').innerText(), /^Ada Brandt/, 'people are called by their names')
  await press(page, page.getByRole('link', { name: 'New request' }))
  await page.waitForURL(/\/drafts\/new$/)
  await begin(ada, { procedure: 'mla' })
  const fields = example('request')
  const grid = fields.grid as { selector: Fields; from?: string; to?: string }[]
  let seen = 0
  for (let step = 0; step < 12; step++) {
    await settled(page)
    await page.locator('form h2').first().waitFor()
    if (await page.locator('#f-accurate').count()) break
    const here: Fields = {}
    for (const [name, value] of Object.entries(fields)) if (name !== 'grid' && (await page.locator(`#f-${name.replace(/_/g, '-')}`).count())) here[name] = value
    await fill(page, here)
    if (await page.locator('#f-grid').count()) {
      const paste = async (text: string, categories: string[], from: string, to: string) => {
        await press(page, page.getByRole('button', { name: 'Add selectors' }))
        const dialog = page.getByRole('dialog')
        await write(page, dialog.locator('textarea'), text)
        await press(page, dialog.getByRole('button', { name: 'Check the lines' }))
        await dialog.getByText('1 line is good').waitFor()
        for (const category of ['subscriber', 'access']) {
          const box = dialog.locator(`input[id$="-${category}"]`)
          if ((await box.isChecked()) !== categories.includes(category)) await press(page, box, 'Space')
        }
        await write(page, dialog.locator('input[id$="-from"]'), from)
        await write(page, dialog.locator('input[id$="-to"]'), to)
        await press(page, dialog.getByRole('button', { name: /^Add \d+ rows?$/ }))
        await dialog.waitFor({ state: 'detached' })
      }
      const [email, , address] = grid.map((row) => row.selector)
      // A local time is no time: the line is refused with what it lacks, and no row comes of it.
      await press(page, page.getByRole('button', { name: 'Add selectors' }))
      await write(page, page.getByRole('dialog').locator('textarea'), `${address!.value} ${address!.port} ${String(address!.seen_at).replace('Z', '')}`)
      await press(page, page.getByRole('dialog').getByRole('button', { name: 'Check the lines' }))
      await page.getByRole('dialog').getByText('the time has no zone', { exact: false }).waitFor()
      assert.equal(await page.getByRole('dialog').getByRole('button', { name: /^Add \d+ rows?$/ }).count(), 0)
      await ada.look('an address without a zone')
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await paste(String(email!.value), ['subscriber', 'access'], grid[1]!.from!, grid[1]!.to!)
      await paste(`${address!.value} ${address!.port} ${address!.seen_at}`, ['access'], grid[2]!.from!, grid[2]!.to!)
      assert.equal(await page.locator('#f-grid tbody tr').count(), 3)
    }
    await ada.look(`draft, step ${step + 1}`)
    seen += await page.locator('.beside .finding').count()
    await press(page, page.locator('form button[type="submit"]'))
  }
  assert.ok(seen > 0, 'the findings stand beside the form as it grows')
  await page.waitForTimeout(1500)
  await settled(page)
  await press(page, page.locator('#f-accurate'), 'Space')
  await ada.look('draft, check')
  const open = await page.locator('form .banner-warn').count()
  assert.equal(open, 0, open ? await page.locator('form .banner-warn').innerText() : '')
  await sign(ada, 'the request')
  id = decodeURIComponent(new URL(page.url()).pathname.split('/')[2]!)
  await page.getByText(reference).first().waitFor()
  await ada.go(`/cases/${id}`)
  await page.locator('.timeline').getByText('Ada Brandt').waitFor()
  for (const tab of ['procedure', 'data', 'evidence', 'findings']) await ada.go(`/cases/${id}?tab=${tab}`)
  await ada.go('/drafts')
  await ada.leave()
})

test('J2 J3 J5 Judge: strikes a row, reads back, and authorises what is left', { timeout: 10 * patience }, async () => {
  assert.ok(id)
  const carmen = await signedIn(w, 'arcadia', 'arcadia-judge')
  const { page } = carmen
  await fromWorklist(carmen, reference)
  await authorise(carmen, id, { button: 'Grant what is left', before: async () => {
    await press(page, page.getByRole('button', { name: 'Strike row 3' }))
    await page.getByText('2 of 3 rows left').waitFor()
  } })
  await page.getByText('authorised').first().waitFor()
  await carmen.leave()
})

test('K1 K2 K3 Authority: examines and transmits, the directory as it stood on a day; the other country finds it by its deadline, acknowledges and accepts', { timeout: 10 * patience }, async () => {
  assert.ok(id)
  const henrik = await signedIn(w, 'arcadia', 'arcadia-clerk')
  await perform(henrik, 'transmit', example('transmit'), 'the transmission')
  for (const path of ['/authority', '/authority/partners', '/authority/directory', '/authority/keys', '/authority/outbox', '/authority/statistics', '/people', '/me']) await henrik.go(path)
  await henrik.go('/authority/directory')
  const on = henrik.page.locator('#on')
  await write(henrik.page, on, new Date(now()).toISOString().slice(0, 10))
  await henrik.page.locator('section', { hasText: 'District Court of Port Alder' }).getByText('judge').first().waitFor()
  // On a day before there was a directory nobody could do anything.
  await write(henrik.page, on, '2020-01-01')
  await henrik.page.locator('main .banner-bad').waitFor()
  assert.equal(await henrik.page.getByText('District Court of Port Alder').count(), 0)
  await henrik.leave()
  const ivo = await signedIn(w, 'borealis', 'borealis-clerk')
  await until(ivo, '/work', async (page) => (await page.locator('a.case-link', { hasText: reference }).count()) > 0, 'the request at Borealis')
  await ivo.look('worklist of Borealis')
  const count = (due: string) => ivo.page.locator(`.numbers a[href*="due=${due}"]`)
  const row = ivo.page.locator('tr', { hasText: reference })
  assert.match(await row.innerText(), /Acknowledge receipt\s+yours/)
  await press(ivo.page, count('late'))
  await ivo.page.waitForURL(/due=late/)
  await row.waitFor({ state: 'detached' })
  await press(ivo.page, count('week'))
  await ivo.page.waitForURL(/due=week/)
  await row.waitFor()
  assert.ok(Number(await count('week').locator('strong').innerText()) > 0)
  assert.equal(await count('stuck').locator('strong').innerText(), '0')
  await perform(ivo, 'acknowledge', example('acknowledge'), 'the acknowledgement')
  await perform(ivo, 'accept', example('accept'), 'the acceptance')
  await ivo.leave()
})

test('K3 O8 Judge of the other country: orders what was authorised; who asked sees who has it, and by when', { timeout: 10 * patience }, async () => {
  assert.ok(id)
  const jana = await signedIn(w, 'borealis', 'borealis-judge')
  const ada = await signedIn(w, 'arcadia', 'arcadia-officer')
  const row = ada.page.locator('tr', { hasText: reference })
  const stands = async (act: string) => {
    await until(ada, '/work', async () => (await row.filter({ hasText: act }).count()) === 1, `${act}, in who asked’s worklist`)
    const [next, , , , holder] = await row.locator('th, td').allInnerTexts()
    assert.match(next!, /in \d+ (h|days?)/)
    return holder
  }
  assert.equal(await stands('Order to the provider'), 'Borealis')
  await perform(jana, 'order', without(example('order'), 'grid'), 'the order')
  await jana.leave()
  assert.equal(await stands('Produce'), 'Nimbus Mail')
  await ada.leave()
})

test('T42 P1 P6 Provider: one verdict; files with hostile names, one broken off and gone on with; a signed manifest', { timeout: 10 * patience }, async () => {
  assert.ok(id)
  const dina = await signedIn(w, 'nimbus', 'nimbus-officer')
  const { page } = dina
  await until(dina, '/work', async (page) => (await page.locator('a.case-link').count()) > 0, 'the order at Nimbus Mail')
  await opened(dina, 'produce')
  await page.getByText('may order this from you').waitFor()
  await dina.look('case at the provider')
  await press(page, page.locator('.act-buttons a[href$="/produce"]'))
  await page.waitForURL(/\/produce$/)
  await give(page, page.locator('#files-0'), files[0]!)
  await page.locator('.upload .tag-good').first().waitFor()
  // The line breaks in the middle of the second file, and the page is loaded again.
  let pieces = 0
  await page.route('**/api/v1/evidence/staging/*?offset=*', (route) => (++pieces > 1 ? route.abort() : route.continue()))
  await give(page, page.locator('#files-1'), files[1]!)
  await page.waitForFunction(() => [...document.querySelectorAll('.upload progress')].some((p) => (p as HTMLProgressElement).value > 0))
  await dina.go(`/cases/${id}/produce`)
  await page.getByText('paused').waitFor()
  await page.unroute('**/api/v1/evidence/staging/*?offset=*')
  await give(page, page.locator('input[id^="again-"]'), files[1]!)
  await page.getByText('complete, hashes agree').waitFor()
  await page.waitForFunction(() => !document.querySelector('.upload progress'))
  await give(page, page.locator('#files-1'), files[2]!)
  await page.waitForFunction(() => document.querySelectorAll('.upload .tag-good').length === 3)
  assert.equal(await page.locator('.upload img').count(), 0)
  await dina.look('production')
  const fields = example('produce')
  await fill(page, without(fields, 'manifest', 'rows'))
  await sign(dina, 'the production')
  await dina.leave()
})

test('P3 Provider: a letter that asks by e-mail gets a reply that names the door, and nothing enters', { timeout: 5 * patience }, async () => {
  const dina = await signedIn(w, 'nimbus', 'nimbus-officer')
  const { page, context } = dina
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const before = await page.locator('a.case-link').count()
  await press(page, page.locator('.foot a[href="/doors"]'))
  await page.waitForURL(/\/doors$/)
  await press(page, page.getByRole('button', { name: 'Copy the reply' }))
  await page.getByText('Copied').waitFor()
  const reply = await page.evaluate(() => navigator.clipboard.readText())
  assert.ok(reply.includes(`${w.people.nimbus}/doors`) && reply.includes('your message has opened no case'), reply)
  await dina.look('the reply to a letter')
  await dina.go('/work')
  assert.equal(await page.locator('a.case-link').count(), before)
  await dina.leave()
  const anybody = await somebody(w, w.anybody.nimbus!)
  await anybody.go('/doors')
  await anybody.page.getByText('No e-mail, telephone call or police mailbox starts or changes a case.').waitFor()
  assert.equal(await anybody.page.getByRole('button', { name: 'Copy the reply' }).count(), 0)
  await anybody.leave()
})

machine(() => w)

test('K3 Authority: lets two items pass and holds one back', { timeout: 10 * patience }, async () => {
  assert.ok(id)
  const ivo = await signedIn(w, 'borealis', 'borealis-clerk')
  const { page } = ivo
  await until(ivo, `/cases/${id}/act/release`, arrived(3), 'the evidence at Borealis')
  await ivo.look('release')
  const name = async (i: number) => page.locator('.item-list > li').nth(i).locator('strong').innerText()
  for (let i = 0; i < 3; i++) {
    const passes = (await name(i)) !== files[2]!.name
    await reach(page, page.locator(`#item-${i}-pass`))
    await page.keyboard.press('Space')
    if (passes) continue
    await page.keyboard.press('ArrowRight')
    await choose(page, `#item-${i}-ground`, 'outside_grid')
    await write(page, page.locator(`#item-${i}-reasons`), 'Its entries lie after the end of the authorised period.')
  }
  await fill(page, without(example('release'), 'passed', 'held_back'))
  await sign(ivo, 'the release')
  await ivo.leave()
})

test('O10 Officer: receives, opens, and saves the very bytes that the provider gave', { timeout: 10 * patience }, async () => {
  assert.ok(id)
  const ada = await signedIn(w, 'arcadia', 'arcadia-officer')
  const { page } = ada
  await perform(ada, 'receive', without(example('receive'), 'manifest_hash', 'items'), 'the receipt')
  await until(ada, `/cases/${id}/act/open`, async (page) => (await page.locator('.items input:enabled').count()) === 2, 'the evidence at Arcadia')
  await ada.look('opening')
  await write(page, page.locator('#f-purpose'), 'Comparison of the log-ins with the entries in the bank’s log.')
  await press(page, page.getByRole('button', { name: 'Choose all' }))
  await sign(ada, 'the opening')
  await until(ada, `/cases/${id}?tab=evidence`, async (page) => (await page.getByRole('button', { name: /^Download/ }).count()) === 2, 'the opened items')
  for (const file of files.slice(0, 2)) {
    const [download] = await Promise.all([page.waitForEvent('download'), press(page, page.getByRole('button', { name: `Download ${file.name}` }))])
    assert.ok((await bytesOf(download)).equals(file.buffer), `${file.name}: the same bytes`)
  }
  assert.equal(await page.getByText('saved; the hash is that of the manifest').count(), 2)
  await ada.look('evidence')
  await ada.leave()
})

test('J4 J9 Judge: a notice is not put off without new facts, nor beyond the longest that the procedure has', { timeout: 10 * patience }, async () => {
  assert.ok(id)
  const carmen = await signedIn(w, 'arcadia', 'arcadia-judge')
  const { page } = carmen
  await opened(carmen, 'act/defer-notice')
  await press(page, page.locator('.act-buttons a[href$="/act/defer-notice"]'))
  await page.waitForURL(/\/act\/defer-notice$/)
  await settled(page)
  const fields = example('defer-notice')
  await fill(page, { ...without(fields, 'new_facts'), until: new Date(now() + 2 * 365 * 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z') })
  await press(page, page.getByRole('button', { name: 'Check and sign' }))
  await page.locator('.summary').getByText('New facts').waitFor()
  assert.equal(await page.getByRole('dialog').count(), 0)
  await fill(page, { new_facts: fields.new_facts })
  await press(page, page.getByRole('button', { name: 'Check and sign' }))
  await page.getByRole('dialog').locator('.banner-bad').waitFor()
  await carmen.look('more than the procedure allows')
  assert.match(await page.getByRole('dialog').innerText(), /180 days/)
  assert.equal(await page.getByRole('button', { name: 'Sign with the passkey' }).count(), 0)
  await press(page, page.getByRole('dialog').getByRole('button', { name: 'Back' }))
  // What is typed is not lost by a link that was meant otherwise.
  await press(page, page.locator('.nav a[href="/work"]'))
  await press(page, page.getByRole('dialog').getByRole('button', { name: 'Leave', exact: true }))
  await page.waitForURL(/\/work$/)
  await carmen.leave()
})

test('Letters: an act, its receipt and the custody as PDF; the code at the end of a letter shows anybody the sealed act, and a wrong one nothing', { timeout: 10 * patience }, async () => {
  assert.ok(id)
  const henrik = await signedIn(w, 'arcadia', 'arcadia-clerk', { language: 'ar' })
  const { page } = henrik
  const pdf = async (button: string) => {
    const [download] = await Promise.all([page.waitForEvent('download'), press(page, page.getByRole('button', { name: button }))])
    assert.equal((await bytesOf(download)).subarray(0, 5).toString(), '%PDF-', button)
  }
  await henrik.go(`/cases/${id}?tab=evidence`)
  await pdf('الشهادة بصيغة PDF')
  await henrik.go(`/cases/${id}`)
  await press(page, page.locator('.timeline > li a[href*="/acts/"]').first())
  await page.waitForURL(/\/acts\//)
  await settled(page)
  await pdf('الرسالة بصيغة PDF')
  await pdf('إيصال الاستلام بصيغة PDF')
  const hash = new URL(page.url()).pathname.split('/').pop()!
  await henrik.leave()
  const reader = await somebody(w, w.anybody.arcadia!)
  await reader.page.goto(`${w.anybody.arcadia}/verify#${hash}`)
  await reader.page.getByText('A sealed act has this code').waitFor()
  await reader.page.locator('main').getByText(id).waitFor()
  await reader.look('a letter that prints an act')
  assert.equal(await reader.page.getByText('harbour').count(), 0, 'nothing of what the act says')
  const field = reader.page.getByLabel('Code at the end of the letter')
  await write(reader.page, field, (hash.startsWith('A') ? 'B' : 'A') + hash.slice(1).replace(/(.{4})/g, '$1 '))
  await reader.page.keyboard.press('Enter')
  await reader.page.getByText('This node has no act with this code').waitFor()
  assert.equal(await reader.page.getByText('A sealed act has this code').count(), 0)
  await write(reader.page, field, hash.replace(/(.{4})/g, '$1 '))
  await reader.page.keyboard.press('Enter')
  await reader.page.getByText('A sealed act has this code').waitFor()
  await reader.leave()
})

test('D1 D2 D3 D4 D6 D7 D11 Person concerned: the provider shows the code; a wrong one shows nothing; the right one reads, with what was destroyed already, and challenges', { timeout: 10 * patience }, async () => {
  assert.ok(id)
  const henrik = await signedIn(w, 'arcadia', 'arcadia-clerk')
  // What lay beyond the authorised days was held back; its copies, with all others on the way, go once the rest has arrived.
  const ivo = await signedIn(w, 'borealis', 'borealis-clerk')
  await perform(ivo, 'purge', { ...without(example('purge'), 'items', 'manifest_hash'), destroyed_at: new Date(now()).toISOString().replace(/\.\d+Z$/, 'Z') }, 'the purge')
  await until(ivo, `/cases/${id}?tab=evidence`, async (page) => (await page.locator('tr', { hasText: files[2]!.name }).getByText('destroyed', { exact: false }).count()) > 0, 'the end of what was held back')
  await ivo.leave()
  await perform(henrik, 'notify', without(example('notify'), 'code', 'account_notice'), 'the notice')
  await henrik.leave()
  const dina = await signedIn(w, 'nimbus', 'nimbus-officer')
  await opened(dina, 'act/relay-notice')
  await press(dina.page, dina.page.locator('.timeline > li', { hasText: 'notif' }).first().locator('a[href*="/acts/"]'))
  await dina.page.waitForURL(/\/acts\//)
  await settled(dina.page)
  await dina.look('notice at the provider')
  code = /XA(?:-[A-Z2-7]{4}){7}/.exec(await dina.page.locator('main').innerText())?.[0] ?? ''
  assert.ok(code, 'the text for the account has the code')
  const neutral = await dina.page.locator('main').innerText()
  for (const told of ['hospital', 'fraud', 'Port Alder', reference]) assert.ok(!neutral.includes(told), `the text for the account says nothing of ${told}`)
  await dina.leave()
  for (const origin of [w.anybody.cordia!, w.anybody.arcadia!]) {
    const emil = await somebody(w, origin)
    const { page } = emil
    await emil.go('/notice')
    await page.getByText('That you looked is not passed on').waitFor()
    const field = page.getByLabel('Code from the letter')
    await write(page, field, code.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A')))
    await page.keyboard.press('Enter')
    await page.getByText(/nothing to show for this code|mistyped/).first().waitFor()
    await write(page, field, code.toLowerCase().replace(/-/g, ' '))
    await page.keyboard.press('Enter')
    await page.getByText('What was obtained').waitFor()
    await emil.look('the notice')
    assert.ok(!page.url().includes(code.slice(0, 7)), 'the code never stands in an address')
    await page.locator('main dd', { hasText: 'Purge copies' }).waitFor()
    // The machine keeps nothing of it: neither the code nor that somebody looked.
    assert.deepEqual(await page.evaluate(() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)].filter((key) => key !== 'language')), [])
    assert.deepEqual(await emil.context.cookies(), [])
    // What the person takes along is checked at home, with no network.
    const [bundle] = await Promise.all([page.waitForEvent('download'), press(page, page.getByRole('button', { name: 'Take the proof along' }))])
    assert.match(execFileSync(program(), ['verify', 'bundle', (await bundle.path())!]).toString(), /./)
    assert.deepEqual(await page.locator('main dd').evaluateAll((all) => all.filter((e) => !e.textContent?.trim()).map((e) => e.previousElementSibling?.textContent)), [], 'no remedy is empty')
    if (origin === w.anybody.arcadia) {
      await write(page, page.getByLabel('Why do you challenge it?'), 'I sold this account with my shop in 2024 and did not write these messages.')
      await press(page, page.getByLabel('Have the data deleted'), 'Space')
      await press(page, page.getByRole('button', { name: 'File the challenge' }))
      await page.getByText('Your challenge has reached').waitFor()
      await emil.look('the challenge')
    }
    await emil.leave()
  }
})

test('D4 J10 R2 Judge: rules on the challenge; the officer could open nothing meanwhile; the person reads why, and in no public record stands a word of it', { timeout: 10 * patience }, async () => {
  assert.ok(code)
  const ada = await signedIn(w, 'arcadia', 'arcadia-officer')
  await until(ada, `/cases/${id}`, async (page) => (await page.locator('.timeline').getByText('challenge', { exact: false }).count()) > 0, 'the challenge at Arcadia')
  assert.equal(await ada.page.locator('.act-buttons a[href$="/act/open"]').count(), 0, 'nothing is opened while a challenge is pending')
  await ada.look('case with a challenge')
  const carmen = await signedIn(w, 'arcadia', 'arcadia-judge')
  await fromWorklist(carmen, reference)
  await carmen.page.locator('.owed').getByText('Dismiss the challenge').waitFor()
  await carmen.look('case for the ruling')
  const fields = example('dismiss-challenge')
  await perform(carmen, 'dismiss-challenge', fields, 'the ruling')
  await carmen.leave()
  await opened(ada, 'act/open', 'opening to be possible again')
  await ada.leave()
  const emil = await somebody(w, w.anybody.arcadia!)
  await emil.go('/notice')
  await write(emil.page, emil.page.getByLabel('Code from the letter'), code)
  await emil.page.keyboard.press('Enter')
  await emil.page.getByText(String(fields.to_person)).waitFor()
  await emil.look('the ruling')
  await emil.leave()
  // The public record has leaves, and nothing of what they stand for.
  for (const node of ['arcadia-authority', 'borealis-authority', 'nimbus-mail']) {
    const published = execFileSync('find', [`${w.dir}/${node}/record`, '-type', 'f', '-exec', 'cat', '{}', '+'], { maxBuffer: 1 << 28 }).toString('latin1')
    assert.ok(published.split('"leaf":').length > 5, `${node} has published`)
    for (const words of [fields.reasons, fields.to_person, example('authorise').necessity, example('request').facts, reference, code])
      assert.ok(!published.includes(Buffer.from(String(words).slice(0, 40)).toString('latin1')), `${node}: ${String(words).slice(0, 40)}`)
  }
})

test('V1 V2 V3 V5 Inspector: sees the case, asks, looks at who approves in seconds, draws a sample that waits for the next checkpoint, and the look is kept', { timeout: 10 * patience }, async () => {
  assert.ok(id)
  const goran = await signedIn(w, 'inspectorate', 'inspector')
  const { page } = goran
  // Its number is content, and no content was opened.
  await until(goran, '/oversight', async (page) => (await page.locator('a.case-link', { hasText: id.slice(0, 8) }).count()) > 0, 'the case at the inspectorate')
  assert.equal(await goran.page.getByText(reference).count(), 0)
  await goran.look('oversight')
  await press(page, page.locator('.ways a').first())
  await page.waitForURL(/\/oversight\/questions\//)
  await page.getByText('That you asked is recorded.').waitFor()
  assert.ok(Number((await page.locator('.facts, dl').first().innerText()).match(/Record entries covered\s+([\d,]+)/)![1]!.replace(',', '')) > 10, 'up to which entry of the record')
  await goran.look('an answer')
  await goran.go('/oversight')
  await press(page, page.locator('.ways a[href$="/dwell"]'))
  await page.waitForURL(/\/oversight\/questions\/dwell/)
  const quick = page.locator('tbody tr', { has: page.locator(`a[href="/cases/${id}"]`) })
  await quick.getByText(/Order to the provider by borealis-judge after \d+ s/).waitFor()
  await goran.look('approvals in seconds')
  await press(page, quick.getByRole('link'))
  await page.waitForURL(/\/cases\//)
  await page.locator('.act-buttons a[href$="/act/inspect"]').waitFor()
  await goran.go('/oversight/samples')
  await write(page, page.getByLabel('Purpose'), `Monthly look ${payload}`)
  await press(page, page.getByRole('button', { name: 'Draw a sample' }))
  await page.getByRole('heading', { name: 'Monthly look' }).waitFor()
  await goran.look('the sample')
  await goran.go('/oversight/alarms')
  const see = page.getByRole('button', { name: /^Mark as seen/ })
  if (await see.count()) {
    const before = await see.count()
    await press(page, see)
    await page.waitForFunction((n) => [...document.querySelectorAll('button')].filter((b) => b.textContent?.startsWith('Mark as seen')).length < n, before)
  }
  await goran.go('/oversight/looks')
  await page.getByText('Monthly look').first().waitFor()
  await goran.leave()
})

test('V3 R4 Inspector: names the acts that are read; these open and no other, and everybody sees that somebody looked', { timeout: 10 * patience }, async () => {
  assert.ok(id)
  const goran = await signedIn(w, 'inspectorate', 'inspector')
  const { page } = goran
  await opened(goran, 'act/inspect')
  assert.equal(await page.locator('.timeline a[href*="/acts/"]').count(), 0, 'nothing is read without an inspection')
  await goran.look('case at the inspectorate')
  await press(page, page.locator('.act-buttons a[href$="/act/inspect"]'))
  await page.waitForURL(/\/act\/inspect$/)
  await settled(page)
  const purpose = 'A complaint says that the account belongs to a journalist.'
  await fill(page, { ...example('inspect'), purpose, scope: 'The request and the authorisation' })
  await press(page, page.getByRole('button', { name: 'Check and sign' }))
  await page.getByText('Choose at least one act.').waitFor()
  assert.equal(await page.getByRole('dialog').count(), 0, 'an inspection that names nothing is not signed')
  for (const sequence of [1, 2]) await press(page, page.locator(`#inspected-${sequence}`), 'Space')
  await sign(goran, 'the inspection')
  await page.locator('.timeline a[href*="/acts/"]').first().waitFor()
  await until(goran, `/cases/${id}`, async (page) => (await page.locator('.timeline a[href*="/acts/"]').count()) >= 3, 'the acts that were named, and the inspection itself')
  assert.equal(await page.locator('.timeline a[href*="/acts/"]').count(), 3)
  await press(page, page.locator('.timeline > li').last().locator('a[href*="/acts/"]'))
  await page.waitForURL(/\/acts\//)
  await page.getByText('hospital').first().waitFor()
  await goran.look('an act that is read')
  await goran.go('/oversight/looks')
  await page.locator('tr', { hasText: purpose }).getByText('an act’s content').waitFor()
  await goran.leave()
  const ada = await signedIn(w, 'arcadia', 'arcadia-officer')
  await until(ada, `/cases/${id}`, async (page) => (await page.locator('.timeline').getByText('inspected', { exact: false }).count()) > 0, 'the look at Arcadia')
  await ada.leave()
})

test('V4 Inspector: compares what Arcadia says it sent with what Borealis says it got, line by line in both records; a request that was withdrawn is shown as cancelled', { timeout: 15 * patience }, async () => {
  const ada = await signedIn(w, 'arcadia', 'arcadia-officer')
  const taken = await request(ada, { procedure: 'mla' }, example('request', { account: 'pier.tickets', address: '203.0.113.189' }), 'safeguards', ['retention_end'])
  await ada.leave()
  const carmen = await signedIn(w, 'arcadia', 'arcadia-judge')
  await authorise(carmen, taken)
  await carmen.leave()
  const henrik = await signedIn(w, 'arcadia', 'arcadia-clerk')
  await performIn(henrik, taken, 'transmit', example('transmit'), 'the transmission')
  await performIn(henrik, taken, 'withdraw', example('withdraw'), 'the withdrawal')
  await henrik.leave()
  const goran = await signedIn(w, 'inspectorate', 'inspector')
  const { page } = goran
  await until(goran, `/cases/${taken}`, async (page) => (await page.locator('.timeline').getByText('withdrew', { exact: false }).count()) > 0, 'the withdrawal at the inspectorate')
  await goran.go('/oversight')
  await press(page, page.getByRole('link', { name: 'Two records compared' }))
  await page.waitForURL(/\/oversight\/compare$/)
  await settled(page)
  const compare = page.getByRole('button', { name: 'Compare' })
  await press(page, compare)
  await page.getByText('Two different participants').waitFor()
  for (const [label, value] of [['One participant', 'arcadia-authority'], ['The other', 'borealis-authority']] as const) await choose(page, `[id="${await page.getByLabel(label, { exact: true }).getAttribute('id')}"]`, value)
  // The last acts are in both records a beat after they were admitted.
  const equal = page.locator('.banner-good', { hasText: 'Equal: every act stands in both records' })
  for (let i = 0; i < 20; i++) {
    await press(page, compare)
    await page.locator('[role="status"] .banner').waitFor()
    if (await equal.count()) break
    await page.waitForTimeout(1_000)
  }
  await equal.waitFor()
  const row = page.locator('tbody tr', { hasText: 'Transmit' }).first()
  assert.match(await row.innerText(), /^Transmit\s+([1-9]\d*)\s+0\s+0\s+0\s+0\s+0$/)
  const cancelled = page.locator('section', { has: page.getByRole('heading', { name: 'Cancelled' }) }).locator('li', { hasText: taken.slice(0, 8) })
  await cancelled.getByText('Arcadia withdrew the request', { exact: false }).waitFor()
  await goran.look('two records, equal')
  await press(page, cancelled.getByRole('link'))
  await page.waitForURL(new RegExp(`/cases/${taken}$`))
  await goran.go('/oversight/looks')
  await page.locator('tr', { hasText: 'arcadia-authority with borealis-authority' }).first().getByText('a comparison').waitFor()
  // From the command line the same, by whoever runs the node.
  const day = (at: number) => new Date(at).toISOString().slice(0, 10)
  const said = execFileSync(program(), ['oversight', 'compare', '--dir', `${w.dir}/inspectorate`, '--first', 'arcadia-authority', '--second', 'nimbus-mail', '--from', day(now() - 80 * 24 * hour), '--until', day(now() + 24 * hour)], { encoding: 'utf8' })
  assert.match(said, /\nequal\n$/)
  await goran.leave()
})

enrolment(() => w)
extraordinary(() => w)
questions(() => w)
states(() => w, () => id)
emergency(() => w)
statistics(() => w)
