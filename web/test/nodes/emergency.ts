// The emergency road: a second officer certifies, the duty desk is called back, data comes before the
// judge; one judge decides in time, and one does not.
import { test } from 'node:test'
import { readFileSync } from 'node:fs'
import assert from 'node:assert/strict'
import { choose, fill, type Fields } from '../support/fill.ts'
import { settled } from '../support/browser.ts'
import { press, write } from '../support/keyboard.ts'
import { web } from '../support/places.ts'
import { authorise, fromWorklist, give, hostile, opened, perform, request, without } from './deeds.ts'
import { bytesOf, example, hour, now, pass, patience, sign, signedIn, until, type Someone, type World } from './world.ts'

const urgency = { level: 'emergency', kinds: ['threat_to_life'], reasons: 'A child is held; the demand runs out tomorrow at noon.' }
const ago = (minutes: number): string => new Date(now() - minutes * 60_000).toISOString().replace(/\.\d+Z$/, 'Z')
const certificate = () => ({ ...without(example('certify'), 'request'), judge_informed_at: ago(20) })
const begun = (ada: Someone, reference: string, fields: Fields) =>
  request(ada, { procedure: 'emergency' }, { ...fields, urgency, file_number: reference }, 'need', ['urgency'])

export function emergency(w: () => World): void {
  test('T42 E1 J4 Emergency: hostile in every text, certified by a second officer, and judged in time', { timeout: 10 * patience }, async () => {
    const reference = 'PA-EM-2026-00011'
    const ada = await signedIn(w(), 'arcadia', 'arcadia-officer')
    const schema = JSON.parse(readFileSync(web('../law/forms/request.json'), 'utf8'))
    const turn = { n: 0 }
    const id = await begun(ada, reference, hostile(schema, example('request', { account: 'night.voice', address: '203.0.113.81' }), turn) as Fields)
    assert.ok(turn.n > 40, `${turn.n} texts`)
    assert.equal(await ada.page.locator('.act-buttons a[href$="/act/certify"]').count(), 0, 'who asks does not certify')
    await press(ada.page, ada.page.locator('.timeline a[href*="/acts/"]'))
    await ada.page.waitForURL(/\/acts\//)
    await settled(ada.page)
    await ada.look('the request, read')
    assert.ok((await ada.page.locator('main').innerText()).includes('<script>globalThis.ran=1</script>'), 'as text, letter for letter')
    assert.equal(await ada.page.locator('main img, main iframe, main script, main style, main [onload], main [onerror], main [onfocus], main a[href^="javascript"]').count(), 0)
    await ada.leave()
    const sven = await signedIn(w(), 'arcadia', 'arcadia-supervisor')
    await fromWorklist(sven, reference, 'Certify the emergency')
    await sven.look('case for the second officer')
    await perform(sven, id, 'certify', certificate(), 'the certificate')
    await sven.leave()
    const carmen = await signedIn(w(), 'arcadia', 'arcadia-judge')
    await fromWorklist(carmen, reference)
    await authorise(carmen, id)
    await carmen.page.getByText('authorised').first().waitFor()
    await carmen.leave()
  })

  test('E2 K7 V1 Emergency: called back, produced and read within the hour; at hour 48 without a judge it is locked, and oversight sees it', { timeout: 20 * patience }, async () => {
    const reference = 'PA-EM-2026-00012'
    const ada = await signedIn(w(), 'arcadia', 'arcadia-officer')
    const id = await begun(ada, reference, example('request', { account: 'noon.voice', address: '203.0.113.82' }))
    const sven = await signedIn(w(), 'arcadia', 'arcadia-supervisor')
    await perform(sven, id, 'certify', certificate(), 'the certificate')
    await sven.leave()
    const henrik = await signedIn(w(), 'arcadia', 'arcadia-clerk')
    await perform(henrik, id, 'transmit', example('transmit'), 'the transmission')
    await henrik.leave()

    const ivo = await signedIn(w(), 'borealis', 'borealis-clerk')
    await fromWorklist(ivo, reference)
    await perform(ivo, id, 'acknowledge', example('acknowledge'), 'the acknowledgement')
    await perform(ivo, id, 'accept', example('accept'), 'the acceptance')
    const jana = await signedIn(w(), 'borealis', 'borealis-judge')
    await perform(jana, id, 'order', without(example('order'), 'grid'), 'the order')
    await jana.leave()

    const dina = await signedIn(w(), 'nimbus', 'nimbus-officer')
    await opened(dina, id)
    await dina.page.getByText('not yet confirmed').first().waitFor()
    assert.equal(await dina.page.locator('.act-buttons a[href$="/produce"]').count(), 0, 'nothing is produced before the call-back')
    await dina.look('an emergency that nobody has confirmed')
    // The duty desk: the contact is the directory's, whatever a request may say.
    const omar = await signedIn(w(), 'arcadia', 'arcadia-duty')
    await fromWorklist(omar, reference, 'Confirm')
    await press(omar.page, omar.page.locator('.act-buttons a[href$="/act/confirm"]'))
    await omar.page.waitForURL(/\/act\/confirm$/)
    await omar.page.locator('#f-contact').waitFor()
    assert.equal(await omar.page.locator('#f-contact').inputValue(), '+99 1 555 0100 (duty desk, day and night)')
    await fill(omar.page, { ...without(example('confirm'), 'request', 'contact'), called_at: ago(3) })
    await sign(omar, 'the call-back')
    await omar.leave()

    await opened(dina, id, 'produce')
    await dina.page.getByText('confirmed', { exact: true }).first().waitFor()
    await press(dina.page, dina.page.locator('.act-buttons a[href$="/produce"]'))
    await dina.page.waitForURL(/\/produce$/)
    const file = { name: 'log-ins.csv', mimeType: 'text/csv', buffer: Buffer.from('2026-02-11T14:06:31Z,203.0.113.77,51822,login\n') }
    await give(dina.page, dina.page.locator('#files-1'), file)
    await dina.page.getByText('complete, hashes agree').waitFor()
    await fill(dina.page, without(example('produce'), 'manifest', 'rows'))
    const rows = await dina.page.locator('select[id^="result-"]').count()
    for (let i = 0; i < rows; i++) if (i !== 1) await choose(dina.page, `#result-${i}`, 'none')
    await sign(dina, 'the production')
    await dina.leave()
    await until(ivo, `/cases/${id}/act/release`, async (page) => (await page.locator('#item-0-pass:enabled').count()) > 0, 'the evidence at Borealis')
    await press(ivo.page, ivo.page.locator('#item-0-pass'), 'Space')
    await fill(ivo.page, without(example('release'), 'passed', 'held_back'))
    await sign(ivo, 'the release')
    await ivo.leave()

    const { page } = ada
    await perform(ada, id, 'receive', without(example('receive'), 'manifest_hash', 'items'), 'the receipt')
    await until(ada, `/cases/${id}/act/open`, async (page) => (await page.locator('.items input:enabled').count()) === 1, 'the evidence at Arcadia')
    await write(page, page.locator('#f-purpose'), 'Where the last message was sent from.')
    await press(page, page.locator('.items input'), 'Space')
    await sign(ada, 'the opening')
    await until(ada, `/cases/${id}?tab=evidence`, async (page) => (await page.getByRole('button', { name: /^Download/ }).count()) === 1, 'the opened item')
    const [download] = await Promise.all([page.waitForEvent('download'), press(page, page.getByRole('button', { name: /^Download/ }))])
    assert.ok((await bytesOf(download)).equals(file.buffer))
    await ada.leave()

    // Two days pass, and the judge does not decide.
    pass(w(), 48 * hour + 60_000)
    const carmen = await signedIn(w(), 'arcadia', 'arcadia-judge')
    await until(carmen, `/cases/${id}`, async (page) => (await page.locator('.spot-lapse-authorisation').count()) > 0, 'the lapse at Arcadia')
    assert.equal(await carmen.page.locator('.act-buttons a[href$="/judge"]').count(), 0, 'what has lapsed is not authorised afterwards')
    await carmen.look('the case that lapsed')
    await carmen.leave()
    const again = await signedIn(w(), 'arcadia', 'arcadia-officer')
    await again.go(`/cases/${id}?tab=evidence`)
    await press(again.page, again.page.getByRole('button', { name: /^Download/ }))
    await again.page.locator('.banner-bad').waitFor()
    await again.look('evidence that is locked')
    await again.leave()

    const goran = await signedIn(w(), 'inspectorate', 'inspector')
    const alarm = goran.page.locator('.alarms > li', { hasText: 'Emergency without a judge' })
    await until(goran, '/oversight/alarms', async () => (await alarm.count()) > 0, 'the alarm')
    await goran.look('alarms')
    await press(goran.page, alarm.first().getByRole('button', { name: /^Mark as seen/ }))
    await alarm.first().getByText('seen', { exact: true }).waitFor()
    assert.notEqual(await goran.page.evaluate(() => document.activeElement?.tagName), 'BODY', 'the focus stays where the button was')
    await press(goran.page, alarm.first().getByRole('link'))
    await goran.page.waitForURL(/\/cases\//)
    await perform(goran, id, 'review', example('review'), 'the review')
    await until(goran, '/oversight/alarms', async () => (await goran.page.locator('.alarms > li', { hasText: 'Emergency without a judge' }).count()) === 0, 'the alarm to end with the review')
    await goran.leave()
  })
}
