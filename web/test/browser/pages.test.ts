// Every page in a real Chromium under the node's own policy: accessible (axe finds nothing), silent
// (no console error, no request to anybody else), inside its width, in both directions.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { violations } from '../support/axe.ts'
import { settled, stage, visit, type Stage, type Visitor } from '../support/browser.ts'
import { inLanes } from '../support/lanes.ts'
import { sticksOut } from '../support/overflow.ts'
import { everyPage, type Shown } from '../support/pages.ts'

let s: Stage
let pages: Shown[]
before(async () => {
  s = await stage()
  pages = everyPage(s.dev.world)
})
after(() => s.close())

async function each(options: Parameters<typeof visit>[1], look: (v: Visitor, shown: Shown) => Promise<void>): Promise<void> {
  // A few pages to a visitor, so that no visitor has many more than the others.
  const most = 8
  const visits = [...new Set(pages.map((p) => p.person))].flatMap((person) => {
    const own = pages.filter((p) => p.person === person)
    return Array.from({ length: Math.ceil(own.length / most) }, (_, i) => ({ person, own: own.slice(i * most, (i + 1) * most) }))
  })
  await inLanes(visits, async ({ person, own }) => {
    const v = await visit(s, { ...options, person })
    for (const shown of own) {
      await v.go(shown.path)
      if (/^draft-/.test(shown.name) && options?.language !== 'xx' && !options?.payload) {
        await v.page.waitForTimeout(550)
        await settled(v.page)
      }
      await look(v, shown)
      assert.deepEqual(v.trouble, [], shown.name)
      assert.deepEqual(v.foreign, [], shown.name)
      assert.ok(await v.page.locator('h1').count(), `${shown.name} has a title`)
    }
    await v.context.close()
  })
}

for (const [language, width, dark] of [['en', 1280, false], ['ar', 390, true]] as const)
  test(`axe finds nothing on any page (${language}, ${width} px, ${dark ? 'dark' : 'light'})`, async () => {
    const found: string[] = []
    await each({ language, width, dark }, async (v, shown) => {
      for (const line of await violations(v.page)) found.push(`${shown.name}: ${line}`)
      for (const line of await sticksOut(v.page)) found.push(`${shown.name}: ${line}`)
    })
    assert.deepEqual(found, [])
  })

test('Names of the law are in the reader’s language: countries, instruments, offences, kinds of data, authorities', async () => {
  const arabic = /[\u0600-\u06ff]/
  const v = await visit(s, { language: 'ar' })
  const said = async (path: string, selector: string): Promise<string[]> => {
    await v.go(path)
    await v.page.locator(selector).first().waitFor({ state: 'attached' })
    return v.page.locator(selector).allInnerTexts()
  }
  const all = [
    ...(await said('/between?from=TN&to=FR&category=content', 'main tbody th')), ...(await v.page.locator('main select option').allInnerTexts()),
    ...(await said('/map?country=CH', 'main tbody th')), ...(await v.page.locator('main table').first().locator('tbody td:nth-of-type(1)').allInnerTexts()),
    ...(await said('/doors', 'main tbody th')), ...(await v.page.locator('main tbody td:nth-of-type(1)').allInnerTexts()),
  ].filter((text) => /\p{Letter}/u.test(text))
  assert.ok(all.length > 500, String(all.length))
  assert.deepEqual(all.filter((text) => !arabic.test(text)), [])
  await v.context.close()
  const writer = await visit(s, { language: 'ar', person: pages.find((p) => p.name === 'draft-basis')!.person })
  for (const [step, list] of [['basis', '#f-instrument-id'], ['offence', '#f-offences-0-category']] as const) {
    await writer.go(`${pages.find((p) => p.name === 'draft-basis')!.path.split('?')[0]}?step=${step}`)
    await writer.page.locator(`${list} option`).nth(20).waitFor({ state: 'attached' })
    const options = (await writer.page.locator(`${list} option`).allInnerTexts())
    assert.deepEqual(options.filter((text) => !arabic.test(text)), [], step)
  }
  await writer.context.close()
})

test('Texts 40 % longer fit on every page, narrow and wide', async () => {
  const found: string[] = []
  await each({ language: 'xx' }, async (v, shown) => {
    for (const width of [1280, 390]) {
      await v.page.setViewportSize({ width, height: 900 })
      await v.page.evaluate(() => new Promise<void>((laid) => requestAnimationFrame(() => requestAnimationFrame(() => laid()))))
      for (const line of await sticksOut(v.page)) found.push(`${shown.name} ${width}: ${line}`)
    }
  })
  assert.deepEqual(found, [])
})

test('T42 A payload in every free text of every answer stays text: nothing runs, nothing is fetched', async () => {
  await each({ payload: true }, async (v, shown) => {
    assert.equal(await v.page.evaluate(() => (globalThis as any).ran), undefined, shown.name)
    assert.equal(await v.page.locator('iframe, img, main script, main style, [onerror], [onload], a[href^="javascript"]').count(), 0, shown.name)
  })
})
