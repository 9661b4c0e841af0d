// A clerk reads a request in another language, on real nodes and by keyboard alone: translated by a
// program of their own node, marked, and never mixed up with what a person or a sworn translator made.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { appendFileSync, copyFileSync, rmSync } from 'node:fs'
import { settled } from '../support/browser.ts'
import { press } from '../support/keyboard.ts'
import { web } from '../support/places.ts'
import { authorise, opened, perform, request } from './deeds.ts'
import { away, example, patience, program, sign, signedIn, until, world, type Someone, type World } from './world.ts'

let w: World
let tool = ''
before(async () => {
  w = await world()
  // The operator of Borealis names a program in its settings, and starts the node again.
  tool = `${w.dir}/translator.sh`
  copyFileSync(web('../tests/support/translator.sh'), tool)
  const back = await away(w, 'borealis-authority')
  appendFileSync(`${w.dir}/borealis-authority/node.toml`, `\n[translator]\nname = "Practice translator"\ncommand = ["${tool}", "mark", "{from}", "{to}"]\npairs = { en-fr = "en-fr", en-ar = "en-ar" }\n`)
  await back()
}, { timeout: 20 * patience })
after(() => w?.close())

/** Reads the act of that number; gives where the texts stand in it. */
async function readAct(someone: Someone, id: string): Promise<void> {
  await until(someone, `/cases/${id}`, async (page) => (await page.locator('.timeline > li a[href*="/acts/"]').count()) > 0, 'the request')
  await press(someone.page, someone.page.locator('.timeline > li', { has: someone.page.locator('a[href*="/acts/"]') }).last().locator('a[href*="/acts/"]'))
  await someone.page.waitForURL(/\/acts\//)
  await settled(someone.page)
}

const check = () => spawnSync(program(), ['check', '--dir', `${w.dir}/borealis-authority`], { encoding: 'utf8' }).stdout

test('K7 Authority: a request is read with a machine’s translation below each text, marked; a certified one is asked for; kinds cannot be mixed up', { timeout: 15 * patience }, async () => {
  const ada = await signedIn(w, 'arcadia', 'arcadia-officer')
  const fields = example('request', { account: 'quay.ledger', address: '203.0.113.171' })
  // How an attached translation was made is said, one of three, and nothing is said for whoever fills it in.
  const id = await request(ada, { procedure: 'mla' }, fields, 'safeguards', ['language'])
  assert.equal((fields.language as { translations: { kind: string }[] }).translations[0]!.kind, 'certified')
  await readAct(ada, id)
  await ada.page.getByText('How it was made').first().waitFor()
  await ada.page.getByText('Certified', { exact: true }).first().waitFor()
  assert.equal(await ada.page.getByRole('button', { name: /^Translate/ }).count(), 0, 'Arcadia has no translator, and reads its own words')
  const carmen = await signedIn(w, 'arcadia', 'arcadia-judge')
  await authorise(carmen, id)
  const henrik = await signedIn(w, 'arcadia', 'arcadia-clerk')
  await perform(henrik, id, 'transmit', example('transmit'), 'the transmission')
  // Whoever has acknowledged a request may ask.
  const receiver = await signedIn(w, 'borealis', 'borealis-deputy')
  await perform(receiver, id, 'acknowledge', example('acknowledge'), 'the acknowledgement')
  await opened(receiver, id, 'act/ask')
  for (const someone of [ada, carmen, henrik, receiver]) await someone.leave()

  assert.match(check(), /ok +translator +Practice translator, 2 pairs of languages/)
  const facts = fields.facts as string
  const ivo = await signedIn(w, 'borealis', 'borealis-clerk', { language: 'fr' })
  const { page } = ivo
  await readAct(ivo, id)
  await page.getByText('Ces textes sont en anglais').waitFor()
  await ivo.look('a request in another language')
  const original = page.locator('[lang="en"] .said', { hasText: facts.slice(0, 60) }).first()
  const place = page.locator('dd', { has: original }).last()
  await press(page, place.getByRole('button', { name: 'Traduire (machine, sur ce nœud)' }))
  const made = place.locator('figure.translated')
  await made.waitFor()
  assert.equal(await made.locator('figcaption').innerText(), 'Traduction automatique par Practice translator : non certifiée, ne fait pas partie de l’acte')
  const text = made.locator('.said')
  assert.equal(await text.innerText(), `<en fr> ${facts}`)
  assert.deepEqual([await text.getAttribute('lang'), await text.getAttribute('dir')], ['fr', 'ltr'])
  assert.equal(await original.innerText(), facts, 'the original stays where it stood')
  assert.ok((await original.boundingBox())!.y < (await made.boundingBox())!.y, 'and stands first')
  await ivo.look('a machine’s translation below its original')
  // What is copied of it says what it is.
  const copied = await text.evaluate((e) => {
    getSelection()!.selectAllChildren(e)
    const event = new ClipboardEvent('copy', { bubbles: true, cancelable: true, clipboardData: new DataTransfer() })
    e.dispatchEvent(event)
    return event.clipboardData!.getData('text/plain')
  })
  assert.ok(copied.startsWith('[Traduction automatique par Practice translator : non certifiée'), copied)
  assert.ok(copied.includes(facts.slice(0, 60)))
  // It is gone with the page: nothing of it is kept.
  await page.reload()
  await settled(page)
  await page.getByText('Ces textes sont en anglais').waitFor()
  assert.equal(await page.locator('figure.translated').count(), 0)

  await press(page, page.getByRole('link', { name: 'Demander une traduction certifiée' }).first())
  await page.waitForURL(/\/act\/ask\?/)
  await settled(page)
  assert.equal(await page.locator('#f-questions-0-field').inputValue(), 'language')
  assert.equal(await page.locator('#f-questions-0-code').inputValue(), 'translation')
  const where = new URL(page.url())
  await ivo.leave()

  const arabic = await signedIn(w, 'borealis', 'borealis-deputy', { language: 'ar' })
  await readAct(arabic, id)
  await press(arabic.page, arabic.page.getByRole('button', { name: 'ترجمة (آلية، في هذه العقدة)' }).first())
  const turned = arabic.page.locator('figure.translated .said').first()
  await turned.waitFor()
  assert.deepEqual([await turned.getAttribute('lang'), await turned.getAttribute('dir')], ['ar', 'rtl'])
  await arabic.look('a machine’s translation in Arabic')
  // The program is gone: said so, and nothing else is lost.
  rmSync(tool)
  await press(arabic.page, arabic.page.getByRole('button', { name: 'ترجمة (آلية، في هذه العقدة)' }).first())
  await arabic.page.locator('.translation .banner-bad', { hasText: 'لم يُترجم النص' }).waitFor()
  await arabic.look('a translation that failed')
  assert.match(check(), /MEND +translator +\S+translator\.sh is not there/)
  await arabic.leave()

  const mira = await signedIn(w, 'borealis', 'borealis-deputy')
  await mira.page.goto(where.href)
  await settled(mira.page)
  await mira.page.locator('#f-questions-0-text').waitFor()
  assert.equal(await mira.page.locator('#f-questions-0-text').inputValue(), 'Please send a certified translation of this text.')
  await sign(mira, 'the question for a certified translation')
  await until(mira, `/cases/${id}`, async (page) => (await page.locator('.timeline').getByText('asked', { exact: false }).count()) > 0, 'the question')
  await mira.leave()
})
