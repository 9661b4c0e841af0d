// What people do again and again in a case on real nodes, by keyboard.
import type { Locator, Page } from 'playwright-core'
import { settled } from '../support/browser.ts'
import { choose, fill, type Fields } from '../support/fill.ts'
import { press, reach, write } from '../support/keyboard.ts'
import type { Schema } from '../../src/lib/schema.ts'
import { example, sign, until, type Someone } from './world.ts'

export const without = (fields: Fields, ...names: string[]): Fields => Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)))

export const payload = '<img src=x onerror=globalThis.ran=1>'
const payloads = [
  payload, '"><svg onload=globalThis.ran=1>', '<script>globalThis.ran=1</script>', "'-globalThis.ran=1-'", 'javascript:globalThis.ran=1', '{{constructor.constructor("globalThis.ran=1")()}}',
  '</textarea><iframe srcdoc="<script>top.ran=1</script>">', '<a href="javascript:globalThis.ran=1" autofocus onfocus=globalThis.ran=1>', '<style>@import "https://elsewhere.example/"</style>', '<math><mtext></form><form><mglyph><style></math><img src onerror=globalThis.ran=1>',
]

/** The same fields with something hostile in every free text that has room for it. */
export function hostile(schema: Schema, value: unknown, turn = { n: 0 }): unknown {
  if (Array.isArray(value)) return value.map((item) => hostile(schema.items ?? {}, item, turn))
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, schema.properties?.[name] && name !== 'grid' ? hostile(schema.properties[name]!, inner, turn) : inner]))
  if (typeof value !== 'string' || schema.enum || schema.pattern || schema.format || schema.const) return value
  const text = `${value} ${payloads[turn.n++ % payloads.length]}`
  return text.length <= (schema.maxLength ?? Infinity) ? text : value
}

/** The case as a person has it, once an act (or the case itself) has come to their node. */
export const opened = async (someone: Someone, id: string, act?: string, what = act ?? 'the case') =>
  until(someone, `/cases/${id}`, async (page) => (await page.locator(act ? `.act-buttons a[href$="/${act}"]` : '.timeline > li').count()) > 0, what)

/** An act by its form in the case. */
export async function perform(someone: Someone, id: string, act: string, fields: Fields, title: string): Promise<void> {
  await opened(someone, id, `act/${act}`)
  await press(someone.page, someone.page.locator(`.act-buttons a[href$="/act/${act}"]`))
  await someone.page.waitForURL(new RegExp(`/act/${act}$`))
  await settled(someone.page)
  await fill(someone.page, fields)
  await sign(someone, title)
}

/** The case in a person's worklist, with what they owe in it, and into it. */
export async function fromWorklist(someone: Someone, reference: string, owed?: string): Promise<void> {
  const { page } = someone
  await until(someone, '/work', async (page) => (await page.locator('tr', { hasText: reference }).filter({ hasText: owed ?? reference }).count()) > 0, `${reference}${owed ? `, ${owed}` : ''} in the worklist`)
  await press(page, page.locator('tr', { hasText: reference }).locator('a.case-link'))
  await page.waitForURL(/\/cases\/[^/]+$/)
  await settled(page)
}

/** Chooses a file as the keyboard does. */
export async function give(page: Page, input: Locator, file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
  await settled(page)
  await reach(page, input)
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Space')])
  await chooser.setFiles(file)
}

/** Which route a request takes, and what its form is asked with. */
export interface Route {
  procedure: 'mla' | 'emergency' | 'extraordinary'
  third?: string
}

/** Begins a draft: to whom it goes, by which route. Gives its id. */
export async function begin(someone: Someone, { procedure, third }: Route): Promise<string> {
  const { page } = someone
  await someone.page.goto(`${new URL(page.url()).origin}/drafts/new`)
  await settled(page)
  await page.locator('select').first().waitFor()
  if (procedure !== 'mla') {
    await reach(page, page.locator('#procedure-mla'))
    for (let i = 0; i < 3 && !(await page.locator(`#procedure-${procedure}`).isChecked()); i++) await page.keyboard.press('ArrowDown')
  }
  const lists = await page.locator('form select').evaluateAll((all) => all.map((e) => e.id))
  await choose(page, `[id="${lists[0]}"]`, 'borealis-authority')
  await choose(page, `[id="${lists[1]}"]`, 'nimbus-mail')
  await choose(page, `[id="${lists[2]}"]`, 'access')
  if (third) await choose(page, `[id="${lists[3]}"]`, third)
  await someone.look(`new draft, ${procedure}`)
  await press(page, page.getByRole('button', { name: 'Begin' }))
  await page.waitForURL(/\/drafts\/(?!new)[^/]+$/)
  await settled(page)
  return decodeURIComponent(new URL(page.url()).pathname.split('/')[2]!)
}

/**
 * A request whose common part a colleague of the office has saved already; what makes it one of its
 * route is typed at `step`. Signed, it is a case: gives its id.
 */
export async function request(someone: Someone, route: Route, fields: Fields, step: string, typed: string[]): Promise<string> {
  const { page } = someone
  const draft = await begin(someone, route)
  await page.evaluate(async ({ draft, fields }) => {
    const got = await fetch(`/api/v1/drafts/${draft}`)
    const { opening } = await got.json()
    const put = await fetch(`/api/v1/drafts/${draft}`, { method: 'PUT', headers: { 'Content-Type': 'application/json', 'If-Match': got.headers.get('ETag')! }, body: JSON.stringify({ opening, fields }) })
    if (!put.ok) throw new Error(await put.text())
  }, { draft, fields: without(fields, ...typed, 'accurate') })
  await page.goto(`${new URL(page.url()).origin}/drafts/${draft}?step=${step}`)
  await settled(page)
  await page.locator('form h2').first().waitFor()
  await fill(page, Object.fromEntries(typed.map((name) => [name, fields[name]])))
  await someone.look(`draft, ${step}`)
  await page.getByText(/^Saved /).first().waitFor()
  await press(page, page.locator('.step-list a[href*="step=check"]'))
  await page.locator('#f-accurate').waitFor()
  await press(page, page.locator('#f-accurate'), 'Space')
  await sign(someone, `the request, ${route.procedure}`)
  return decodeURIComponent(new URL(page.url()).pathname.split('/')[2]!)
}

/** The judge's page: reads back what the grid says, gives the reasons, signs. */
export async function authorise(someone: Someone, id: string, { name = 'authorise', button = 'Grant', before, more }: { name?: string; button?: string; before?: () => Promise<void>; more?: Fields } = {}): Promise<void> {
  const { page } = someone
  await opened(someone, id, 'judge')
  await press(page, page.locator('a[href$="/judge"]'))
  await page.waitForURL(/\/judge$/)
  await settled(page)
  await someone.look('judge')
  await before?.()
  const asked = await page.locator('[id^="f-findings-"][id$="-reasons"]').count()
  for (let i = 0; i < asked; i++) await write(page, page.locator(`#f-findings-${i}-reasons`), 'I have read the file and the law of both countries; nothing stands against it.')
  const { provider_order, ...fields } = { ...without(example(name), 'request', 'grid', 'decision', 'read_back', 'findings'), ...more } as Fields & { provider_order?: Fields }
  await fill(page, provider_order ? { ...fields, provider_order: without(provider_order, 'grid') } : fields)
  const left = /(\d+) of \d+ rows? left/.exec(await page.locator('main').innerText())![1]!
  await write(page, page.locator('#read-rows'), left)
  await choose(page, `[id="${await page.getByLabel('What is the most intrusive category').getAttribute('id')}"]`, 'access')
  await sign(someone, 'the authorisation', button)
}

/** At who receives them: so many items of a production have arrived, each of which may pass. They come in no order. */
export const arrived = (items: number) => async (page: Page): Promise<boolean> => (await page.locator('[id^="item-"][id$="-pass"]:enabled').count()) === items

/** The provider's page: a file for each of these rows, and for each other row that nothing is held. */
export async function produce(someone: Someone, files: { row: number; name: string; mimeType: string; buffer: Buffer }[]): Promise<void> {
  const { page } = someone
  for (const [i, { row, ...file }] of files.entries()) {
    await give(page, page.locator(`#files-${row}`), file)
    await page.waitForFunction((n) => document.querySelectorAll('.upload .tag-good').length > n, i)
  }
  await fill(page, without(example('produce'), 'manifest', 'rows'))
  const rows = await page.locator('select[id^="result-"]').count()
  for (let i = 0; i < rows; i++) if (!files.some(({ row }) => row === i)) await choose(page, `#result-${i}`, 'none')
  await sign(someone, 'the production')
}
