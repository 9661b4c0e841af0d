// The emergency road: a second officer certifies, the duty desk is called back, data comes before the
// judge; one judge decides in time, and one does not.
import { test } from 'node:test'
import { readFileSync } from 'node:fs'
import assert from 'node:assert/strict'
import { fill, type Fields } from '../support/fill.ts'
import { settled } from '../support/browser.ts'
import { press, write } from '../support/keyboard.ts'
import { web } from '../support/places.ts'
import { arrived, authorise, begin, fromWorklist, hostile, opened, perform, produce, request, without } from './deeds.ts'
import { bytesOf, example, hour, now, pass, patience, sign, signedIn, until, type Someone, type World } from './world.ts'

const urgency = { level: 'emergency', kinds: ['threat_to_life'], reasons: 'A child is held; the demand runs out tomorrow at noon.' }
const ago = (minutes: number): string => new Date(now() - minutes * 60_000).toISOString().replace(/\.\d+Z$/, 'Z')
const certificate = () => ({ ...without(example('certify'), 'request'), judge_informed_at: ago(20) })
const begun = (ada: Someone, reference: string, fields: Fields) =>
  request(ada, { procedure: 'emergency' }, { ...fields, urgency, file_number: reference }, 'need', ['urgency'])

/** The people of an emergency, each signed in when first needed. */
function cast(w: World) {
  const all = new Map<string, Promise<Someone>>()
  const who = (node: string, person: string) => () => {
    if (!all.has(person)) all.set(person, signedIn(w, node, person))
    return all.get(person)!
  }
  return {
    ada: who('arcadia', 'arcadia-officer'), sven: who('arcadia', 'arcadia-supervisor'), omar: who('arcadia', 'arcadia-duty'), carmen: who('arcadia', 'arcadia-judge'), henrik: who('arcadia', 'arcadia-clerk'),
    ivo: who('borealis', 'borealis-clerk'), jana: who('borealis', 'borealis-judge'), dina: who('nimbus', 'nimbus-officer'),
    leave: async () => { for (const someone of all.values()) await (await someone).leave() },
  }
}
type Cast = ReturnType<typeof cast>

/** From the certificate to the order, with the call-back on the way. */
async function ordered({ sven, henrik, ivo, omar, jana }: Cast, id: string): Promise<void> {
  await perform(await sven(), id, 'certify', certificate(), 'the certificate')
  await perform(await henrik(), id, 'transmit', example('transmit'), 'the transmission')
  await perform(await ivo(), id, 'acknowledge', example('acknowledge'), 'the acknowledgement')
  await perform(await ivo(), id, 'accept', example('accept'), 'the acceptance')
  await perform(await omar(), id, 'confirm', { ...without(example('confirm'), 'request', 'contact'), called_at: ago(3) }, 'the call-back')
  await perform(await jana(), id, 'order', without(example('order'), 'grid'), 'the order')
}

/** The provider's page for a case that is ordered and confirmed. */
async function produced({ dina }: Cast, id: string, files: Parameters<typeof produce>[1]): Promise<void> {
  const someone = await dina()
  await opened(someone, id, 'produce')
  await press(someone.page, someone.page.locator('.act-buttons a[href$="/produce"]'))
  await someone.page.waitForURL(/\/produce$/)
  await produce(someone, files)
}

async function released({ ivo }: Cast, id: string, items: number): Promise<void> {
  const someone = await ivo()
  await until(someone, `/cases/${id}/act/release`, arrived(items), 'the evidence at Borealis')
  for (let i = 0; i < items; i++) await press(someone.page, someone.page.locator(`#item-${i}-pass`), 'Space')
  await fill(someone.page, without(example('release'), 'passed', 'held_back'))
  await sign(someone, 'the release')
}

const csv = (row: number, name: string) => ({ row, name, mimeType: 'text/csv', buffer: Buffer.from(`${name},2026-02-11T14:06:31Z,203.0.113.77,51822\n`) })

export function emergency(w: () => World): void {
  /** Signed in once for all emergencies of the first day. */
  let here: Cast | undefined
  const people = (): Cast => (here ??= cast(w()))

  test('T42 O7 J1 Emergency: hostile in every text, certified by a second officer and not by who asks; it stands first before the judge, who sees no draft of anybody', { timeout: 10 * patience }, async () => {
    const reference = 'PA-EM-2026-00011'
    const ada = await people().ada()
    const draft = await begin(ada, { procedure: 'mla' })
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
    const sven = await people().sven()
    await fromWorklist(sven, reference, 'Certify the emergency')
    await sven.look('case for the second officer')
    await perform(sven, id, 'certify', certificate(), 'the certificate')
    const carmen = await people().carmen()
    await until(carmen, '/work', async (page) => (await page.locator('tbody tr').first().innerText()).includes(reference), 'the emergency before all others')
    assert.match(await carmen.page.locator('tbody tr').first().locator('td').first().innerText(), /in 4[78] h\b/, 'with the time that is left')
    await carmen.go('/drafts')
    assert.equal(await carmen.page.locator('main a[href^="/drafts/"]:not([href$="/new"])').count(), 0, 'no draft of the officers')
    await carmen.page.goto(`${w().people.arcadia}/drafts/${draft}`)
    await carmen.page.locator('.banner-bad').waitFor()
    await fromWorklist(carmen, reference)
    await authorise(carmen, id)
    await carmen.page.getByText('authorised').first().waitFor()
  })

  test('P2 J6 J7 Emergency: the judge decides after the fact, and sees who was called back, who objected and who has the case; what she strikes is locked, her condition travels', { timeout: 20 * patience }, async () => {
    const reference = 'PA-EM-2026-00013'
    const ada = await people().ada()
    const id = await begun(ada, reference, example('request', { account: 'quay.voice', address: '203.0.113.83' }))
    await ordered(people(), id)
    const [dina, jana, ivo] = [await people().dina(), await people().jana(), await people().ivo()]
    await perform(dina, id, 'object', { ...example('object'), ground: 'press' }, 'the objection')
    await fromWorklist(jana, reference, 'Dismiss the objection')
    await perform(jana, id, 'dismiss-objection', example('dismiss-objection'), 'the ruling on the objection')
    await produced(people(), id, [csv(0, 'subscriber.csv'), csv(1, 'log-ins.csv')])
    await released(people(), id, 2)
    await perform(ada, id, 'receive', without(example('receive'), 'manifest_hash', 'items'), 'the receipt')
    await until(ada, `/cases/${id}/act/open`, async (page) => (await page.locator('.items input:enabled').count()) === 2, 'the evidence at Arcadia')
    await write(ada.page, ada.page.locator('#f-purpose'), 'Where the last message was sent from.')
    await press(ada.page, ada.page.getByRole('button', { name: 'Choose all' }))
    await sign(ada, 'the opening')

    const carmen = await people().carmen()
    const condition = 'Only in the file of the kidnapping, PA 2026/417.'
    await authorise(carmen, id, { button: 'Grant what is left', more: { conditions: [condition] }, before: async () => {
      const { page } = carmen
      const so = page.locator('section', { has: page.getByRole('heading', { name: 'What has happened so far' }) })
      for (const name of ['Arcadia', 'Borealis', 'Nimbus Mail', 'The Joint Inspectorate']) await so.getByText(name, { exact: false }).first().waitFor()
      await so.getByText('+99 1 555 0100 (duty desk, day and night)').waitFor()
      await so.getByText('Press freedom', { exact: false }).first().waitFor()
      await press(page, page.getByRole('button', { name: 'Strike row 2' }))
      await page.getByText('2 of 3 rows left').waitFor()
    } })
    // What is left opens, what was struck is locked, although it was opened before she decided.
    await until(ada, `/cases/${id}?tab=evidence`, async (page) => (await page.getByRole('button', { name: /^Download/ }).count()) === 2, 'the items')
    const [download] = await Promise.all([ada.page.waitForEvent('download'), press(ada.page, ada.page.getByRole('button', { name: 'Download subscriber.csv' }))])
    assert.ok((await bytesOf(download)).length > 10)
    await press(ada.page, ada.page.getByRole('button', { name: 'Download log-ins.csv' }))
    await ada.page.locator('.banner-bad').getByText('which the judge did not authorise', { exact: false }).waitFor()
    await ada.look('an item of a row that was struck')
    for (const someone of [ada, ivo]) {
      await until(someone, `/cases/${id}`, async (page) => (await page.locator('.timeline > li', { hasText: 'authorised' }).locator('a[href*="/acts/"]').count()) > 0, 'the decision')
      await press(someone.page, someone.page.locator('.timeline > li', { hasText: 'authorised' }).first().locator('a[href*="/acts/"]'))
      await someone.page.waitForURL(/\/acts\//)
      await someone.page.getByText(condition).waitFor()
    }
  })

  test('J8 Emergency: the link is not shown, and the judge voids it: nothing moves or opens, everybody who has data owes its deletion', { timeout: 20 * patience }, async () => {
    const reference = 'PA-EM-2026-00014'
    const ada = await people().ada()
    const id = await begun(ada, reference, example('request', { account: 'pier.voice', address: '203.0.113.84' }))
    await ordered(people(), id)
    await produced(people(), id, [csv(1, 'log-ins.csv')])
    await released(people(), id, 1)
    await perform(ada, id, 'receive', without(example('receive'), 'manifest_hash', 'items'), 'the receipt')
    const carmen = await people().carmen()
    await fromWorklist(carmen, reference)
    await press(carmen.page, carmen.page.locator('a[href$="/judge"]'))
    await carmen.page.waitForURL(/\/judge$/)
    await press(carmen.page, carmen.page.getByRole('link', { name: 'Decline' }))
    await carmen.page.waitForURL(/\/act\/decline$/)
    await settled(carmen.page)
    await fill(carmen.page, example('decline'))
    await sign(carmen, 'the decision')
    await until(ada, `/cases/${id}`, async (page) => (await page.locator('.owed').getByText('Delete', { exact: false }).count()) > 0, 'the order to delete')
    assert.equal(await ada.page.locator('.act-buttons a[href$="/act/open"]').count(), 0, 'nothing opens')
    await ada.look('an emergency that was voided')
    for (const someone of [await people().ivo(), await people().dina()])
      for (const duty of ['Purge copies', 'Delete', 'Let go of the data']) await until(someone, `/cases/${id}`, async (page) => (await page.locator('.owed > li', { hasText: duty }).count()) === 1, `${duty}, owed`)
    const goran = await signedIn(w(), 'inspectorate', 'inspector')
    await until(goran, `/cases/${id}`, async (page) => (await page.locator('.timeline').getByText('declined', { exact: false }).count()) > 0, 'the decision at the inspectorate')
    await goran.look('a voided emergency at the inspectorate')
    await goran.leave()
  })

  test('P2 V2 V6 Emergency: called back, produced and read within the hour; at hour 48 without a judge it is locked, and oversight sees it; an error is admitted, and the clock for telling the person runs', { timeout: 20 * patience }, async () => {
    const reference = 'PA-EM-2026-00012'
    const ada = await people().ada()
    const id = await begun(ada, reference, example('request', { account: 'noon.voice', address: '203.0.113.82' }))
    const sven = await people().sven()
    await perform(sven, id, 'certify', certificate(), 'the certificate')
    const henrik = await people().henrik()
    await perform(henrik, id, 'transmit', example('transmit'), 'the transmission')

    const ivo = await people().ivo()
    await fromWorklist(ivo, reference)
    await perform(ivo, id, 'acknowledge', example('acknowledge'), 'the acknowledgement')
    await perform(ivo, id, 'accept', example('accept'), 'the acceptance')
    const jana = await people().jana()
    await perform(jana, id, 'order', without(example('order'), 'grid'), 'the order')

    const dina = await people().dina()
    await opened(dina, id)
    await dina.page.getByText('not yet confirmed').first().waitFor()
    assert.equal(await dina.page.locator('.act-buttons a[href$="/produce"]').count(), 0, 'nothing is produced before the call-back')
    await dina.look('an emergency that nobody has confirmed')
    // The duty desk: the contact is the directory's, whatever a request may say.
    const omar = await people().omar()
    await fromWorklist(omar, reference, 'Confirm')
    await press(omar.page, omar.page.locator('.act-buttons a[href$="/act/confirm"]'))
    await omar.page.waitForURL(/\/act\/confirm$/)
    await omar.page.locator('#f-contact').waitFor()
    assert.equal(await omar.page.locator('#f-contact').inputValue(), '+99 1 555 0100 (duty desk, day and night)')
    await fill(omar.page, { ...without(example('confirm'), 'request', 'contact'), called_at: ago(3) })
    await sign(omar, 'the call-back')

    await opened(dina, id, 'produce')
    await dina.page.getByText('confirmed', { exact: true }).first().waitFor()
    await press(dina.page, dina.page.locator('.act-buttons a[href$="/produce"]'))
    await dina.page.waitForURL(/\/produce$/)
    const file = { name: 'log-ins.csv', mimeType: 'text/csv', buffer: Buffer.from('2026-02-11T14:06:31Z,203.0.113.77,51822,login\n') }
    await produce(dina, [{ row: 1, ...file }])
    await until(ivo, `/cases/${id}/act/release`, arrived(1), 'the evidence at Borealis')
    await press(ivo.page, ivo.page.locator('#item-0-pass'), 'Space')
    await fill(ivo.page, without(example('release'), 'passed', 'held_back'))
    await sign(ivo, 'the release')

    const { page } = ada
    await perform(ada, id, 'receive', without(example('receive'), 'manifest_hash', 'items'), 'the receipt')
    await until(ada, `/cases/${id}/act/open`, async (page) => (await page.locator('.items input:enabled').count()) === 1, 'the evidence at Arcadia')
    await write(page, page.locator('#f-purpose'), 'Where the last message was sent from.')
    await press(page, page.locator('.items input'), 'Space')
    await sign(ada, 'the opening')
    await until(ada, `/cases/${id}?tab=evidence`, async (page) => (await page.getByRole('button', { name: /^Download/ }).count()) === 1, 'the opened item')
    const [download] = await Promise.all([page.waitForEvent('download'), press(page, page.getByRole('button', { name: /^Download/ }))])
    assert.ok((await bytesOf(download)).equals(file.buffer))

    await people().leave()
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

    // It was the wrong account, too: who asked says so, and the person is told within a week.
    const sorry = await signedIn(w(), 'arcadia', 'arcadia-clerk')
    await perform(sorry, id, 'correct', { ...example('correct'), found_at: ago(60) }, 'the error')
    await until(sorry, `/cases/${id}`, async (page) => /in [67] days/.test(await page.locator('.owed > li', { hasText: 'Notify the person' }).innerText()), 'the notice within a week')
    await sorry.look('an error that was admitted')
    await sorry.leave()

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
