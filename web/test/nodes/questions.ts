// What does not go straight: a request that the other country's law does not allow, a question and its answer,
// preservation before production, an objection of the provider and its dismissal; a refusal.
import { test } from 'node:test'
import { execFileSync } from 'node:child_process'
import assert from 'node:assert/strict'
import { settled } from '../support/browser.ts'
import { fill, type Fields } from '../support/fill.ts'
import { press, write } from '../support/keyboard.ts'
import { arrived, authorise, begin, fromWorklist, opened, perform, produce, request, without } from './deeds.ts'
import { bytesOf, example, now, patience, sign, signedIn, somebody, until, type Someone, type World } from './world.ts'

const inDays = (days: number): string => `${new Date(now() + days * 86_400_000).toISOString().slice(0, 10)} 10:00 Z`

const ago = (minutes: number): string => new Date(now() - minutes * 60_000).toISOString().replace(/\.\d+Z$/, 'Z')

/** The read page of the latest act of a kind, from the timeline. */
async function read(someone: Someone, id: string, words: RegExp): Promise<void> {
  const { page } = someone
  const entry = page.locator('.timeline > li', { hasText: words }).locator('a[href*="/acts/"]')
  await until(someone, `/cases/${id}`, async () => (await entry.count()) > 0, `an act: ${words}`)
  await press(page, entry.first())
  await page.waitForURL(/\/acts\//)
  await settled(page)
}

export function questions(w: () => World): void {
  /** The case of the first test, which goes on in the one after it. */
  let standing = ''
  const reference = 'PA-CY-2026-00451'
  test('O4 O6 O9 P5 Officer, authority, provider: told what the law does not allow and mended; preserved first; asked, answered, and what changed; objected and dismissed', { timeout: 20 * patience }, async () => {
    const ada = await signedIn(w(), 'arcadia', 'arcadia-officer')
    const { page } = ada
    const draft = await begin(ada, { procedure: 'mla' })
    // A colleague has filled it in; how long the data is kept is longer than anybody may.
    await page.evaluate(async ({ draft, fields }) => {
      const got = await fetch(`/api/v1/drafts/${draft}`)
      const { opening } = await got.json()
      await fetch(`/api/v1/drafts/${draft}`, { method: 'PUT', headers: { 'Content-Type': 'application/json', 'If-Match': got.headers.get('ETag')! }, body: JSON.stringify({ opening, fields }) })
    }, { draft, fields: { ...without(example('request', { account: 'reef.bookings', address: '203.0.113.95' }), 'accurate'), file_number: reference, retention_end: new Date(now() + 9 * 365 * 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z') } })
    await page.goto(`${w().people.arcadia}/drafts/${draft}?step=check`)
    await settled(page)
    const unmet = page.locator('form .banner-bad', { hasText: '1 finding is not met' })
    await unmet.getByText('Retention and use').waitFor()
    assert.match(await unmet.innerText(), /\(.+\)\s*$/, 'with the rule')
    await ada.look('a request that the law does not allow')
    await press(page, page.locator('.step-list a[href*="step=safeguards"]'))
    await page.locator('#f-retention-end').waitFor()
    await write(page, page.locator('#f-retention-end'), inDays(300))
    await page.getByText(/^Saved /).first().waitFor()
    await press(page, page.locator('.step-list a[href*="step=check"]'))
    await page.locator('#f-accurate').waitFor()
    await unmet.waitFor({ state: 'detached' })
    if (!(await page.locator('#f-accurate').isChecked())) await press(page, page.locator('#f-accurate'), 'Space')
    await sign(ada, 'the request, mended')
    const id = decodeURIComponent(new URL(page.url()).pathname.split('/')[2]!)

    const carmen = await signedIn(w(), 'arcadia', 'arcadia-judge')
    await authorise(carmen, id)
    await carmen.leave()
    const henrik = await signedIn(w(), 'arcadia', 'arcadia-clerk')
    await perform(henrik, id, 'transmit', example('transmit'), 'the transmission')
    const ivo = await signedIn(w(), 'borealis', 'borealis-clerk')
    await perform(ivo, id, 'acknowledge', example('acknowledge'), 'the acknowledgement')
    await perform(ivo, id, 'freeze', without(example('freeze'), 'grid'), 'the order to preserve')
    const dina = await signedIn(w(), 'nimbus', 'nimbus-officer')
    await opened(dina, id, 'act/preserve')
    await press(dina.page, dina.page.locator('.act-buttons a[href$="/act/preserve"]'))
    await dina.page.waitForURL(/\/act\/preserve$/)
    await settled(dina.page)
    await dina.look('preservation')
    const rows = await dina.page.locator('[id^="f-rows-"][id$="-result"]').count()
    assert.equal(rows, 3, 'a line for each row of the order')
    await fill(dina.page, { ...without(example('preserve'), 'rows'), rows: Array.from({ length: rows }, () => ({ result: 'preserved' })) })
    await sign(dina, 'the preservation')
    await until(ada, `/cases/${id}`, async (page) => (await page.locator('.timeline').getByText('preserved', { exact: false }).count()) > 0, 'the preservation at Arcadia')

    const text = 'From which page does it follow that the second row is limited to log-ins by web mail?'
    await perform(ivo, id, 'ask', { questions: [{ field: 'nexus', code: 'unclear', text }] }, 'the question')
    await ivo.page.locator('.act-buttons a').first().waitFor()
    assert.equal(await ivo.page.locator('.act-buttons a[href$="/act/accept"]').count(), 0, 'what is asked is answered first')
    await fromWorklist(henrik, reference, 'Answer')
    await read(henrik, id, /asked/)
    await henrik.page.getByText('Connection with the account', { exact: false }).or(henrik.page.getByText(text)).first().waitFor()
    assert.equal(await henrik.page.getByText('nexus', { exact: true }).count(), 0, 'a field is named, not coded')
    await perform(henrik, id, 'answer', example('answer'), 'the answer')
    await read(ivo, id, /answered/)
    await ivo.page.getByText('1 difference').waitFor()
    await ivo.page.locator('main table del', { hasText: 'sent all three deceiving e-mails' }).first().waitFor()
    await ivo.page.locator('main table ins', { hasText: 'each through web mail' }).first().waitFor()
    await ivo.page.locator('main table', { hasText: text }).waitFor()
    await ivo.look('an answer beside its question')
    await perform(ivo, id, 'accept', example('accept'), 'the acceptance')
    const jana = await signedIn(w(), 'borealis', 'borealis-judge')
    await perform(jana, id, 'order', without(example('order'), 'grid'), 'the order')

    await perform(dina, id, 'object', example('object'), 'the objection')
    await until(dina, `/cases/${id}`, async (page) => (await page.locator('.timeline').getByText('objected', { exact: false }).count()) > 0, 'the objection, taken by the keeper')
    assert.equal(await dina.page.locator('.act-buttons a[href$="/produce"]').count(), 0, 'nothing is produced while an objection is open')
    await fromWorklist(jana, reference, 'Dismiss the objection')
    await perform(jana, id, 'dismiss-objection', example('dismiss-objection'), 'the ruling on the objection')
    await opened(dina, id, 'produce')
    for (const someone of [ada, henrik, ivo, jana, dina]) await someone.leave()
    standing = id
  })

  test('P4 P8 D5 D8 D10 O12 Provider, person and her lawyer: what is not held is said by row; the calendar of notices put off; a lawyer challenges from her own country; upheld, and three nodes attest the deletion', { timeout: 20 * patience }, async () => {
    const id = standing
    assert.ok(id)
    const dina = await signedIn(w(), 'nimbus', 'nimbus-officer')
    await opened(dina, id, 'produce')
    await press(dina.page, dina.page.locator('.act-buttons a[href$="/produce"]'))
    await dina.page.waitForURL(/\/produce$/)
    await produce(dina, [{ row: 1, name: 'log-ins.csv', mimeType: 'text/csv', buffer: Buffer.from('2026-01-11T14:06:31Z,203.0.113.95,51822,login\n') }])
    const ivo = await signedIn(w(), 'borealis', 'borealis-clerk')
    await until(ivo, `/cases/${id}/act/release`, arrived(1), 'the evidence at Borealis')
    await press(ivo.page, ivo.page.locator('#item-0-pass'), 'Space')
    await fill(ivo.page, without(example('release'), 'passed', 'held_back'))
    await sign(ivo, 'the release')
    const ada = await signedIn(w(), 'arcadia', 'arcadia-officer')
    await perform(ada, id, 'receive', without(example('receive'), 'manifest_hash', 'items'), 'the receipt')
    await read(ada, id, /produced/)
    assert.equal(await ada.page.locator('main').getByText('No such data', { exact: true }).count(), 2, 'an answer for each row, not silence')

    // The notice is put off; whoever has to pass it on sees until when, for which account.
    const carmen = await signedIn(w(), 'arcadia', 'arcadia-judge')
    await perform(carmen, id, 'defer-notice', { ...example('defer-notice'), until: new Date(now() + 40 * 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z') }, 'the deferral')
    const line = dina.page.locator('tr', { hasText: 'reef.bookings' })
    await until(dina, '/deferrals', async () => (await line.count()) > 0, 'the deferral at the provider')
    await dina.look('calendar of deferrals')
    assert.match(await line.first().innerText(), /in 39 days[^]*District Court of Port Alder/)

    await until(ada, `/cases/${id}`, async (page) => /Notice deferred until\s+\d/.test(await page.locator('main').innerText()), 'the deferral at who asked')
    await ada.page.getByText('The node gives it by itself on that day, unless a judge puts it off.').waitFor()

    // It is given before its time, and passed on to the account.
    const henrik = await signedIn(w(), 'arcadia', 'arcadia-clerk')
    await perform(henrik, id, 'notify', without(example('notify'), 'code', 'account_notice'), 'the notice')
    await henrik.leave()
    await read(dina, id, /notif/)
    const code = /XA(?:-[A-Z2-7]{4}){7}/.exec(await dina.page.locator('main').innerText())?.[0] ?? ''
    await perform(dina, id, 'relay-notice', { ...example('relay-notice'), at: ago(1) }, 'what became of the notice')
    await until(dina, '/deferrals', async () => (await line.count()) === 0, 'the calendar to be done with it')

    const farah = await somebody(w(), w().anybody.cordia!, { language: 'fr' })
    const { page } = farah
    await farah.go('/notice')
    await write(page, page.locator('form input').first(), code)
    await page.keyboard.press('Enter')
    await page.locator('textarea').waitFor()
    await write(page, page.locator('textarea'), 'Ma cliente n’a pas écrit ces messages ; la période excède ce que la loi permet.')
    await press(page, page.locator('form input[type="checkbox"]').nth(1), 'Space')
    await write(page, page.locator('form input[type="text"]').last(), 'Me Farah Nadir, barreau de Cordia')
    await press(page, page.locator('form button[type="submit"]'))
    await page.locator('.banner-good').waitFor()
    await farah.look('a challenge, filed in Cordia by a lawyer')
    assert.match(await page.locator('.banner-good').innerText(), /District Court of Port Alder[^]*Les données ne peuvent être ouvertes ni utilisées avant la décision/)

    await fromWorklist(carmen, reference, 'challenge')
    await read(carmen, id, /challenge/)
    await carmen.page.getByText('Me Farah Nadir, barreau de Cordia').waitFor()
    await carmen.look('the challenge at the court')
    const ruling = { ...example('dismiss-challenge'), reasons: 'The order of deferral went beyond what section 101 allows; the measure was lawful only in part.', to_person: 'You were right in part. Everything that was obtained is deleted, and each of those who had it says so.' }
    await perform(carmen, id, 'uphold-challenge', ruling, 'the ruling')
    await carmen.leave()

    // Each of the three who hold a copy destroys it and says so.
    const gone = (name: string) => ({ ...without(example(name), 'items', 'manifest_hash'), destroyed_at: ago(0) })
    await perform(ada, id, 'delete', gone('delete'), 'the deletion by who asked')
    await perform(ivo, id, 'purge', gone('purge'), 'the deletion by who passed it on')
    await perform(dina, id, 'discard', gone('discard'), 'the deletion by the provider')
    await until(ada, `/cases/${id}?tab=evidence`, async (page) => (await page.locator('main').getByText('destroyed', { exact: false }).count()) >= 3, 'three attested deletions')
    for (const someone of [ada, ivo, dina]) await someone.leave()
    await until(farah, '/notice', async () => {
      await write(page, page.locator('form input').first(), code)
      await page.keyboard.press('Enter')
      await page.locator('main dl').first().waitFor()
      return (await page.locator('main').innerText()).includes(ruling.to_person) && (await page.locator('main dl').first().locator('.plain-list').last().locator('li').count()) === 3
    }, 'the ruling and three attestations')
    await farah.look('the ruling and what was destroyed')
    await farah.leave()
  })

  test('O4 J2 Judge: what the law does not allow is not granted, whoever signed it; it is declined with reasons', { timeout: 15 * patience }, async () => {
    const reference = 'PA-CY-2026-00453'
    const ada = await signedIn(w(), 'arcadia', 'arcadia-officer')
    const id = await request(ada, { procedure: 'mla' }, { ...example('request', { account: 'dune.sales', address: '203.0.113.97' }), file_number: reference, retention_end: new Date(now() + 9 * 365 * 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z') }, 'need', ['urgency'])
    const carmen = await signedIn(w(), 'arcadia', 'arcadia-judge')
    await fromWorklist(carmen, reference)
    await press(carmen.page, carmen.page.locator('a[href$="/judge"]'))
    await carmen.page.waitForURL(/\/judge$/)
    await carmen.page.getByText('Nobody can authorise against it').waitFor()
    await carmen.look('what cannot be granted')
    assert.ok(await carmen.page.getByRole('button', { name: 'Grant as asked' }).isDisabled())
    await press(carmen.page, carmen.page.getByRole('link', { name: 'Decline' }))
    await carmen.page.waitForURL(/\/act\/decline$/)
    await settled(carmen.page)
    await fill(carmen.page, example('decline'))
    await sign(carmen, 'the decision')
    await carmen.leave()
    await until(ada, `/cases/${id}`, async (page) => (await page.locator('.timeline').getByText('declined', { exact: false }).count()) > 0, 'the decision')
    assert.equal(await ada.page.locator('.act-buttons a[href$="/act/transmit"]').count(), 0)
    await ada.leave()
  })

  test('K4 D9 Authority: what the defence asks for goes by the same form to the judge; the other country refuses with a ground, and the letter says it in both languages; who asked reads why and what would help', { timeout: 15 * patience }, async () => {
    const reference = 'PA-CY-2026-00452'
    const ada = await signedIn(w(), 'arcadia', 'arcadia-officer')
    const fields = example('request', { account: 'cove.rentals', address: '203.0.113.96' })
    const id = await request(ada, { procedure: 'mla' }, { ...fields, file_number: reference, proceeding: { ...(fields.proceeding as Fields), stage: 'trial', asked_by_defence: true } }, 'offence', ['proceeding'])
    const carmen = await signedIn(w(), 'arcadia', 'arcadia-judge')
    await authorise(carmen, id, { before: async () => {
      await press(carmen.page, carmen.page.locator('summary', { hasText: 'The whole request' }))
      assert.match(await carmen.page.locator('main').innerText(), /Asked for by the defence\s+Yes/i)
    } })
    await carmen.leave()
    const henrik = await signedIn(w(), 'arcadia', 'arcadia-clerk')
    await perform(henrik, id, 'transmit', example('transmit'), 'the transmission')
    await henrik.leave()
    const ivo = await signedIn(w(), 'borealis', 'borealis-clerk')
    await perform(ivo, id, 'acknowledge', example('acknowledge'), 'the acknowledgement')
    await perform(ivo, id, 'refuse', example('refuse'), 'the refusal')
    await read(ivo, id, /refused/)
    const [download] = await Promise.all([ivo.page.waitForEvent('download'), press(ivo.page, ivo.page.getByRole('button', { name: 'Letter as PDF' }))])
    const letter = execFileSync('pdftotext', ['-layout', '-', '-'], { input: await bytesOf(download) }).toString()
    for (const said of ['Refusal', 'Refus', 'Transmit again with the translation of the statute']) assert.ok(letter.includes(said), said)
    await ivo.leave()
    await read(ada, id, /refused/)
    await ada.page.getByText('Transmit again with the translation of the statute.').waitFor()
    await ada.look('a refusal at who asked')
    await until(ada, `/work?state=at-rest&q=${reference}`, async (page) => (await page.locator('a.case-link', { hasText: reference }).count()) === 1, 'the case at rest')
    await ada.leave()
  })
}
